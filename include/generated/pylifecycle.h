/* Written by `make headers` from src/capi/pylifecycle.rs. */
