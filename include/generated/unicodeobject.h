/* Written by `make headers` from src/capi/unicodeobject*.rs. */
