//! What an extension module's file says about itself, read without loading it.

use std::fs;
use std::io;
use std::path::Path;

use object::{Architecture, BinaryFormat, Object, ObjectKind, ObjectSymbol};

/// The parts of an extension module's dynamic symbol table that concern the API.
pub struct Extension {
    /// Symbols of the API that it takes from the runtime, sorted.
    pub imports: Vec<String>,
    /// Its entry points: `PyInit_name` and `PyModExport_name`.
    pub entries: Vec<String>,
}

/// How it keeps reference counts.
pub enum Counting {
    Inline,
    Calls,
    Both,
    Never,
}

impl Extension {
    pub fn read(path: &Path) -> Result<Extension, String> {
        let shown = path.display();
        let bytes = fs::read(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => format!("no such file: {shown}"),
            _ => format!("cannot read {shown}: {error}"),
        })?;
        let file = object::File::parse(&*bytes).map_err(|_| format!("{shown} is not an ELF shared object"))?;
        if file.format() != BinaryFormat::Elf || file.kind() != ObjectKind::Dynamic {
            return Err(format!("{shown} is not an ELF shared object"));
        }
        if file.architecture() != Architecture::X86_64 {
            return Err(format!("{shown} is for another machine: {:?}", file.architecture()));
        }
        let mut extension = Extension { imports: Vec::new(), entries: Vec::new() };
        for symbol in file.dynamic_symbols() {
            let Ok(name) = symbol.name() else {
                return Err(format!("{shown} has a damaged symbol table"));
            };
            if symbol.is_undefined() && is_api(name) {
                extension.imports.push(name.to_owned());
            } else if symbol.is_definition() && module_name(name).is_some() {
                extension.entries.push(name.to_owned());
            }
        }
        extension.imports.sort();
        extension.entries.sort();
        Ok(extension)
    }

    /// The entry point to use: the one that the file is named for, if there
    /// are several, and of two kinds the newer.
    pub fn entry(&self, path: &Path) -> Option<&str> {
        let file = path.file_name()?.to_str()?;
        let stem = file.split('.').next()?;
        let named = |entry: &&String| module_name(entry) == Some(stem);
        // Sorted, PyModExport_ comes after PyInit_.
        let entry = self.entries.iter().rev().find(named).or(self.entries.last());
        entry.map(String::as_str)
    }

    pub fn counting(&self) -> Counting {
        let has = |names: &[&str]| self.imports.iter().any(|name| names.contains(&name.as_str()));
        let calls = has(&["Py_IncRef", "Py_DecRef", "_Py_IncRef", "_Py_DecRef"]);
        match (has(&["_Py_Dealloc"]), calls) {
            (true, true) => Counting::Both,
            (true, false) => Counting::Inline,
            (false, true) => Counting::Calls,
            (false, false) => Counting::Never,
        }
    }

    pub fn imports(&self, name: &str) -> bool {
        self.imports.binary_search_by(|import| import.as_str().cmp(name)).is_ok()
    }
}

/// The module that an entry point makes.
pub fn module_name(entry: &str) -> Option<&str> {
    entry.strip_prefix("PyInit_").or_else(|| entry.strip_prefix("PyModExport_"))
}

fn is_api(name: &str) -> bool {
    let rest = name.trim_start_matches('_');
    name.len() - rest.len() <= 1
        && rest.strip_prefix("Py").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_names() {
        for name in ["PyList_New", "Py_IncRef", "_Py_Dealloc", "_PyObject_New", "Py_Initialize"] {
            assert!(is_api(name), "{name}");
        }
        for name in ["Pyramid", "__PyFoo", "memcpy", "PyoGarbage"] {
            assert!(!is_api(name), "{name}");
        }
    }

    #[test]
    fn errors_are_sentences() {
        let error = |path: &str| Extension::read(Path::new(path)).err().expect("an error");
        assert_eq!(error("/nonexistent.so"), "no such file: /nonexistent.so");
        assert!(error("/etc/passwd").ends_with("is not an ELF shared object"));
    }
}
