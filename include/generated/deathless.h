/* Written by `make headers` from src/capi/deathless*.rs. */
