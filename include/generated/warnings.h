/* Written by `make headers` from src/capi/warnings*.rs. */
