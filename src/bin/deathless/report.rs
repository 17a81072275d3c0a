//! Values and exceptions as text, in the words of CPython's interpreter.

use crate::object::{Fault, Obj, Outcome};
use crate::runtime::api;

/// The text of a `str`; lone surrogates come out as `\udc80`, since a terminal
/// cannot show them.
pub fn text(object: &Obj) -> Outcome<String> {
    let mut size = 0;
    match api().PyUnicode_AsUTF8AndSize(object, &raw mut size) {
        Ok(chars) => {
            // SAFETY: the runtime answered with `size` bytes that live as long as `object`.
            let bytes = unsafe { std::slice::from_raw_parts(chars.0.cast::<u8>(), size as usize) };
            Ok(String::from_utf8_lossy(bytes).into_owned())
        }
        Err(Fault::Raised) => {
            api().PyErr_Clear()?;
            by_character(object)
        }
        Err(fault) => Err(fault),
    }
}

fn by_character(object: &Obj) -> Outcome<String> {
    let length = api().PyUnicode_GetLength(object)?;
    let mut out = String::new();
    for index in 0..length {
        let code = api().PyUnicode_ReadChar(object, index)?;
        match char::from_u32(code) {
            Some(character) => out.push(character),
            None => out.push_str(&format!("\\u{code:04x}")),
        }
    }
    Ok(out)
}

/// The text as JSON has it.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '.. => out.push(character),
            control => out.push_str(&format!("\\u{:04x}", control as u32)),
        }
    }
    out.push('"');
    out
}

/// `repr(object)`
pub fn repr(object: &Obj) -> Outcome<String> {
    text(&api().PyObject_Repr(object)?)
}

/// `str(object)`
pub fn str(object: &Obj) -> Outcome<String> {
    text(&api().PyObject_Str(object)?)
}

/// Why something did not work, in the form that the user sees. An exception is
/// taken from the error indicator, which is clear afterwards.
pub fn describe(fault: Fault) -> String {
    describe_by(fault, exception_lines)
}

/// The same; an exception with its traceback, if it has one.
pub fn describe_in_full(fault: Fault) -> String {
    describe_by(fault, |exception| {
        let mut lines = traceback_lines(exception)?;
        lines.append(&mut exception_lines(exception)?);
        Ok(lines)
    })
}

fn describe_by(fault: Fault, lines: impl FnOnce(&Obj) -> Outcome<Vec<String>>) -> String {
    let Fault::Raised = fault else { return fault.sentence() };
    match api().take_raised().and_then(|exception| exception.map(|e| lines(&e)).transpose()) {
        Ok(Some(lines)) => lines.join("\n"),
        Ok(None) => "an error was reported, but no exception is set".to_owned(),
        Err(fault) => format!("an exception that cannot be shown: {}", fault.sentence()),
    }
}

/// The traceback as the runtime itself prints it, to an object that keeps what
/// it is given.
fn traceback_lines(exception: &Obj) -> Outcome<Vec<String>> {
    let Some(traceback) = api().PyException_GetTraceback(exception)? else { return Ok(Vec::new()) };
    let namespace = api().attribute(&api().PyImport_ImportModule(c"types")?, c"SimpleNamespace")?;
    let file = api().PyObject_Call(&namespace, &api().PyTuple_New(0)?, None)?;
    let pieces = api().PyList_New(0)?;
    let append = api().attribute(&pieces, c"append")?;
    api().PyObject_SetAttr(&file, &api().PyUnicode_InternFromString(c"write")?, Some(&append))?;
    api().PyTraceBack_Print(&traceback, &file)?;
    let empty = api().PyUnicode_InternFromString(c"")?;
    let whole = text(&api().PyUnicode_Join(&empty, &pieces)?)?;
    Ok(whole.lines().map(str::to_owned).collect())
}

/// `Type: message` and the notes, as the end of a traceback has them.
fn exception_lines(exception: &Obj) -> Outcome<Vec<String>> {
    let mut first = type_name(&api().PyObject_Type(exception)?)?;
    let message = recover(str(exception))?;
    match message.as_deref() {
        Some("") => {}
        Some(message) => first = format!("{first}: {message}"),
        None => first.push_str(": <exception str() failed>"),
    }
    let mut lines = vec![first];
    add_notes(exception, &mut lines)?;
    Ok(lines)
}

/// The name of a type with its module, unless that is `builtins`.
pub fn type_name(class: &Obj) -> Outcome<String> {
    let name = text(&api().attribute(class, c"__qualname__")?)?;
    let module = recover(api().attribute(class, c"__module__").and_then(|m| text(&m)))?;
    Ok(match module.as_deref() {
        Some("builtins" | "__main__") => name,
        Some(module) => format!("{module}.{name}"),
        None => format!("<unknown>.{name}"),
    })
}

fn add_notes(exception: &Obj, lines: &mut Vec<String>) -> Outcome<()> {
    let notes = match recover(api().attribute(exception, c"__notes__"))? {
        Some(notes) if !notes.is(&api().constant("_Py_NoneStruct")?) => notes,
        _ => return Ok(()),
    };
    if !is_note_sequence(&notes)? {
        lines.push(recover(repr(&notes))?.unwrap_or_else(|| "<__notes__ repr() failed>".to_owned()));
        return Ok(());
    }
    let iterator = api().PyObject_GetIter(&notes)?;
    while let Some(note) = api().PyIter_Next(&iterator)? {
        let shown = recover(str(&note))?.unwrap_or_else(|| "<note str() failed>".to_owned());
        lines.extend(shown.split('\n').map(str::to_owned));
    }
    Ok(())
}

fn is_note_sequence(notes: &Obj) -> Outcome<bool> {
    let class = type_name(&api().PyObject_Type(notes)?)?;
    Ok(matches!(class.as_str(), "list" | "tuple"))
}

/// `None` for an exception, which is cleared.
fn recover<T>(outcome: Outcome<T>) -> Outcome<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Fault::Raised) => {
            api().PyErr_Clear()?;
            Ok(None)
        }
        Err(fault) => Err(fault),
    }
}
