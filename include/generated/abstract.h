/* Written by `make headers` from src/capi/abstract.rs. */
