//! The library, built once for each strategy as it is for use (a quicker build is laid out otherwise, and that alone
//! moves a kernel by a third), each in a folder of its own: cargo would take one's library for another's.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

/// In the order in which they are shown; the first is what the library is without a feature.
pub const STRATEGIES: [&str; 4] = ["immortal", "plain", "high-count", "lookup"];
/// How many are built at once.
const BUILDERS: usize = 2;

pub fn folder() -> PathBuf {
    // CARGO_TARGET_TMPDIR is `tmp` in the target folder.
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("lab")
}

pub fn build() -> Result<Vec<(&'static str, PathBuf)>, String> {
    let bar = crate::bar("build", STRATEGIES.len());
    let waiting = Mutex::new(STRATEGIES.to_vec());
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
        None => Ok(STRATEGIES.iter().map(|strategy| (*strategy, library(strategy))).collect()),
    }
}

fn library(strategy: &str) -> PathBuf {
    folder().join(strategy).join("release/libdeathless.so")
}

fn build_one(strategy: &str) -> Result<(), String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["rustc", "--quiet", "--lib", "--crate-type", "cdylib", "--release", "--target-dir"]);
    cargo.arg(folder().join(strategy));
    if strategy != STRATEGIES[0] {
        cargo.args(["--features", strategy]);
    }
    let output = cargo.stdin(Stdio::null()).output().map_err(|error| format!("cargo: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{strategy} cannot be built:\n{}", String::from_utf8_lossy(&output.stderr)))
}
