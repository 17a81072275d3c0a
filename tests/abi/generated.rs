//! What the C compiler says about our headers: they are compiled as C11 and C++ for
//! every limited API, and against C files made from the record: each function
//! declared again as recorded, each offset, size and constant asserted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::record::{done_prototypes, root, table};

const LIMITED: &str = "-DPy_LIMITED_API=0x030F0000";

/// Compiles `text` without linking; the compiler's words if it refuses.
fn compile(name: &str, text: &str, options: &[&str]) -> Result<(), String> {
    let source: PathBuf = [env!("CARGO_TARGET_TMPDIR"), name].iter().collect();
    fs::write(&source, text).expect("target/tmp is writable");
    let compiler = if name.ends_with(".cc") { "g++" } else { "gcc" };
    let output = Command::new(compiler)
        .args(["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"])
        .arg(root().join("include"))
        .args(options)
        .arg(&source)
        .output()
        .unwrap_or_else(|e| panic!("{compiler}: {e}"));
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{name} {options:?}\n{}", String::from_utf8_lossy(&output.stderr)))
}

#[track_caller]
fn must_compile(name: &str, text: &str, options: &[&str]) {
    if let Err(words) = compile(name, text, options) {
        panic!("{words}");
    }
}

#[test]
fn headers_compile_for_every_limited_api_as_c_and_as_cpp() {
    let mut text = "#include \"Python.h\"\n".to_owned();
    for entry in fs::read_dir(root().join("include")).expect("include") {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        if name.ends_with(".h") {
            writeln!(text, "#include \"{name}\"").expect("a String grows");
        }
    }
    let limited = (2..=15).map(|minor| format!("-DPy_LIMITED_API=0x03{minor:02X}0000"));
    for api in limited.chain(["-DPy_LIMITED_API=3".to_owned(), "-DFULL_API".to_owned()]) {
        must_compile("headers.c", &text, &["-std=c11", &api]);
        must_compile("headers.cc", &text, &["-std=c++11", &api]);
    }
}

/// The name in parentheses, so that no macro of the same name takes part.
fn redeclarations(prototypes: &[(String, String)]) -> String {
    let mut text = "#include \"Python.h\"\n#include \"deathless.h\"\n".to_owned();
    for (name, prototype) in prototypes {
        let shielded = prototype.replacen(&format!("{name}("), &format!("({name})("), 1);
        writeln!(text, "{shielded};").expect("a String grows");
    }
    text
}

#[test]
fn functions_are_declared_as_recorded() {
    let prototypes = done_prototypes();
    must_compile("prototypes.c", &redeclarations(&prototypes), &["-std=c11"]);
    let in_limited_api: Vec<_> = {
        let stable: BTreeMap<_, _> = table("symbols.tsv").into_iter().map(|row| (row["symbol"].clone(), row)).collect();
        prototypes.into_iter().filter(|(name, _)| stable.contains_key(name)).collect()
    };
    must_compile("prototypes_limited.c", &redeclarations(&in_limited_api), &["-std=c11", LIMITED]);
}

#[test]
fn a_prototype_that_differs_is_reported() {
    let wrong = "#include \"Python.h\"\nint (_Py_IncRef)(PyObject *);\n";
    assert!(compile("wrong.c", wrong, &["-std=c11"]).is_err());
}

/// Every function that is done and meant for a header is in ours.
#[test]
fn done_functions_are_declared() {
    let mut text = "#include \"Python.h\"\nvoid names(void);\nvoid names(void)\n{\n".to_owned();
    for row in table("symbols.tsv") {
        if row["kind"] == "function" && row["state"] == "done" && !row["declared"].is_empty() {
            writeln!(text, "    (void)&{};", row["symbol"]).expect("a String grows");
        }
    }
    text.push_str("}\n");
    must_compile("names.c", &text, &["-std=c11", LIMITED]);
    must_compile("names_full.c", &text, &["-std=c11"]);
}

#[test]
fn data_is_declared() {
    let mut text = "#include \"Python.h\"\nvoid names(void);\nvoid names(void)\n{\n".to_owned();
    for row in table("symbols.tsv").iter().filter(|row| row["kind"] == "data") {
        writeln!(text, "    (void)&{};", row["symbol"]).expect("a String grows");
    }
    text.push_str("}\n");
    must_compile("data.c", &text, &["-std=c11", LIMITED]);
    must_compile("data_full.c", &text, &["-std=c11"]);
}

#[test]
fn layouts_are_as_recorded() {
    let mut text = "#include \"Python.h\"\n".to_owned();
    for row in table("struct_layouts.tsv") {
        let [name, field, offset, size, bits] =
            ["struct", "field", "offset", "size", "bits"].map(|column| row[column].as_str());
        let assertion = match field {
            "(whole)" => format!("sizeof({name}) == {size}"),
            _ if !bits.is_empty() => continue,
            _ => format!("offsetof({name}, {field}) == {offset} && sizeof((({name} *)0)->{field}) == {size}"),
        };
        writeln!(text, "_Static_assert({assertion}, \"{name}.{field}\");").expect("a String grows");
    }
    must_compile("layouts.c", &text, &["-std=c11"]);
}

/// What is public must be there; of what begins with an underscore only what we have.
#[test]
fn constants_are_as_recorded() {
    let mut limited = "#include \"Python.h\"\n#include \"structmember.h\"\n".to_owned();
    let mut full = limited.clone();
    for row in table("constants.tsv") {
        let (name, value) = (&row["name"], &row["value"]);
        let in_limited_api = row["in_limited_api"] == "yes";
        let text = if in_limited_api { &mut limited } else { &mut full };
        // The smallest 64-bit integer has no literal of its own.
        let value = match value.as_str() {
            "-9223372036854775808" => "INT64_MIN",
            value => value,
        };
        let line = format!("_Static_assert((long)({name}) == {value}, \"{name}\");");
        writeln!(text, "{line}").expect("a String grows");
    }
    must_compile("constants.c", &limited, &["-std=gnu11", "-Wno-pedantic", LIMITED]);
    must_compile("constants_full.c", &full, &["-std=gnu11", "-Wno-pedantic"]);
}

#[test]
fn slots_are_numbered_as_recorded() {
    for (api, column) in [(LIMITED, "id_3.15"), ("-DPy_LIMITED_API=0x030E0000", "before")] {
        let mut text = "#include \"Python.h\"\n".to_owned();
        for row in table("slot_ids.tsv") {
            let before = &row["id_before_3.15_if_different"];
            let id = if column == "before" && !before.is_empty() { before } else { &row["id_3.15"] };
            writeln!(text, "_Static_assert({0} == {id}, \"{0}\");", row["slot"]).expect("a String grows");
        }
        must_compile(&format!("slots_{column}.c"), &text, &["-std=c11", api]);
    }
}
