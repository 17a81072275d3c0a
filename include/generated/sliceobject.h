/* Written by `make headers` from src/capi/sliceobject.rs. */
