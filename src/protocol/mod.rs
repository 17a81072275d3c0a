//! What works on any object.
//!
//! * [`object`]  repr, str, hash, truth, comparison, attributes
//! * [`call`]    calls, with and without keywords
//! * [`args`]    the arguments of a call and binding them
//! * [`buffer`]  views of an object's memory
//! * [`compare`] the six comparisons
//! * [`convert`] int and float of any object
//! * [`isinstance`] isinstance and issubclass
//! * [`number`]  operators and indexes
//! * [`sequence`] sequences, mappings, subscripts, iteration
//! * [`suggest`] "Did you mean"
//! * [`struct_size`] sizes of struct formats
//! * [`view`]    views of memory as C passes them around

pub mod args;
pub mod buffer;
pub mod call;
pub mod compare;
pub mod convert;
pub mod isinstance;
pub mod number;
pub mod object;
pub mod sequence;
pub mod struct_size;
pub mod suggest;
pub mod view;
