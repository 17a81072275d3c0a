/* Written by `make headers` from src/capi/classobject*.rs. */
