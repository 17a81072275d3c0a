//! Modules from wheels for the stable ABI, unmodified, loaded alone on our library:
//! `tests/wheels/WHEEL.expr` against CPython in the same test.
//!
//! pip fetches the pinned wheels into `target/wheels`, once. CPython is the newest
//! at hand, 3.11 or later; the expressions are those to which all of them answer
//! alike. `cargo test --test wheels -- --progress [PART…]` prints how many agree.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};

use support::{Comparison, Module, Runtime, evaluate, expressions, read};

/// A distribution, its version, and the module in it without `.abi3.so`.
struct Wheel {
    name: &'static str,
    version: &'static str,
    module: &'static str,
}

const WHEELS: [Wheel; 8] = [
    Wheel { name: "bcrypt", version: "5.0.0", module: "bcrypt/_bcrypt" },
    Wheel { name: "nh3", version: "0.3.8", module: "nh3/nh3" },
    Wheel { name: "psutil", version: "7.2.2", module: "psutil/_psutil_linux" },
    Wheel { name: "pylsqpack", version: "1.0.0", module: "pylsqpack/_binding" },
    Wheel { name: "rbloom", version: "1.5.4", module: "rbloom/rbloom" },
    Wheel { name: "safetensors", version: "0.8.0", module: "safetensors/_safetensors_rust" },
    Wheel { name: "tornado", version: "6.6.1", module: "tornado/speedups" },
    Wheel { name: "tree-sitter-python", version: "0.25.0", module: "tree_sitter_python/_binding" },
];

const PLATFORMS: [&str; 3] = ["manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"];

impl Wheel {
    fn module(&self) -> Module {
        let name = self.module.rsplit('/').next().expect("a last part").to_owned();
        let file = self.folder().join(format!("{}.abi3.so", self.module));
        Module { name, file }
    }

    fn folder(&self) -> PathBuf {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target");
        target.join("wheels").join(format!("{}-{}", self.name, self.version))
    }

    /// Downloads and unpacks the wheel, unless it is there; or why it cannot.
    fn fetch(&self) -> Result<(), String> {
        if self.module().file.exists() {
            return Ok(());
        }
        let folder = self.folder();
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]);
        pip.args(["--only-binary", ":all:", "--python-version", "3.13", "--implementation", "cp", "--abi", "abi3"]);
        pip.args(PLATFORMS.iter().flat_map(|platform| ["--platform", platform]));
        pip.arg("-d").arg(&folder).arg(format!("{}=={}", self.name, self.version));
        succeed(&mut pip)?;
        let files = fs::read_dir(&folder).map_err(|error| error.to_string())?;
        let is_wheel = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "whl");
        let wheel = files.flatten().map(|entry| entry.path()).find(is_wheel).ok_or("pip left no wheel")?;
        succeed(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(wheel).arg(&folder))
    }

    fn compare(&self, oracle: &Runtime) -> Result<Comparison, Failed> {
        self.fetch()?;
        let path = folder().join(format!("{}.expr", self.name));
        let lines = expressions(&read(&path)?);
        let module = self.module();
        let expected = evaluate(oracle, Some(&module), &lines)?;
        let found = evaluate(&Runtime::Ours, Some(&module), &lines)?;
        Ok(Comparison::new(&lines, &expected, &found))
    }
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("python3: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(errors.trim_end().lines().last().unwrap_or("pip failed").to_owned())
}

fn folder() -> PathBuf {
    support::root().join("tests/wheels")
}

fn oracle() -> Option<Runtime> {
    let installed = || (11..=15).rev().find_map(support::cpython).map(Runtime::Library);
    support::cpython_3_15().or_else(installed)
}

fn main() -> ExitCode {
    let Some(oracle) = oracle() else {
        eprintln!("skipped: no shared library of CPython 3.11 or later is at hand");
        return ExitCode::SUCCESS;
    };
    let names: Vec<String> = WHEELS.iter().map(|wheel| wheel.name.to_owned()).collect();
    let wheel = |name: &str| WHEELS.iter().find(|wheel| wheel.name == name).expect("one of them");
    if support::progress(&names, |name| wheel(name).compare(&oracle)) {
        return ExitCode::SUCCESS;
    }
    match support::update_open(&folder(), &names, |name| wheel(name).compare(&oracle)) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(failed) => return support::give_up(&failed),
    }
    let arguments = Arguments::from_args();
    let listing = arguments.list;
    let trials = WHEELS.iter().map(|wheel| {
        let oracle = oracle.clone();
        let skipped = !listing && wheel.fetch().inspect_err(|why| eprintln!("skipped: {}: {why}", wheel.name)).is_err();
        Trial::test(format!("ours::{}", wheel.name), move || {
            wheel.compare(&oracle)?.verdict_of_ours(&folder(), wheel.name)
        })
        .with_ignored_flag(skipped)
    });
    let trials = trials.collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}
