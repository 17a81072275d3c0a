/* Written by `make headers` from src/capi/import*.rs. */
