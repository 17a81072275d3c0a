/* Written by `make headers` from src/capi/objimpl.rs. */
