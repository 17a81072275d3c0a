/* Written by `make headers` from src/capi/bytesobject*.rs. */
