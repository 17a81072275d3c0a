/* Written by `make headers` from src/capi/descrobject*.rs. */
