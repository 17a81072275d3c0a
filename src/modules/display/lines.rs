//! What an exception is, in words: its last line, and its notes.

use crate::object::{Object, Owned, Result};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::exceptions::BaseException;
use crate::types::{List, Str, Tuple, identifiers as id, singletons};

/// `ValueError: message`, with the type's module unless it is a built-in one.
pub fn last(ts: &ThreadState, exception: &BaseException) -> String {
    let name = type_name(ts, exception);
    match safe(ts, "exception", "str", object::str(ts, exception)) {
        text if text.is_empty() => name,
        text => format!("{name}: {text}"),
    }
}

/// A text that something was asked for, or words for its failing.
pub fn safe(ts: &ThreadState, what: &str, how: &str, text: Result<Owned<Str>>) -> String {
    match text {
        Ok(text) => text.to_string(),
        Err(_raised) => {
            ts.error.clear();
            format!("<{what} {how}() failed>")
        }
    }
}

pub fn type_name(ts: &ThreadState, exception: &Object) -> String {
    let part = |name| match object::getattr(ts, exception.ty(), name) {
        Ok(value) => value.downcast::<Str>().map(|s| s.to_string()),
        Err(_raised) => {
            ts.error.clear();
            None
        }
    };
    let name = part(&id::__qualname__).unwrap_or_else(|| exception.ty().short_name().to_owned());
    match part(&id::__module__).as_deref() {
        Some("builtins" | "__main__") => name,
        module => format!("{}.{name}", module.unwrap_or("<unknown>")),
    }
}

/// The notes, a line or more each.
pub fn notes(ts: &ThreadState, exception: &BaseException) -> String {
    let notes = match object::find_attr(ts, exception, &id::__notes__) {
        Ok(notes) => notes.filter(|notes| !singletons::is_none(&**notes)),
        Err(_raised) => {
            let error = ts.take_raised();
            let error = error.map_or_else(String::new, |e| safe(ts, "__notes__", "repr", object::repr(ts, &e)));
            return format!("Ignored error getting __notes__: {error}\n");
        }
    };
    let Some(notes) = notes else { return String::new() };
    let items = match (notes.downcast::<List>(), notes.downcast::<Tuple>()) {
        (Some(list), _) => list.as_slice().iter().map(|note| Owned::new(*note)).collect(),
        (_, Some(tuple)) => tuple.as_slice().iter().map(|note| Owned::new(*note)).collect(),
        _ => {
            let text = safe(ts, "__notes__", "repr", object::repr(ts, &notes));
            return format!("{text}\n");
        }
    };
    let items: Vec<Owned<Object>> = items;
    items.iter().map(|note| format!("{}\n", safe(ts, "note", "str", object::str(ts, note)))).collect()
}
