//! The command line: what can be asked, and the texts that explain it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use lexopt::prelude::*;

use crate::abi::Version;

pub const HELP: &str = "\
deathless: CPython's C ABI, tried from the command line

Usage: deathless COMMAND [ARGUMENTS]

Commands:
  audit         find the functions of an extension module whose references drift
  eval          evaluate expressions through the C API
  faults        say what becomes of expressions when memory runs out
  immortals     say which objects are immortal
  interpreters  make many interpreters, and work in them with several threads
  run           load an extension module and say what it is
  help          explain a command: deathless help COMMAND

Options:
  -h, --help     this text
  -V, --version  the version

Every command takes --runtime PATH: the library that runs things, for instance
CPython's libpython3.15.so.1.0. By default it is libdeathless.so beside this
program or in ../lib, or the file that DEATHLESS_LIBRARY names.
";

const AUDIT: &str = "\
Find the functions of an extension module that leak references, or give away
references that they do not own

Usage: deathless audit [OPTIONS] --script EXPRESSIONS FILE.so

Runs the expressions many times over on a library that keeps the books of what
the module is given, what is taken from it, and what it counts up and down. Where
the sum of all its functions drifts in every round, the functions that explain it
are named: direction, amount, object, and where the references changed hands,
with source lines where there is debug information. The exit code is then 1.

What the module does on threads of its own, outside of any of its functions, is
told as 'threads of FILE.so', a reference for each thread.

The module need not be built for this: a release binary will do if it calls the
functions that count, as one for limited API 3.12 or later does. One that counts
inline is out of reach.

The library must be built with the ledger: 'make ledger' does so. It is looked
for as libdeathless-ledger.so beside this program and in ../lib.

A function that returns None, True, False or NotImplemented without owning it
does what Py_RETURN_NONE and its like do from limited API 3.12 on, and no file
tells the one from the other. Of a module that cannot be loaded before 3.12, where
these are immortal, it is reported apart and does not count; --for says which
version a module is meant for, and with --for 3.11 it always counts.

Options:
  --script EXPRESSIONS  a file of expressions, one a line ('-' is standard
                        input), or the expressions themselves. The module has
                        its own name in them; exceptions are answers too
  --rounds N            how many rounds count, after a warm-up [10]
  --for X.Y             the lowest version of Python that the module is meant for
  --json                for programs
  -m NAME=FILE.so       load another extension module first; or this one, with
                        another name
  --runtime PATH        the library that keeps the books
  -h, --help            this text
";

const EVAL: &str = "\
Evaluate expressions through the C API and print their values

Usage: deathless eval [OPTIONS] 'EXPRESSION'
       deathless eval [OPTIONS] -f FILE

Prints repr() of each value, nothing for an assignment, and an exception as the
last line of its traceback. After an exception the exit code is 1.

With -f, each line of the file is evaluated on its own, in one namespace, and
answered with one line: the value of its last statement, the exception, or 'ok'
for an assignment. Blank lines and lines that begin with # have no answer.

Options:
  -m NAME=FILE.so  load an extension module first and name it NAME
  -f FILE          evaluate the lines of FILE ('-' is standard input)
  --runtime PATH   the library that evaluates
  -h, --help       this text
";

const FAULTS: &str = "\
Evaluate expressions with each of their allocations refused in turn

Usage: deathless faults [OPTIONS] 'EXPRESSION'
       deathless faults [OPTIONS] -f FILE

Each line must then answer as ever or with MemoryError, and lose nothing. What
does otherwise is printed, crashes included; the exit code is then 1.

Options:
  -m NAME=FILE.so  load an extension module first and name it NAME
  -f FILE          the lines of FILE, one after the other, in one namespace
  --runtime PATH   the library that evaluates; it must be a deathless one
  -h, --help       this text
";

const IMMORTALS: &str = "\
Say which objects are immortal: how many, how many bytes, and how many of those
would have been given back, had they been mortal

Usage: deathless immortals [OPTIONS]

Options:
  --by GROUP      sum up by kind (what they are to the runtime; the default),
                  type, or owner (whose memory they lie in)
  --list          name each object, with its size and where it came from
  --drift         only those whose reference word unbalanced code has changed: by
                  how many references it is off now, and what was healed how often
  --json          for programs
  --walk          make everything that the interpreter holds immortal first
  -m NAME=FILE.so load an extension module first
  --runtime PATH  the library to ask; it must be a deathless one
  -h, --help      this text
";

const INTERPRETERS: &str = "\
Make many interpreters, each with its own GIL, and work in them with several
threads: how long one takes to make and to end, how much memory it needs, and how
much more several threads get done than one

Usage: deathless interpreters [OPTIONS]

Each thread makes its share and works in them in turn. A round of the work makes
numbers, strs, a list and a dict, sorts, looks up and catches an exception. First
one thread works alone, then all do.

Options:
  --count N        how many interpreters [100]
  --threads T      how many threads [2]
  --time SECONDS   how long each of the two measurements takes [1]
  --json           for programs
  --leaks          say what they left behind when they ended, all together
  -m NAME=FILE.so  load an extension module in each of them; one that does not
                   support interpreters with their own GIL is refused
  --runtime PATH   the library that runs them; CPython's can since 3.12
  -h, --help       this text
";

const RUN: &str = "\
Load an extension module and say what it is: its names, the lowest stable ABI
that it needs, and the symbols that the runtime lacks for it

Usage: deathless run [OPTIONS] FILE.so
       deathless run --seal [OPTIONS] FILE.so [EXPRESSION...]
       deathless run --leaks [OPTIONS] FILE.so [EXPRESSION...]

With --seal, the library's immortals are read-only before the module is loaded.
Each write to one is let through and counted; in the end a table says which
modules wrote, to which objects, how often, and in which functions. A module
that counts references inline shows up; one that calls to count does not. The
expressions, in which the module has its own name, are what it is to do.

With --leaks, the runtime ends and a table says what is left of it that the
module never gave back: how many objects of each type, how many of those have
references that no living object accounts for ('leaked'; the others are there
because these hold them), and how many blocks of PyMem_Malloc. A module that
keeps objects in variables of its own for as long as the process lives leaves
these behind. DEATHLESS_LEAKS=1 has any program on the library told as much, on
standard error, at each interpreter's end.

Options:
  --seal          count the writes to immortals
  --leaks         say what is left when the runtime has ended
  --runtime PATH  the library that loads it
  -h, --help      this text
";

pub enum Command {
    Print(&'static str),
    Version,
    Audit(Audit),
    Eval(Eval),
    Faults(Faults),
    Immortals(Immortals),
    Interpreters(Interpreters),
    Run(Run),
}

pub enum Input {
    Expression(String),
    File(PathBuf),
}

pub struct Audit {
    pub runtime: Option<PathBuf>,
    pub modules: Vec<(String, PathBuf)>,
    pub file: PathBuf,
    pub script: String,
    pub rounds: usize,
    pub lowest: Option<Version>,
    pub json: bool,
}

pub struct Eval {
    pub runtime: Option<PathBuf>,
    pub modules: Vec<(String, PathBuf)>,
    pub input: Input,
}

pub struct Faults {
    pub runtime: Option<PathBuf>,
    pub modules: Vec<(String, PathBuf)>,
    pub input: Input,
}

pub struct Immortals {
    pub runtime: Option<PathBuf>,
    pub modules: Vec<(String, PathBuf)>,
    pub by: Group,
    pub list: bool,
    pub drift: bool,
    pub json: bool,
    pub walk: bool,
}

/// What immortals are summed up by.
#[derive(Clone, Copy)]
pub enum Group {
    Kind,
    Type,
    Owner,
}

impl Group {
    pub fn name(self) -> &'static str {
        match self {
            Group::Kind => "kind",
            Group::Type => "type",
            Group::Owner => "owner",
        }
    }
}

pub struct Interpreters {
    pub runtime: Option<PathBuf>,
    pub modules: Vec<(String, PathBuf)>,
    pub count: usize,
    pub threads: usize,
    pub time: Duration,
    pub json: bool,
    pub leaks: bool,
}

pub struct Run {
    pub runtime: Option<PathBuf>,
    pub file: PathBuf,
    pub seal: bool,
    pub leaks: bool,
    pub expressions: Vec<String>,
}

/// What the user asks for, or a sentence about what is wrong with it.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut parser = lexopt::Parser::from_iter(arguments);
    let command = match parser.next().map_err(|error| error.to_string())? {
        None => return Ok(Command::Print(HELP)),
        Some(Short('h') | Long("help")) => return Ok(Command::Print(HELP)),
        Some(Short('V') | Long("version")) => return Ok(Command::Version),
        Some(Value(name)) => name.to_string_lossy().into_owned(),
        Some(other) => return Err(format!("{}; see --help", other.unexpected())),
    };
    let parsed = match command.as_str() {
        "audit" => audit(&mut parser),
        "eval" => eval(&mut parser),
        "faults" => faults(&mut parser),
        "immortals" => immortals(&mut parser),
        "interpreters" => interpreters(&mut parser),
        "run" => run(&mut parser),
        "help" => help(&mut parser),
        unknown => {
            let known = "audit, eval, faults, immortals, interpreters, run, help";
            return Err(format!("no command '{unknown}'; there are {known}"));
        }
    };
    parsed.map_err(|error| format!("{error}; see deathless {command} --help"))
}

fn help(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let topic = match parser.next()? {
        Some(Value(name)) => name.to_string_lossy().into_owned(),
        _ => String::new(),
    };
    Ok(Command::Print(match topic.as_str() {
        "audit" => AUDIT,
        "eval" => EVAL,
        "faults" => FAULTS,
        "immortals" => IMMORTALS,
        "interpreters" => INTERPRETERS,
        "run" => RUN,
        _ => HELP,
    }))
}

fn audit(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let (mut runtime, mut modules, mut file, mut script) = (None, Vec::new(), None, None);
    let (mut rounds, mut lowest, mut json) = (10, None, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Print(AUDIT)),
            Long("runtime") => runtime = Some(parser.value()?.into()),
            Long("script") => script = Some(parser.value()?.string()?),
            Long("rounds") => rounds = parser.value()?.parse()?,
            Long("for") => {
                let text = parser.value()?.string()?;
                let version = Version::parse(&text).ok_or_else(|| format!("--for wants X.Y, not '{text}'"))?;
                lowest = Some(version);
            }
            Long("json") => json = true,
            Short('m') => modules.push(module(&parser.value()?.string()?)?),
            Value(path) if file.is_none() => file = Some(path.into()),
            other => return Err(other.unexpected()),
        }
    }
    if rounds < 2 {
        return Err("--rounds wants 2 at the least: one round shows no drift".into());
    }
    let file = file.ok_or("give the extension module's file")?;
    let script = script.ok_or("give --script EXPRESSIONS")?;
    Ok(Command::Audit(Audit { runtime, modules, file, script, rounds, lowest, json }))
}

fn eval(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    Ok(match lines(parser)? {
        Some((runtime, modules, input)) => Command::Eval(Eval { runtime, modules, input }),
        None => Command::Print(EVAL),
    })
}

fn faults(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    Ok(match lines(parser)? {
        Some((runtime, modules, input)) => Command::Faults(Faults { runtime, modules, input }),
        None => Command::Print(FAULTS),
    })
}

/// What to evaluate, and where: the library, the modules, the lines.
type Lines = (Option<PathBuf>, Vec<(String, PathBuf)>, Input);

/// The options of a command that evaluates; `None` if help is asked for.
fn lines(parser: &mut lexopt::Parser) -> Result<Option<Lines>, lexopt::Error> {
    let (mut runtime, mut modules, mut input) = (None, Vec::new(), None);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("runtime") => runtime = Some(parser.value()?.into()),
            Short('m') => modules.push(module(&parser.value()?.string()?)?),
            Short('f') if input.is_none() => input = Some(Input::File(parser.value()?.into())),
            Value(text) if input.is_none() => input = Some(Input::Expression(text.string()?)),
            Value(_) => return Err("give one expression, in quotes, or one file".into()),
            other => return Err(other.unexpected()),
        }
    }
    let input = input.ok_or("give an expression, in quotes, or -f FILE")?;
    Ok(Some((runtime, modules, input)))
}

fn immortals(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut options = Immortals {
        runtime: None,
        modules: Vec::new(),
        by: Group::Kind,
        list: false,
        drift: false,
        json: false,
        walk: false,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Print(IMMORTALS)),
            Long("runtime") => options.runtime = Some(parser.value()?.into()),
            Short('m') => options.modules.push(module(&parser.value()?.string()?)?),
            Long("by") => options.by = group(&parser.value()?.string()?)?,
            Long("list") => options.list = true,
            Long("drift") => options.drift = true,
            Long("walk") => options.walk = true,
            Long("json") => options.json = true,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Immortals(options))
}

fn group(text: &str) -> Result<Group, lexopt::Error> {
    let found = [Group::Kind, Group::Type, Group::Owner].into_iter().find(|group| group.name() == text);
    found.ok_or_else(|| format!("--by wants kind, type or owner, not '{text}'").into())
}

fn interpreters(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut options = Interpreters {
        runtime: None,
        modules: Vec::new(),
        count: 100,
        threads: 2,
        time: Duration::from_secs(1),
        json: false,
        leaks: false,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Print(INTERPRETERS)),
            Long("runtime") => options.runtime = Some(parser.value()?.into()),
            Short('m') => options.modules.push(module(&parser.value()?.string()?)?),
            Long("count") => options.count = parser.value()?.parse()?,
            Long("threads") => options.threads = parser.value()?.parse()?,
            Long("time") => {
                let seconds: f64 = parser.value()?.parse()?;
                let time = Duration::try_from_secs_f64(seconds);
                options.time = time.map_err(|_| format!("--time wants seconds, not {seconds}"))?;
            }
            Long("leaks") => options.leaks = true,
            Long("json") => options.json = true,
            other => return Err(other.unexpected()),
        }
    }
    if options.threads == 0 || options.count < options.threads {
        return Err("--threads wants 1 at the least, and --count as many as there are threads".into());
    }
    Ok(Command::Interpreters(options))
}

fn run(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let (mut runtime, mut file, mut seal, mut leaks, mut expressions) = (None, None, false, false, Vec::new());
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Print(RUN)),
            Long("runtime") => runtime = Some(parser.value()?.into()),
            Long("seal") => seal = true,
            Long("leaks") => leaks = true,
            Value(path) if file.is_none() => file = Some(path.into()),
            Value(expression) => expressions.push(expression.string()?),
            other => return Err(other.unexpected()),
        }
    }
    let file = file.ok_or("give the extension module's file")?;
    if !seal && !leaks && !expressions.is_empty() {
        return Err("expressions go with --seal and --leaks; deathless eval -m NAME=FILE.so evaluates others".into());
    }
    Ok(Command::Run(Run { runtime, file, seal, leaks, expressions }))
}

fn module(text: &str) -> Result<(String, PathBuf), lexopt::Error> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => Ok((name.to_owned(), path.into())),
        _ => Err(format!("-m wants NAME=FILE.so, not '{text}'").into()),
    }
}
