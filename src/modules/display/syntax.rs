//! `SyntaxError`: the line of source that is wrong, with the wrong part marked.

use core::fmt::Write;

use super::lines;
use crate::object::{Object, ObjectCell};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::exceptions::{BaseException, SYNTAX_ERROR, syntax_error::SyntaxError};
use crate::types::{Int, Str, singletons};

/// How a `SyntaxError` is shown; `None` for any other exception.
pub fn text(ts: &ThreadState, exception: &BaseException) -> Option<String> {
    if !exception.ty().is_subtype_of(&SYNTAX_ERROR) {
        return None;
    }
    // SAFETY: the type's instances, and its subtypes', have the layout.
    let this = unsafe { exception.cast::<SyntaxError>() };
    let shown = |field: &core::cell::Cell<*mut _>| {
        let value = ObjectCell::load(field).filter(|value| !singletons::is_none(&**value))?;
        Some(lines::safe(ts, "value", "str", object::str(ts, &value)))
    };
    let (mut out, mut suffix) = (String::new(), String::new());
    match (shown(&this.lineno), shown(&this.filename)) {
        (Some(line), file) => {
            let _ = writeln!(out, "  File \"{}\", line {line}", file.as_deref().unwrap_or("<string>"));
            push_source(&mut out, this);
        }
        (None, Some(file)) => suffix = format!(" ({file})"),
        (None, None) => {}
    }
    let message = shown(&this.msg).unwrap_or_else(|| "<no detail available>".to_owned());
    let name = lines::type_name(ts, exception);
    let _ = writeln!(out, "{name}: {message}{suffix}");
    Some(out)
}

/// The source line without its indentation, and under it the marks.
fn push_source(out: &mut String, this: &SyntaxError) {
    let Some(text) = this.text.load() else { return };
    let Some(text) = text.downcast::<Str>() else { return };
    let text = text.to_string();
    let whole = text.trim_end_matches('\n');
    let line = whole.trim_start_matches([' ', '\n', '\x0c']);
    let _ = writeln!(out, "    {line}");
    let Some(mut offset) = number(this.offset.peek()) else { return };
    let indent = (whole.chars().count() - line.chars().count()) as i64;
    let length = text.chars().count() as i64;
    let one_line = match (this.lineno.peek(), this.end_lineno.peek()) {
        (Some(first), Some(last)) => number(Some(first)) == number(Some(last)),
        _ => false,
    };
    let mut end = match number(this.end_offset.peek()) {
        _ if !one_line => whole.chars().count() as i64 + 1,
        None | Some(0) => offset,
        Some(end) => end,
    };
    if length > 0 && offset > length {
        offset = length + 1;
        end = end.min(offset);
    }
    let (first, behind) = (offset - 1 - indent, end.max(offset + 1) - 1 - indent);
    if let Ok(before) = usize::try_from(first) {
        let space = " ".repeat(before.min(line.chars().count()));
        let _ = writeln!(out, "    {space}{}", "^".repeat((behind - first) as usize));
    }
}

fn number(value: Option<&Object>) -> Option<i64> {
    value.and_then(|value| value.downcast::<Int>()).and_then(Int::to_i64)
}
