/* Written by `make headers` from src/capi/longobject*.rs. */
