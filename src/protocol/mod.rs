//! What works on any object.
//!
//! * [`object`]  repr, str, hash, truth, comparison, attributes
//! * [`call`]    calls, with and without keywords
//! * [`args`]    the arguments of a call and binding them
//! * [`buffer`]  asking for an object's memory, and giving it back
//! * [`compare`] the six comparisons
//! * [`convert`] int and float of any object
//! * [`isinstance`] isinstance and issubclass
//! * [`number`]  operators and indexes
//! * [`sequence`] sequences, mappings, subscripts, iteration
//! * [`suggest`] "Did you mean"
//! * [`struct_format`] formats of the module struct
//! * [`view`]    what lies where in such memory

pub mod args;
pub mod buffer;
pub mod call;
pub mod compare;
pub mod convert;
pub mod isinstance;
pub mod number;
pub mod object;
pub mod sequence;
pub mod struct_format;
pub mod suggest;
pub mod view;
