/* Written by `make headers` from src/capi/intrcheck*.rs. */
