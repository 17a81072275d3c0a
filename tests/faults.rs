//! The whole corpus with memory refused: each line of `c_tests/expressions` is evaluated again and again, with its
//! first, its second, its third … allocation failing, until none is left. Either its own answer or `MemoryError` must
//! come of it, and nothing may be lost; see `deathless faults --help`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("c_tests/expressions");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "expr"))
        .collect();
    files.sort();
    let trial = |file: PathBuf| {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        Trial::test(name, move || refuse(&file))
    };
    libtest_mimic::run(&Arguments::from_args(), files.into_iter().map(trial).collect()).exit_code()
}

fn refuse(file: &Path) -> Result<(), Failed> {
    let library = std::env::current_exe()?.with_file_name("libdeathless.so");
    let output = Command::new(env!("CARGO_BIN_EXE_deathless"))
        .arg("faults")
        .arg("--runtime")
        .arg(library)
        .arg("-f")
        .arg(file)
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    // A corpus of which no allocation was refused would be no test.
    let refused = said.lines().last().and_then(|line| line.split(' ').nth(2)).and_then(|n| n.parse::<u64>().ok());
    if output.status.success() && refused.is_some_and(|n| n > 0) {
        return Ok(());
    }
    Err(format!("{said}{}", String::from_utf8_lossy(&output.stderr)).into())
}
