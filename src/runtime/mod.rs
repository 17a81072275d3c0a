//! Process, interpreter, thread, the error indicator, life cycle.
//!
//! * [`config`]      what an interpreter is started with
//! * [`gil`]         an interpreter's lock, attaching and detaching
//! * [`pending`]     calls that other threads ask for
//! * [`signals`]     SIGINT and its like
//! * [`tls`]         the current thread state: one load
//! * [`thread`]      a thread in an interpreter: the indicator, depth, the stack's limit
//! * [`interpreter`] what an interpreter owns: heap, collector, modules, interned strings
//! * [`guard`]       what keeps an interpreter from ending, and attaching to it from anywhere
//! * [`interpreters`] all of them: making and ending
//! * [`error`]       raising, matching, taking: the indicator may hold what is not built yet
//! * [`boundary`]    a `Result` becomes C's return value
//! * [`ledger`]      the books of what extension modules hold, in a build with that feature
//! * [`unraisable`] exceptions that nobody can be told of
//! * [`lifecycle`]   starting and ending
//! * [`site`]        what code is at an address
//! * [`settings`]    what was set before the start
//! * [`version`]     what the runtime says it is

pub mod boundary;
pub mod config;
pub mod error;
pub mod gil;
pub mod guard;
pub mod interpreter;
pub mod ledger;

pub mod interpreters;
pub mod lifecycle;
pub mod pending;
pub mod settings;
pub mod signals;
pub mod site;
pub mod thread;
pub mod tls;
pub mod unraisable;
pub mod version;

pub use boundary::{CReturn, Lent, Passed, boundary, boundary_or, rest};
pub use interpreter::Interpreter;
pub use thread::ThreadState;
