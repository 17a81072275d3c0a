/* Written by `make headers` from src/capi/initconfig*.rs. */
