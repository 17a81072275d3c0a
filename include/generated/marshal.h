/* Written by `make headers` from src/capi/marshal*.rs. */
