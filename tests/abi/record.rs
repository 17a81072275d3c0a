//! Reads the tables in `abi/` and finds the built library. One reader for all
//! checks: a table is lines of tab-separated columns under a line of names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The shared library that cargo has built for this very test.
pub fn library() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    test.with_file_name("libdeathless.so")
}

/// True if the caller is to write what it would otherwise compare.
pub fn updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

pub type Row = BTreeMap<String, String>;

pub fn table(name: &str) -> Vec<Row> {
    let path = root().join("abi").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().expect("a line of names").split('\t').collect();
    lines
        .map(|line| {
            let mut values = line.split('\t');
            columns.iter().map(|&column| (column.to_owned(), values.next().unwrap_or("").to_owned())).collect()
        })
        .collect()
}

/// The prototypes of the functions that are done, ours included: (name, prototype).
///
/// The facts name `va_list` by what x86-64 makes of it, and leave out the `_SizeT`
/// twins of functions that have one.
pub fn done_prototypes() -> Vec<(String, String)> {
    let known: BTreeMap<String, String> = table("prototypes.tsv")
        .into_iter()
        .chain(table("extra.tsv"))
        .map(|row| (row["symbol"].clone(), row["prototype"].replace("struct __va_list_tag *", "va_list")))
        .collect();
    let stable = table("symbols.tsv")
        .into_iter()
        .filter(|row| row["state"] == "done" && row["kind"] == "function")
        .map(|row| row["symbol"].clone());
    let extra = table("extra.tsv").into_iter().filter(|row| row["kind"] == "function").map(|row| row["symbol"].clone());
    stable
        .chain(extra)
        .map(|name| {
            if let Some(prototype) = known.get(&name) {
                return (name, prototype.clone());
            }
            let plain = name.trim_start_matches('_').trim_end_matches("_SizeT");
            let prototype = known.get(plain).unwrap_or_else(|| panic!("{name} has no prototype"));
            let twin = prototype.replacen(plain, &name, 1);
            (name, twin)
        })
        .collect()
}
