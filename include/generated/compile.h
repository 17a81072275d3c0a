/* Written by `make headers` from src/capi/compile*.rs. */
