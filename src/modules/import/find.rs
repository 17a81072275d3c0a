//! Looking for a module in folders.

use std::path::{Path, PathBuf};

use crate::object::{Object, Owned};
use crate::types::Str;

/// What extension modules may be called, in the order in which they are looked for.
const SUFFIXES: [&str; 6] = [
    ".cpython-315-x86_64-linux-gnu.so",
    ".abi3-x86_64-linux-gnu.so",
    ".abi3.so",
    ".abi3t-x86_64-linux-gnu.so",
    ".abi3t.so",
    ".so",
];
const SOURCES: [&str; 2] = [".py", ".pyc"];

pub enum Found {
    /// A shared library; with `package` the folder whose `__init__` it is.
    Extension { file: PathBuf, package: Option<PathBuf> },
    /// Python code.
    Source(PathBuf),
    /// Folders without code.
    Namespace(Vec<PathBuf>),
}

/// Looks for the module `name` in one folder after the other. An empty one is the current folder; what is not a str
/// is passed over.
pub fn in_folders(folders: &[Owned<Object>], name: &str) -> Option<Found> {
    let mut portions = Vec::new();
    for folder in folders {
        let Some(folder) = folder.downcast::<Str>() else { continue };
        let folder = if folder.is_empty() { PathBuf::from(".") } else { PathBuf::from(folder.to_string()) };
        let package = folder.join(name);
        if package.is_dir() {
            match file_of(&package, "__init__") {
                Some((file, false)) => return Some(Found::Source(file)),
                Some((file, true)) => return Some(Found::Extension { file, package: Some(package) }),
                None => {}
            }
        }
        match file_of(&folder, name) {
            Some((file, true)) => return Some(Found::Extension { file, package: None }),
            Some((file, false)) => return Some(Found::Source(file)),
            None if package.is_dir() => portions.push(package),
            None => {}
        }
    }
    if portions.is_empty() { None } else { Some(Found::Namespace(portions)) }
}

/// The file of that name in a folder, and whether it is an extension.
fn file_of(folder: &Path, name: &str) -> Option<(PathBuf, bool)> {
    let with = |suffix: &&str| folder.join(format!("{name}{suffix}"));
    if let Some(file) = SUFFIXES.iter().map(with).find(|f| f.is_file()) {
        return Some((file, true));
    }
    SOURCES.iter().map(with).find(|f| f.is_file()).map(|file| (file, false))
}
