/* Written by `make headers` from src/capi/setobject*.rs. */
