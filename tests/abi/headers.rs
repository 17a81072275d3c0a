//! `include/generated/<header>.h` is what cbindgen makes of `src/capi/<header>.rs`,
//! with each function behind the limited API that it came with. `make headers`
//! writes these files; the tests compare them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::record::{root, table, updating};

/// The names of the headers that include a generated part: `listobject`, ….
fn headers_with_prototypes() -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("include")).expect("include") {
        let path = entry.expect("an entry").path();
        let Some(name) = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned) else {
            continue;
        };
        let includes = format!("#include \"generated/{name}.h\"");
        if path.is_file() && fs::read_to_string(&path).expect("a header").contains(&includes) {
            names.push(name);
        }
    }
    names.sort();
    names
}

/// Where a prototype is visible.
#[derive(Clone, PartialEq)]
enum Guard {
    Always,
    Since(String),
    FullApi,
}

impl Guard {
    fn opening(&self) -> String {
        match self {
            Guard::Always => String::new(),
            Guard::FullApi => "#ifndef Py_LIMITED_API\n\n".to_owned(),
            Guard::Since(version) => {
                let minor: u32 = version
                    .strip_prefix("3.")
                    .and_then(|minor| minor.parse().ok())
                    .unwrap_or_else(|| panic!("no such version: {version}"));
                format!("#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03{minor:02X}0000\n\n")
            }
        }
    }

    fn closing(&self) -> &'static str {
        if *self == Guard::Always { "" } else { "#endif\n\n" }
    }
}

/// The guard of each function of the stable ABI; `None` for what no header declares.
fn guards() -> BTreeMap<String, Option<Guard>> {
    table("symbols.tsv")
        .into_iter()
        .filter(|row| row["kind"] == "function")
        .map(|row| {
            let guard = match row["declared"].as_str() {
                "" => None,
                "3.2" => Some(Guard::Always),
                version => Some(Guard::Since(version.to_owned())),
            };
            (row["symbol"].clone(), guard)
        })
        .collect()
}

/// The declarations that cbindgen prints, each with its comment: (name, text).
fn declarations(module: &Path) -> Vec<(String, String)> {
    let config = cbindgen::Config::from_file(root().join("cbindgen.toml")).expect("cbindgen.toml");
    let bindings = cbindgen::Builder::new()
        .with_config(config)
        .with_src(module)
        .generate()
        .unwrap_or_else(|e| panic!("{}: {e}", module.display()));
    let mut header = Vec::new();
    bindings.write(&mut header);
    let header = String::from_utf8(header).expect("UTF-8");
    let mut found = Vec::new();
    let mut text = String::new();
    let mut in_comment = false;
    let mut code = String::new();
    for line in header.lines() {
        let start = line.trim_start();
        in_comment |= start.starts_with("/*");
        if !in_comment {
            code.push_str(start);
            code.push(' ');
        }
        if !(line.is_empty() && text.is_empty()) {
            text.push_str(line);
            text.push('\n');
        }
        if !in_comment && line.ends_with(';') {
            let declaration = without_options(&std::mem::take(&mut text));
            found.push((declared_name(&code), declaration));
            code.clear();
        }
        in_comment &= !line.trim_end().ends_with("*/");
    }
    found
}

/// `Option<destructor>` is C's `destructor`: in one file cbindgen cannot know that.
fn without_options(text: &str) -> String {
    let mut parts = text.split("Option<");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('>').expect("Option<…>");
        plain.push_str(name);
        plain.push_str(rest);
    }
    plain
}

/// The word before the first parenthesis that follows a word.
fn declared_name(code: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let end = code
        .match_indices('(')
        .map(|(at, _)| at)
        .find(|&at| code[..at].ends_with(is_word))
        .unwrap_or_else(|| panic!("not a function: {code}"));
    let start = code[..end].rfind(|c| !is_word(c)).map_or(0, |at| at + 1);
    code[start..end].to_owned()
}

/// The modules of a header: `<header>.rs`, and its parts `<header>_<part>.rs` where one
/// file would be too long.
fn modules_of(header: &str, headers: &[String]) -> Vec<PathBuf> {
    let mut modules: Vec<PathBuf> = fs::read_dir(root().join("src/capi"))
        .expect("src/capi")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| header_of(stem(path), headers) == Some(header))
        .collect();
    modules.sort();
    modules
}

/// The longest name of a header that a module's name begins with.
fn header_of<'h>(module: &str, headers: &'h [String]) -> Option<&'h str> {
    let is_part = |rest: &str| rest.is_empty() || rest.starts_with('_');
    let begins = |header: &&String| module.strip_prefix(header.as_str()).is_some_and(is_part);
    headers.iter().filter(begins).max_by_key(|header| header.len()).map(String::as_str)
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).expect("a file's name is UTF-8")
}

fn generate(name: &str, headers: &[String], guards: &BTreeMap<String, Option<Guard>>) -> String {
    let mut header = format!("/* Written by `make headers` from src/capi/{name}*.rs. */\n\n");
    let unlisted = Some(if name == "deathless" { Guard::Always } else { Guard::FullApi });
    let mut open = Guard::Always;
    for (function, text) in modules_of(name, headers).iter().flat_map(|module| declarations(module)) {
        let Some(guard) = guards.get(&function).unwrap_or(&unlisted) else {
            continue;
        };
        if *guard != open {
            write!(header, "{}{}", open.closing(), guard.opening()).expect("a String grows");
            open = guard.clone();
        }
        writeln!(header, "{text}").expect("a String grows");
    }
    header.push_str(open.closing());
    header.trim_end().to_owned() + "\n"
}

/// The prototypes of what is exported beyond the stable ABI, each on one line.
pub fn prototypes() -> BTreeMap<String, String> {
    let headers = headers_with_prototypes();
    let modules = headers.iter().flat_map(|header| modules_of(header, &headers));
    modules
        .flat_map(|module| declarations(&module))
        .map(|(name, text)| {
            let code = text.rsplit("*/").next().unwrap_or(&text).trim().trim_end_matches(';');
            (name, code.split_whitespace().collect::<Vec<_>>().join(" "))
        })
        .collect()
}

fn generated_path(name: &str) -> PathBuf {
    root().join("include/generated").join(name).with_extension("h")
}

/// With `UPDATE=1` (`make headers`), writes them instead.
#[test]
fn generated_headers_are_up_to_date() {
    let guards = guards();
    let mut stale = Vec::new();
    let headers = headers_with_prototypes();
    for name in &headers {
        let expected = generate(name, &headers, &guards);
        let path = generated_path(name);
        if fs::read_to_string(&path).is_ok_and(|text| text == expected) {
            continue;
        }
        if updating() {
            fs::write(&path, expected).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        } else {
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "run `make headers`: {stale:?}");
}

#[test]
fn every_module_of_capi_that_exports_has_a_header() {
    let headers = headers_with_prototypes();
    for entry in fs::read_dir(root().join("src/capi")).expect("src/capi") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let name = stem(&path);
        // cbindgen would follow mod.rs into all of them; what variadic.rs offers is hidden, for variadic.c alone.
        if name != "mod" && name != "variadic" && header_of(name, &headers).is_none() {
            let exported = declarations(&path);
            assert!(exported.is_empty(), "no include/{name}.h shows {:?}", exported[0].0);
        }
    }
}
