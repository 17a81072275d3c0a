//! The library, built once for each strategy as it is for use, each in a folder of its own: cargo would take one's
//! library for another's.
//!
//! Where the linker puts a function moves a kernel of few nanoseconds by a fifth, with the same instructions in it.
//! So each is linked several times over, its functions shuffled, and a kernel's figure is the least of all of them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

/// In the order in which they are shown; the first is what the library is without a feature.
pub const STRATEGIES: [&str; 4] = ["immortal", "plain", "high-count", "lookup"];
/// How many are built at once.
const BUILDERS: usize = 2;
/// How many ways a library is laid out, besides the linker's own.
const SHUFFLES: usize = 5;

/// A strategy's library.
pub struct Built {
    pub name: &'static str,
    /// The first is as it is for use; the others differ in the order of their functions.
    pub layouts: Vec<PathBuf>,
}

pub fn folder() -> PathBuf {
    // CARGO_TARGET_TMPDIR is `tmp` in the target folder.
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("lab")
}

pub fn build(strategies: &[&'static str]) -> Result<Vec<Built>, String> {
    write_linker().map_err(|error| format!("{}: {error}", linker().display()))?;
    let bar = crate::bar("build", strategies.len());
    let waiting = Mutex::new(strategies.to_vec());
    let failures = Mutex::new(Vec::new());
    let builder = || {
        loop {
            let next = waiting.lock().expect("no builder panics").pop();
            let Some(strategy) = next else { return };
            bar.set_message(strategy);
            if let Err(error) = build_one(strategy) {
                failures.lock().expect("no builder panics").push(error);
            }
            bar.inc(1);
        }
    };
    thread::scope(|scope| (0..BUILDERS).for_each(|_| drop(scope.spawn(builder))));
    bar.finish_with_message("");
    match failures.into_inner().expect("no builder panics").pop() {
        Some(error) => Err(error),
        None => Ok(strategies.iter().map(|name| Built { name, layouts: layouts(name) }).collect()),
    }
}

fn layouts(strategy: &str) -> Vec<PathBuf> {
    let release = folder().join(strategy).join("release");
    let shuffled = (1..=SHUFFLES).map(|seed| release.join(format!("layout-{seed}.so")));
    std::iter::once(release.join("libdeathless.so")).chain(shuffled).collect()
}

fn linker() -> PathBuf {
    folder().join("shuffle-gcc")
}

/// The compiler's linker, which is lld, and then once more for each shuffle. cargo does not know of those: they are
/// beside what it makes, and as old.
fn write_linker() -> std::io::Result<()> {
    let script = format!(
        "#!/bin/sh\n# Links, and links again with the functions in other orders.\ncc \"$@\" || exit\n\
         for seed in $(seq {SHUFFLES}); do\n  \
         cc \"$@\" \"-Wl,--shuffle-sections=.text*=$seed\" -o \"$LAYOUTS/layout-$seed.so\" || exit\ndone\n"
    );
    fs::create_dir_all(folder())?;
    if fs::read_to_string(linker()).is_ok_and(|written| written == script) {
        return Ok(());
    }
    fs::write(linker(), script)?;
    fs::set_permissions(linker(), fs::Permissions::from_mode(0o755))
}

fn build_one(strategy: &str) -> Result<(), String> {
    let target = folder().join(strategy);
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["rustc", "--quiet", "--lib", "--crate-type", "cdylib", "--release", "--target-dir"]).arg(&target);
    if strategy != STRATEGIES[0] {
        cargo.args(["--features", strategy]);
    }
    let linker = format!("linker={}", linker().display());
    cargo.args(["--", "-C", &linker, "-C", "linker-flavor=gcc"]).env("LAYOUTS", target.join("release"));
    let output = cargo.stdin(Stdio::null()).output().map_err(|error| format!("cargo: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{strategy} cannot be built:\n{}", String::from_utf8_lossy(&output.stderr)))
}
