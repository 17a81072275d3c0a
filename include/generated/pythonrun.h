/* Written by `make headers` from src/capi/pythonrun*.rs. */
