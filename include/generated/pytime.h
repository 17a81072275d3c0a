/* Written by `make headers` from src/capi/pytime*.rs. */
