/* Written by `make headers` from src/capi/rangeobject*.rs. */
