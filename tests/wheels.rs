//! Modules from wheels for the stable ABI, unmodified, loaded alone on our library:
//! `tests/wheels/WHEEL.expr` against CPython in the same test.
//!
//! pip fetches the pinned wheels into `target/wheels`, once. CPython is the newest
//! at hand, 3.11 or later; the expressions are those to which all of them answer
//! alike. `cargo test --test wheels -- --progress [PART…]` prints how many agree.

mod support;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use support::wheels::{WHEELS, Wheel, folder, oracle};
use support::{Comparison, Runtime, evaluate, expressions, read};

/// What CPython and our library answer to the wheel's expressions.
fn compare(wheel: &Wheel, oracle: &Runtime) -> Result<Comparison, Failed> {
    wheel.fetch()?;
    let path = folder().join(format!("{}.expr", wheel.name));
    let lines = expressions(&read(&path)?);
    let module = wheel.module();
    let expected = evaluate(oracle, Some(&module), &lines)?;
    let found = evaluate(&Runtime::Ours, Some(&module), &lines)?;
    Ok(Comparison::new(&lines, &expected, &found))
}

fn main() -> ExitCode {
    let Some(oracle) = oracle() else {
        eprintln!("skipped: no shared library of CPython 3.11 or later is at hand");
        return ExitCode::SUCCESS;
    };
    let names: Vec<String> = WHEELS.iter().map(|wheel| wheel.name.to_owned()).collect();
    let wheel = |name: &str| WHEELS.iter().find(|wheel| wheel.name == name).expect("one of them");
    if support::progress(&names, |name| compare(wheel(name), &oracle)) {
        return ExitCode::SUCCESS;
    }
    match support::update_open(&folder(), &names, |name| compare(wheel(name), &oracle)) {
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
            compare(wheel, &oracle)?.verdict_of_ours(&folder(), wheel.name)
        })
        .with_ignored_flag(skipped)
    });
    let trials = trials.collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}
