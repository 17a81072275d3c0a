//! The CPythons at hand, to compile against and to run on; folders for what is built.

#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::root;

/// A test's own folder.
pub fn scratch(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(&path).expect("target/tmp is writable");
    path
}

/// A CPython to compile against and to run on.
#[derive(Clone)]
pub struct Peer {
    pub minor: u32,
    /// `-I` options for its headers.
    pub includes: Vec<PathBuf>,
    pub library: PathBuf,
    /// Set if the library runs only inside this folder.
    pub chroot: Option<PathBuf>,
}

/// The CPythons at hand: those of `get-peers`, the system's, those of pyenv. Since 3.11:
/// the harness wants `Py_Version`.
pub fn peers() -> Vec<Peer> {
    let mut peers: BTreeMap<u32, Peer> = BTreeMap::new();
    let triplet = "x86_64-linux-gnu";
    let mut add = |minor: u32, prefix: &Path, chroot: Option<&Path>| {
        let file = format!("libpython3.{minor}.so.1.0");
        let library = [prefix.join("lib").join(triplet), prefix.join("lib")]
            .into_iter()
            .map(|folder| folder.join(&file))
            .find(|path| path.exists());
        let headers = prefix.join(format!("include/python3.{minor}"));
        if let (Some(library), true) = (library, headers.join("Python.h").exists()) {
            let mut includes = vec![headers];
            if chroot.is_some() {
                includes.push(foreign_config(prefix, triplet, minor));
            }
            let chroot = chroot.map(Path::to_owned);
            peers.entry(minor).or_insert(Peer { minor, includes, library, chroot });
        }
    };
    let folder = std::env::var_os("DEATHLESS_PEERS").map_or_else(|| root().join("../peers/root"), PathBuf::from);
    // SAFETY: geteuid has no preconditions.
    let is_root = unsafe { libc::geteuid() } == 0;
    for minor in 11..=15 {
        if is_root && folder.join("usr").exists() {
            add(minor, &folder.join("usr"), Some(&folder));
        }
        add(minor, Path::new("/usr"), None);
    }
    if let Some(home) = std::env::home_dir() {
        for entry in fs::read_dir(home.join(".pyenv/versions")).into_iter().flatten().flatten() {
            let version = entry.file_name().into_string().unwrap_or_default();
            let minor = version.strip_prefix("3.").and_then(|rest| rest.split('.').next()?.parse().ok());
            if let Some(minor) = minor.filter(|minor| (11..=15).contains(minor)) {
                add(minor, &entry.path(), None);
            }
        }
    }
    peers.into_values().collect()
}

/// Debian's pyconfig.h includes one below its triplet's folder, and the compiler must
/// not look into the rest of another system's headers: a folder with that part alone.
fn foreign_config(prefix: &Path, triplet: &str, minor: u32) -> PathBuf {
    let folder = scratch("peers").join(format!("config3.{minor}"));
    let python = format!("python3.{minor}");
    let below = folder.join(triplet);
    fs::create_dir_all(&below).expect("target/tmp is writable");
    let (link, target) = (below.join(&python), prefix.join("include").join(triplet).join(&python));
    // Tests run side by side: another may have made it, or make it right now.
    if fs::read_link(&link).is_ok_and(|there| there != target) {
        fs::remove_file(&link).expect("target/tmp is writable");
    }
    match symlink(target, &link) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => panic!("a link: {error}"),
        _ => folder,
    }
}

impl Peer {
    /// The options by which a compiler finds its headers.
    pub fn include_options(&self) -> Vec<&OsStr> {
        self.includes.iter().flat_map(|folder| [OsStr::new("-isystem"), folder.as_os_str()]).collect()
    }

    /// The options by which a program is linked to its library. Inside the chroot the loader finds the library, and
    /// that folder's libc for it.
    pub fn link_options(&self) -> [String; 2] {
        let search = match &self.chroot {
            Some(_) => "-Wl,--unresolved-symbols=ignore-in-shared-libs".to_owned(),
            None => format!("-Wl,-rpath,{}", self.library.parent().expect("a folder").display()),
        };
        [self.library.to_string_lossy().into_owned(), search]
    }

    /// Where such a program finds the files of a folder: in a copy of it, as above.
    pub fn folder(&self, folder: &Path) -> std::io::Result<PathBuf> {
        let Some(chroot) = &self.chroot else { return Ok(folder.to_owned()) };
        let inside = Path::new("/tmp").join(folder.file_name().expect("a folder's name"));
        let copy = chroot.join(inside.strip_prefix("/").expect("it begins with it"));
        fs::create_dir_all(&copy)?;
        for entry in fs::read_dir(folder)? {
            let file = entry?.path();
            fs::copy(&file, copy.join(file.file_name().expect("a file's name")))?;
        }
        Ok(inside)
    }

    /// How a program linked so is run: a copy of it, where the library runs only inside a folder.
    pub fn command(&self, program: &Path) -> std::io::Result<Command> {
        let Some(chroot) = &self.chroot else { return Ok(Command::new(program)) };
        let name = program.file_name().expect("a program's name");
        fs::copy(program, chroot.join("tmp").join(name))?;
        let mut command = Command::new("chroot");
        command.arg(chroot).arg(Path::new("/tmp").join(name));
        Ok(command)
    }
}
