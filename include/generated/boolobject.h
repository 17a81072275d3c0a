/* Written by `make headers` from src/capi/boolobject*.rs. */
