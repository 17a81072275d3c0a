/* Written by `make headers` from src/capi/complexobject*.rs. */
