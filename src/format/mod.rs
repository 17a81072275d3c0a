//! The format-string engines.
//!
//! * [`va`]          the arguments behind `...`
//! * [`cursor`]      a place in a format string
//! * [`args`]        `PyArg_Parse*`: Python arguments into C variables
//! * [`build_value`] `Py_BuildValue`: C values into objects
//! * [`printf`]      `PyUnicode_FromFormat` and its kin: C values into text

pub mod args;
pub mod build_value;
pub mod cursor;
pub mod printf;
pub mod va;
