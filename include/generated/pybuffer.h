/* Written by `make headers` from src/capi/pybuffer*.rs. */
