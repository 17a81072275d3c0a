/* Written by `make headers` from src/capi/fileobject*.rs. */
