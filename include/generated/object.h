/* Written by `make headers` from src/capi/object.rs. */
