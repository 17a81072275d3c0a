/* Written by `make headers` from src/capi/traceback*.rs. */
