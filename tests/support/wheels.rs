//! The wheels for the stable ABI that tests run: unmodified binaries, fetched by pip into `target/wheels`, once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Module, Runtime};

/// A distribution, its version, and the module in it without `.abi3.so`.
pub struct Wheel {
    pub name: &'static str,
    version: &'static str,
    module: &'static str,
}

pub const WHEELS: [Wheel; 8] = [
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
    pub fn module(&self) -> Module {
        let name = self.module.rsplit('/').next().expect("a last part").to_owned();
        let file = self.folder().join(format!("{}.abi3.so", self.module));
        Module { name, file }
    }

    fn folder(&self) -> PathBuf {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target");
        target.join("wheels").join(format!("{}-{}", self.name, self.version))
    }

    /// Downloads and unpacks the wheel, unless it is there; or why it cannot.
    pub fn fetch(&self) -> Result<(), String> {
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
}

/// The CPython to compare with: the newest at hand, 3.11 or later.
pub fn oracle() -> Option<Runtime> {
    let installed = || (11..=15).rev().find_map(super::cpython).map(Runtime::Library);
    super::cpython_3_15().or_else(installed)
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("python3: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(errors.trim_end().lines().last().unwrap_or("pip failed").to_owned())
}

/// The folder of the expressions, `NAME.expr`.
pub fn folder() -> PathBuf {
    super::root().join("tests/wheels")
}
