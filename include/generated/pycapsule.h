/* Written by `make headers` from src/capi/pycapsule*.rs. */
