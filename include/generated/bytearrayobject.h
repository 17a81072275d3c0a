/* Written by `make headers` from src/capi/bytearrayobject*.rs. */
