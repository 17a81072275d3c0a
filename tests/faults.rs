//! The whole corpus with memory refused: each line of `c_tests/expressions` is evaluated again and again, with its
//! first, its second, its third … allocation failing, until none is left. Either its own answer or `MemoryError` must
//! come of it, and nothing may be lost; see `deathless faults --help`. What else some lines may answer, as they do in
//! CPython, is in `c_tests/faults.tsv` with the reason.

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

/// The expressions of a file that may answer something else.
fn excused(file: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("c_tests/faults.tsv");
    let text = std::fs::read_to_string(path).expect("c_tests/faults.tsv");
    let rows = text.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
    let rows = rows.map(|row| <[&str; 3]>::try_from(row).expect("a file, an expression and a reason"));
    rows.filter(|[name, ..]| *name == file).map(|[_, expression, _]| expression.to_owned()).collect()
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
    let name = file.file_stem().expect("a name").to_string_lossy();
    let excused = excused(&name);
    let found: Vec<&str> =
        said.lines().filter(|l| ["WRONG", "LOST ", "CRASH"].contains(&l.get(..5).unwrap_or(""))).collect();
    let is_excused =
        |line: &str| line.starts_with("WRONG") && excused.iter().any(|e| line.ends_with(&format!(": {e}")));
    let idle: Vec<&String> = excused.iter().filter(|e| !found.iter().any(|l| l.ends_with(&format!(": {e}")))).collect();
    let ended = output.status.code().is_some_and(|code| code == i32::from(!found.is_empty()));
    if ended && refused.is_some_and(|n| n > 0) && idle.is_empty() && found.iter().all(|line| is_excused(line)) {
        return Ok(());
    }
    let idle = if idle.is_empty() { String::new() } else { format!("in faults.tsv for nothing: {idle:?}\n") };
    Err(format!("{said}{idle}{}", String::from_utf8_lossy(&output.stderr)).into())
}
