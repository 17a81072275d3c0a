//! `deathless run`: what an extension module is, from its file and then from
//! the module itself. The file is reported first, and stands even where the
//! module cannot be loaded.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::abi;
use crate::args::Run;
use crate::elf::{Counting, Extension, module_name};
use crate::eval::Scope;
use crate::object::{Obj, Outcome};
use crate::runtime::{self, api};
use crate::{FAILED, leaks, module, report, seal};

pub fn command(options: &Run) -> Result<ExitCode, String> {
    let path = &options.file;
    let extension = Extension::read(path)?;
    let Some(entry) = extension.entry(path) else {
        return Err(format!(
            "{} is no extension module: it exports no PyInit_ or PyModExport_ function",
            path.display()
        ));
    };
    println!("{}", path.display());
    describe_file(entry, &extension);
    let library = runtime::open(options.runtime.as_deref())?;
    describe_lack(&library, &extension);
    let name = module_name(entry).unwrap_or(entry);
    // What follows runs foreign code; what is known so far must not be lost to it.
    io::stdout().flush().map_err(|error| format!("cannot write: {error}"))?;
    if options.leaks {
        leaks::begin(&library)?;
    }
    runtime::start()?;
    let code = load_and_run(&library, name, options);
    runtime::stop();
    if options.leaks && code.is_ok() {
        leaks::report();
    }
    code
}

/// Loads the module and runs the expressions, and then says who wrote to immortals, if that is asked for.
fn load_and_run(library: &Path, name: &str, options: &Run) -> Result<ExitCode, String> {
    if options.seal {
        seal::begin(library)?;
    }
    let (mut code, module) = load(name, &options.file);
    let mut scope = Scope::new(module.map(|module| (name.to_owned(), module)));
    for expression in &options.expressions {
        match scope.last_value(expression) {
            Ok(value) => field("expression", &format!("{expression}: {}", value.as_deref().unwrap_or("ok"))),
            Err(fault) => {
                field("expression", &format!("{expression}: {}", report::describe(fault)));
                code = ExitCode::from(FAILED);
            }
        }
    }
    drop(scope);
    if options.seal {
        seal::report()?;
    }
    Ok(code)
}

fn field(label: &str, text: &str) {
    println!("  {label:<12} {text}");
}

fn describe_file(entry: &str, extension: &Extension) {
    field("entry", &format!("{entry}, {}", phases(entry, extension)));
    let others = extension.entries.len().saturating_sub(1);
    if others > 0 {
        field("", &format!("and {others} other entry points"));
    }
    describe_abi(extension);
    field(
        "references",
        match extension.counting() {
            Counting::Inline => "counted inline",
            Counting::Calls => "counted by calls",
            Counting::Both => "counted inline and by calls",
            Counting::Never => "not counted by the module itself",
        },
    );
}

fn phases(entry: &str, extension: &Extension) -> &'static str {
    if entry.starts_with("PyModExport_") {
        return "multi-phase, by slots";
    }
    let multi = extension.imports("PyModuleDef_Init");
    let single = extension.imports("PyModule_Create2");
    match (multi, single) {
        (true, false) => "multi-phase",
        (false, true) => "single-phase",
        (true, true) => "single-phase or multi-phase: it imports what both need",
        (false, false) => "of a kind that the file does not tell",
    }
}

fn describe_abi(extension: &Extension) {
    let added = abi::added();
    let known = extension.imports.iter().filter_map(|name| Some((added.get(name.as_str())?, name)));
    let count = extension.imports.len();
    field("imports", &format!("{count} symbols of the C API"));
    let outside: Vec<&String> = extension.imports.iter().filter(|name| !added.contains_key(name.as_str())).collect();
    if !outside.is_empty() {
        field("stable ABI", &format!("left: it uses {}", some_of(&outside)));
        field("", "and so is bound to the version of Python that it was built for");
    } else if let Some((version, _)) = known.clone().max_by_key(|(version, _)| **version) {
        let first: Vec<&String> = known.filter(|(other, _)| *other == version).map(|(_, name)| name).collect();
        field("stable ABI", &format!("{version} or later, for {}", some_of(&first)));
    }
}

fn describe_lack(library: &Path, extension: &Extension) {
    let lacking: Vec<&String> = extension.imports.iter().filter(|name| api().raw(name).is_err()).collect();
    field("runtime", &library.display().to_string());
    match lacking.len() {
        0 => field("", "has every symbol that the module imports"),
        count => {
            field("", &format!("lacks {count} that the module imports:"));
            wrapped(&lacking).iter().for_each(|line| field("", line));
        }
    }
}

fn all_of(names: &[&String]) -> String {
    names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The names in lines of a readable width.
fn wrapped(names: &[&String]) -> Vec<String> {
    const WIDTH: usize = 80;
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + name.len() <= WIDTH => {
                line.push(' ');
                line.push_str(name);
            }
            _ => lines.push((*name).clone()),
        }
    }
    lines
}

/// The first few names, and how many more there are.
fn some_of(names: &[&String]) -> String {
    const SHOWN: usize = 4;
    match names.len() {
        0..=SHOWN => all_of(names),
        count => format!("{} and {} more", all_of(&names[..SHOWN]), count - SHOWN),
    }
}

/// The module, if it can be loaded.
fn load(name: &str, path: &Path) -> (ExitCode, Option<Obj>) {
    let module = module::load(name, path);
    match module.and_then(|module| describe_module(&module).map(|()| module)) {
        Ok(module) => (ExitCode::SUCCESS, Some(module)),
        Err(fault) => {
            field("loading", &format!("failed: {}", report::describe(fault)));
            (ExitCode::from(FAILED), None)
        }
    }
}

fn describe_module(module: &Obj) -> Outcome<()> {
    field("loading", "worked");
    let doc = api().attribute(module, c"__doc__")?;
    if !doc.is(&api().constant("_Py_NoneStruct")?) {
        let text = report::str(&doc)?;
        for (index, line) in text.trim().lines().enumerate() {
            field(if index == 0 { "doc" } else { "" }, line);
        }
    }
    let names = api().PyObject_Dir(Some(module))?;
    let iterator = api().PyObject_GetIter(&names)?;
    let mut label = "names";
    while let Some(name) = api().PyIter_Next(&iterator)? {
        let shown = report::str(&name)?;
        if shown.starts_with("__") && shown.ends_with("__") {
            continue;
        }
        let value = api().PyObject_GetAttr(module, &name)?;
        let class = api().PyObject_Type(&value)?;
        let class = report::type_name(&class)?;
        field(label, &format!("{shown:<24} {class}"));
        label = "";
    }
    Ok(())
}
