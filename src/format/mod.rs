//! The format-string engines.
//!
//! * [`va`]          the arguments behind `...`
//! * [`cursor`]      a place in a format string
//! * [`args`]        `PyArg_Parse*`: Python arguments into C variables
//! * [`build_value`] `Py_BuildValue`: C values into objects
//! * [`printf`]      `PyUnicode_FromFormat` and its kin: C values into text
//! * [`c_integer`] text into C's integers
//! * [`percent`]     the conversions of the `%` operator
//! * [`spec`]        format specs
//! * [`float_text`], [`float_parse`], [`float_arith`]: floats to and from text, and in hexadecimal

pub mod args;
pub mod build_value;
pub mod c_integer;
pub mod cursor;
pub mod float_arith;
pub mod float_parse;
pub mod float_text;
pub mod percent;
pub mod printf;
pub mod spec;
pub mod va;
