//! int: the object layer stands on [`digits`], which knows digits only.

pub mod digits;
