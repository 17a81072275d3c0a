/* Written by `make headers` from src/capi/pystrcmp*.rs. */
