/* Written by `make headers` from src/capi/critical_section*.rs. */
