/* Written by `make headers` from src/capi/genericaliasobject*.rs. */
