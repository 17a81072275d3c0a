/* Written by `make headers` from src/capi/pyframe*.rs. */
