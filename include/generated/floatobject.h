/* Written by `make headers` from src/capi/floatobject*.rs. */
