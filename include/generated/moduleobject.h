/* Written by `make headers` from src/capi/moduleobject*.rs. */
