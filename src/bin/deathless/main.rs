//! `deathless`, the command line: a client of the C API like any other.
//!
//! It links to no runtime. `runtime.rs` opens one with `dlopen`, ours or
//! CPython's, and each command talks to it by the functions in `api.rs`.

mod api;
mod args;
mod eval;
mod module;
mod object;
mod report;
mod runtime;

use std::process::ExitCode;

use args::Command;

/// Exit code: the expression raised an exception.
const FAILED: u8 = 1;
/// Exit code: the command could not do its work.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    let outcome = args::parse(std::env::args_os()).and_then(|command| match command {
        Command::Print(text) => {
            print!("{text}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Version => {
            println!("deathless {}", env!("CARGO_PKG_VERSION"));
            Ok(ExitCode::SUCCESS)
        }
        Command::Eval(options) => eval::command(&options),
        Command::Immortals(_) | Command::Run(_) => Err("not yet".to_owned()),
    });
    outcome.unwrap_or_else(|sentence| {
        eprintln!("deathless: {sentence}");
        ExitCode::from(UNUSABLE)
    })
}
