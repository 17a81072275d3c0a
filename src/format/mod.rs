//! format

pub mod float_arith;
pub mod float_parse;
pub mod float_text;
pub mod percent;
pub mod spec;
