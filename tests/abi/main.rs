//! The record in `abi/`, checked from all sides against the built library, the
//! headers and the source. One binary, so that it is linked once.

mod generated;
mod headers;
mod record;
mod symbols;
mod walls;
