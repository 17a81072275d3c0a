/* Written by `make headers` from src/capi/methodobject*.rs. */
