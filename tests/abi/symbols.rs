//! `.dynsym` of the built library against the record, in both directions.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CString;
use std::fmt::Write as _;
use std::fs;

use object::{Object, ObjectSymbol, SymbolKind};

use crate::headers::prototypes;
use crate::record::{library, root, table, updating};

struct Export {
    size: u64,
    is_data: bool,
}

fn exports() -> BTreeMap<String, Export> {
    let path = library();
    let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file = object::File::parse(&*bytes).expect("an ELF file");
    file.dynamic_symbols()
        .filter(|symbol| symbol.is_definition() && symbol.is_global())
        .map(|symbol| {
            let name = symbol.name().expect("a symbol's name").to_owned();
            let is_data = symbol.kind() != SymbolKind::Text;
            (name, Export { size: symbol.size(), is_data })
        })
        .collect()
}

/// With `UPDATE=1` (`make abi-record`), writes the state column and extra.tsv first.
#[test]
fn exports_equal_the_record() {
    let exports = exports();
    if updating() {
        write_states(&exports);
        write_extra(&exports);
    }
    let mut expected: BTreeSet<String> = table("extra.tsv").into_iter().map(|row| row["symbol"].clone()).collect();
    for row in table("symbols.tsv") {
        match row["state"].as_str() {
            "done" => assert!(expected.insert(row["symbol"].clone()), "{} twice", row["symbol"]),
            "missing" => {}
            other => panic!("{}: no such state: {other}", row["symbol"]),
        }
    }
    let exported: BTreeSet<String> = exports.into_keys().collect();
    let unrecorded: Vec<_> = exported.difference(&expected).collect();
    let gone: Vec<_> = expected.difference(&exported).collect();
    assert!(
        unrecorded.is_empty() && gone.is_empty(),
        "exported but not in the record: {unrecorded:?}\n\
         in the record but not exported: {gone:?}\n\
         `make abi-record` brings the states of abi/symbols.tsv up to date"
    );
}

fn write_states(exports: &BTreeMap<String, Export>) {
    let mut text = "symbol\tkind\tadded\tabi_only\tdeclared\tstate\n".to_owned();
    for row in table("symbols.tsv") {
        let state = if exports.contains_key(&row["symbol"]) { "done" } else { "missing" };
        for column in ["symbol", "kind", "added", "abi_only", "declared"] {
            write!(text, "{}\t", row[column]).expect("a String grows");
        }
        writeln!(text, "{state}").expect("a String grows");
    }
    fs::write(root().join("abi/symbols.tsv"), text).expect("abi/symbols.tsv is writable");
}

/// What is exported beyond the stable ABI: ours, and CPython's full API.
fn write_extra(exports: &BTreeMap<String, Export>) {
    let stable: BTreeSet<String> = table("symbols.tsv").into_iter().map(|row| row["symbol"].clone()).collect();
    let prototypes = prototypes();
    let mut text = "symbol\tkind\tprototype\n".to_owned();
    let is_ours = |name: &str| ["deathless_", "Py", "_Py"].iter().any(|start| name.starts_with(start));
    for (name, export) in exports.iter().filter(|(name, _)| is_ours(name) && !stable.contains(*name)) {
        let kind = if export.is_data { "data" } else { "function" };
        let prototype = prototypes.get(name).map_or("", String::as_str);
        writeln!(text, "{name}\t{kind}\t{prototype}").expect("a String grows");
    }
    fs::write(root().join("abi/extra.tsv"), text).expect("abi/extra.tsv is writable");
}

#[test]
fn functions_and_data_are_what_the_record_says() {
    let exports = exports();
    for row in table("symbols.tsv").into_iter().chain(table("extra.tsv")) {
        if let Some(export) = exports.get(&row["symbol"]) {
            assert_eq!(export.is_data, row["kind"] == "data", "{}", row["symbol"]);
        }
    }
}

#[test]
fn data_symbols_have_cpythons_sizes() {
    let exports = exports();
    let sizes: BTreeMap<String, u64> = table("data_symbol_sizes.tsv")
        .into_iter()
        .map(|row| (row["symbol"].clone(), row["size_3.15"].parse().expect("a size")))
        .collect();
    for (name, export) in exports.iter().filter(|(_, export)| export.is_data) {
        if let Some(size) = sizes.get(name) {
            assert_eq!(export.size, *size, "{name}");
        }
    }
}

#[test]
fn every_done_name_is_found_by_dlsym() {
    let path = CString::new(library().into_os_string().into_encoded_bytes()).expect("no NUL");
    // SAFETY: `path` is NUL-terminated; loading the library runs no code of ours.
    let handle = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
    assert!(!handle.is_null(), "{} does not load", library().display());
    for row in table("symbols.tsv").iter().filter(|row| row["state"] == "done") {
        let name = CString::new(row["symbol"].as_str()).expect("no NUL");
        // SAFETY: `handle` is an open library and `name` is NUL-terminated.
        let address = unsafe { libc::dlsym(handle, name.as_ptr()) };
        assert!(!address.is_null(), "{}", row["symbol"]);
    }
}
