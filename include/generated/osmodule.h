/* Written by `make headers` from src/capi/osmodule*.rs. */
