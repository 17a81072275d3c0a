/* Written by `make headers` from src/capi/ceval.rs. */
