/* Written by `make headers` from src/capi/listobject.rs. */
