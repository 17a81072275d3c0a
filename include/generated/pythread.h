/* Written by `make headers` from src/capi/pythread*.rs. */
