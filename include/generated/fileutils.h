/* Written by `make headers` from src/capi/fileutils*.rs. */
