/* Written by `make headers` from src/capi/iterobject.rs. */
