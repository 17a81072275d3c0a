//! Process, interpreter, thread, the error indicator, life cycle.
//!
//! * [`tls`]         the current thread state: one load
//! * [`thread`]      a thread in an interpreter: the indicator, depth, the stack's limit
//! * [`interpreter`] what an interpreter owns: heap, collector, modules, interned strings
//! * [`error`]       raising, matching, taking: the indicator may hold what is not built yet
//! * [`boundary`]    a `Result` becomes C's return value
//! * [`lifecycle`]   starting and ending
//! * [`warnings`]    what is warned of, and what becomes of it

pub mod boundary;
pub mod error;
pub mod interpreter;
pub mod lifecycle;
pub mod thread;
pub mod tls;
pub mod warnings;

pub use boundary::{CReturn, boundary, boundary_or};
pub use interpreter::Interpreter;
pub use thread::ThreadState;
