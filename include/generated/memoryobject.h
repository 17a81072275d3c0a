/* Written by `make headers` from src/capi/memoryobject*.rs. */
