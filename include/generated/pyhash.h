/* Written by `make headers` from src/capi/pyhash*.rs. */
