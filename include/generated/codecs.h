/* Written by `make headers` from src/capi/codecs*.rs. */
