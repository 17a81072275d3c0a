/* Written by `make headers` from src/capi/pystate.rs. */
