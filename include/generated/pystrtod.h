/* Written by `make headers` from src/capi/pystrtod*.rs. */
