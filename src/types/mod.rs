//! types

pub mod text;
