/* Written by `make headers` from src/capi/sysmodule*.rs. */
