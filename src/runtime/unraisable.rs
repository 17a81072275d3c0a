//! Exceptions that nobody can be told of: raised in a destructor, or where C's function cannot fail.
//!
//! They are handed to the interpreter's hook, which `modules` sets: it knows `sys.unraisablehook` and `sys.stderr`.

use super::ThreadState;
use crate::object::{Object, Owned};
use crate::types::exceptions::BaseException;

/// An exception with what is known about where it was raised.
pub struct Unraisable<'a> {
    pub exception: Owned<BaseException>,
    /// The text that comes before the object and a colon, `Exception ignored while …`; `Exception ignored in` without.
    pub message: Option<&'a str>,
    pub object: Option<&'a Object>,
}

/// What prints it.
pub type Hook = fn(&ThreadState, Unraisable<'_>);

/// Reports the exception that is set, with what it was raised in, and clears it.
pub fn report(ts: &ThreadState, raised_in: Option<&Object>) {
    tell(ts, None, raised_in);
}

/// The same, with what was being done.
pub fn report_while(ts: &ThreadState, doing: &str, object: Option<&Object>) {
    report_saying(ts, &format!("Exception ignored while {doing}"), object);
}

/// The same in words of one's own.
pub fn report_saying(ts: &ThreadState, message: &str, object: Option<&Object>) {
    tell(ts, Some(message), object);
}

fn tell(ts: &ThreadState, message: Option<&str>, object: Option<&Object>) {
    let Some(exception) = ts.take_raised() else { return };
    (ts.interp().unraisable_hook)(ts, Unraisable { exception, message, object });
    ts.error.clear();
}
