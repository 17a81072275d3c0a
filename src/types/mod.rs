//! types

pub mod int;
