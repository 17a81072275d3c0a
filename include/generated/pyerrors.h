/* Written by `make headers` from src/capi/pyerrors*.rs. */
