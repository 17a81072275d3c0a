/* Written by `make headers` from src/capi/structseq*.rs. */
