/* Written by `make headers` from src/capi/funcobject*.rs. */
