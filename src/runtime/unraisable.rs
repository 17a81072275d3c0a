//! Exceptions that nobody can be told of: raised in a destructor, or where C's function cannot fail.

use super::ThreadState;
use crate::object::Object;
use crate::protocol::object;

/// Prints the exception that is set to stderr, with what it was raised in, and clears it.
pub fn report(ts: &ThreadState, raised_in: Option<&Object>) {
    let Some(exception) = ts.take_raised() else { return };
    let place = raised_in.map(|o| match object::repr(ts, o) {
        Ok(text) => format!(" in: {text}"),
        Err(_raised) => {
            ts.error.clear();
            " in: <object repr() failed>".to_owned()
        }
    });
    let message = match object::str(ts, &exception) {
        Ok(text) if text.is_empty() => String::new(),
        Ok(text) => format!(": {text}"),
        Err(_raised) => {
            ts.error.clear();
            ": <exception str() failed>".to_owned()
        }
    };
    eprintln!("Exception ignored{}\n{}{message}", place.unwrap_or_default(), exception.ty().short_name());
}
