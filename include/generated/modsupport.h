/* Written by `make headers` from src/capi/modsupport*.rs. */
