//! The format-string engines.
//!
//! None of them knows an object: they read formats and lay out text, and their
//! errors carry CPython's messages. Floats: [`float_text`], [`float_parse`],
//! [`float_arith`]; `format(value, spec)`: [`spec`]; `format % values`: [`percent`].

pub mod float_arith;
pub mod float_parse;
pub mod float_text;
pub mod percent;
pub mod spec;
