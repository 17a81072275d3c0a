//! What str and bytes have in common: kernels over code points, without objects.
//!
//! A text is a slice of 1-, 2- or 4-byte units ([`Chars`]), one unit a code
//! point, lone surrogates allowed; bytes are the 1-byte case. Kernels borrow
//! their input and write to a [`TextBuf`], which begins narrow, widens when it
//! must, and so always ends in the narrowest width that holds its text: what a
//! str requires. Every allocation may fail with [`NoMemory`].
//!
//! `unicode` is the character database, `search` and its neighbours the methods
//! of str, `codec` the encodings.

#[macro_use]
pub mod chars;
pub mod buf;
pub mod bytes;
pub mod case;
pub mod codec;
pub mod hash;
pub mod layout;
pub mod lines;
pub mod names;
pub mod repr;
pub mod search;
pub mod split;
pub mod tables;
pub mod unicode;

pub use buf::{NoMemory, TextBuf};
pub use chars::{Chars, CodeUnit};

#[cfg(test)]
mod recorded_tests;
