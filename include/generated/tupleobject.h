/* Written by `make headers` from src/capi/tupleobject.rs. */
