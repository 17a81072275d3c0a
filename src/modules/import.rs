//! import

#[derive(Default)]
pub struct Imports {}
