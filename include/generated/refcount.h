/* Written by `make headers` from src/capi/refcount.rs. */
