//! `deathless eval`: expressions, evaluated one by one through the C API.
//!
//! A tree walker that asks the runtime for every operation, in the order in
//! which CPython's own code would, so that the same line on two runtimes tells
//! them apart. The one namespace lives here; `source.rs` parses, `expr.rs`,
//! `literal.rs`, `call.rs` and `statement.rs` walk.

mod call;
mod expr;
mod literal;
mod source;
mod statement;

pub use source::calls_within;

use std::collections::HashMap;
use std::ffi::CString;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::args::{Eval, Input};
use crate::object::{Fault, Obj, Outcome, Peeked};
use crate::runtime::{self, api};
use crate::{FAILED, module, report};

/// How deep an expression may nest.
const MAX_DEPTH: usize = 1000;

/// The names that are in reach, and the constants that have no name.
pub struct Scope {
    names: HashMap<String, Obj>,
    builtins: Option<Obj>,
}

/// One line being evaluated.
struct Line<'a> {
    scope: &'a mut Scope,
    source: &'a str,
}

pub fn command(options: &Eval) -> Result<ExitCode, String> {
    runtime::open(options.runtime.as_deref())?;
    runtime::start()?;
    let code = in_runtime(options);
    runtime::stop();
    code
}

/// All handles die in here, before the runtime ends.
fn in_runtime(options: &Eval) -> Result<ExitCode, String> {
    let mut scope = Scope::new(module::load_all(&options.modules)?);
    match &options.input {
        Input::Expression(source) => Ok(scope.run_once(source)),
        Input::File(path) => scope.run_file(path),
    }
}

impl Scope {
    pub fn new(names: impl IntoIterator<Item = (String, Obj)>) -> Scope {
        Scope { names: names.into_iter().collect(), builtins: None }
    }

    /// Prints the value of every expression statement, up to the first error.
    fn run_once(&mut self, source: &str) -> ExitCode {
        let mut print = |value: String| println!("{value}");
        match self.run(source, &mut print) {
            Ok(()) => ExitCode::SUCCESS,
            Err(fault) => {
                println!("{}", report::describe_in_full(fault));
                ExitCode::from(FAILED)
            }
        }
    }

    /// Answers each line of the file with one line; blank lines and comments
    /// with none. Of several statements on a line the last one is answered.
    fn run_file(&mut self, path: &Path) -> Result<ExitCode, String> {
        let mut reader = open(path)?;
        let mut bytes = Vec::new();
        let mut stdout = io::stdout().lock();
        loop {
            bytes.clear();
            let read = reader.read_until(b'\n', &mut bytes);
            if read.map_err(|error| format!("{}: {error}", path.display()))? == 0 {
                return Ok(ExitCode::SUCCESS);
            }
            let Ok(source) = str::from_utf8(&bytes) else {
                answer(&mut stdout, "SyntaxError: the line is not UTF-8")?;
                continue;
            };
            let source = source.trim();
            if source.is_empty() || source.starts_with('#') {
                continue;
            }
            let text = self.last_answer(source);
            answer(&mut stdout, &text)?;
        }
    }

    /// What the last statement answers: a repr, an exception, or `ok`.
    pub fn last_answer(&mut self, source: &str) -> String {
        self.last_answer_after(source, || ())
    }

    /// The same; `evaluated` is called before an exception is put into words.
    pub fn last_answer_after(&mut self, source: &str, evaluated: impl FnOnce()) -> String {
        let outcome = self.last_value(source);
        evaluated();
        if outcome.is_ok() && matches!(api().PyErr_Occurred(), Ok(Peeked(Some(_)))) {
            return format!("an exception is set beside a value: {}", report::describe(Fault::Raised));
        }
        outcome.map_or_else(report::describe, |value| value.unwrap_or_else(|| "ok".to_owned()))
    }

    /// The repr of the last value, if the last statement is an expression.
    pub fn last_value(&mut self, source: &str) -> Outcome<Option<String>> {
        let mut last = None;
        self.run_with(source, &mut |value| last = value)?;
        Ok(last)
    }

    fn run(&mut self, source: &str, print: &mut dyn FnMut(String)) -> Outcome<()> {
        self.run_with(source, &mut |value| value.into_iter().for_each(&mut *print))
    }

    /// Runs every statement; `each` gets the repr of an expression's value, or
    /// `None` for another statement.
    fn run_with(&mut self, source: &str, each: &mut dyn FnMut(Option<String>)) -> Outcome<()> {
        let source = source.trim();
        let statements = source::parse(source).map_err(Fault::Unsupported)?;
        let mut line = Line { scope: self, source };
        for statement in &statements {
            let value = line.execute(statement)?;
            each(value.map(|value| report::repr(&value)).transpose()?);
        }
        Ok(())
    }

    fn lookup(&mut self, name: &str) -> Outcome<Obj> {
        if let Some(value) = self.names.get(name) {
            return Ok(value.clone());
        }
        let builtins = match &self.builtins {
            Some(builtins) => builtins,
            None => self.builtins.insert(api().PyImport_ImportModule(c"builtins")?),
        };
        let found = api().PyObject_GetAttr(builtins, &identifier(name)?);
        match found {
            Err(Fault::Raised) if clear_if("PyExc_AttributeError")? => {
                Err(raise("PyExc_NameError", &format!("name '{name}' is not defined"))?)
            }
            found => found,
        }
    }
}

impl Input {
    /// The lines that have an answer.
    pub fn lines(&self) -> Result<Vec<String>, String> {
        let path = match self {
            Input::Expression(source) => return Ok(vec![source.clone()]),
            Input::File(path) => path,
        };
        let lines: io::Result<Vec<String>> = open(path)?.lines().collect();
        let lines = lines.map_err(|error| format!("{}: {error}", path.display()))?;
        let asks = |line: &str| !line.is_empty() && !line.starts_with('#');
        Ok(lines.iter().map(|line| line.trim()).filter(|line| asks(line)).map(str::to_owned).collect())
    }
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, String> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = std::fs::File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("no such file: {}", path.display()),
        _ => format!("{}: {error}", path.display()),
    })?;
    Ok(Box::new(io::BufReader::new(file)))
}

/// One line, whatever the text: a reader counts on it.
fn answer(out: &mut impl Write, text: &str) -> Result<(), String> {
    let line = text.replace('\n', "\\n").replace('\r', "\\r");
    writeln!(out, "{line}").map_err(|error| format!("cannot write: {error}"))
}

fn string(text: &str) -> Outcome<Obj> {
    api().PyUnicode_DecodeUTF8(text.as_ptr().cast(), text.len() as isize, c"strict")
}

/// A name of the source, interned as a compiled one is: method caches keep names.
fn identifier(name: &str) -> Outcome<Obj> {
    let name = CString::new(name).map_err(|_| Fault::Unsupported("a name with a NUL character".to_owned()))?;
    api().PyUnicode_InternFromString(&name)
}

/// Whether the raised exception is of this type; if so, it is cleared.
fn clear_if(kind: &str) -> Outcome<bool> {
    let matches = api().PyErr_ExceptionMatches(&api().exception(kind)?)?;
    if matches {
        api().PyErr_Clear()?;
    }
    Ok(matches)
}

/// Sets the error indicator, and gives the fault to return.
fn raise(kind: &str, message: &str) -> Outcome<Fault> {
    let message = CString::new(message).map_err(|_| Fault::Unsupported("a message with a NUL character".to_owned()))?;
    api().PyErr_SetString(&api().exception(kind)?, &message)?;
    Ok(Fault::Raised)
}

/// The name of an object's type, as C messages have it.
fn type_name(object: &Obj) -> Outcome<String> {
    let class = api().PyObject_Type(object)?;
    report::text(&api().attribute(&class, c"__name__")?)
}
