/* Written by `make headers` from src/capi/pymem.rs. */
