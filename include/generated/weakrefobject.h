/* Written by `make headers` from src/capi/weakrefobject*.rs. */
