/* Written by `make headers` from src/capi/dictobject*.rs. */
