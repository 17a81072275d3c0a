//! Each kernel measured by criterion, on our library alone: for one change against the
//! next. How we stand to CPython says `cargo bench --bench compare`.
//! `DEATHLESS_BENCH_RUNTIME` names another runtime.

mod shared;

use std::time::Instant;

use criterion::Criterion;
use shared::{QUESTIONS, Runtime, build_kernels, our_library};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let runtime = Runtime::load(&our_library()).expect("the runtime can be loaded");
    let startup = |bencher: &mut criterion::Bencher| {
        bencher.iter(|| {
            runtime.start();
            assert!(runtime.end(), "Py_FinalizeEx fails");
        });
    };
    criterion.bench_function("startup/start and end a runtime", startup);
    runtime.start();
    let kernels = runtime.kernels(&build_kernels()).expect("the kernels can be loaded");
    for question in QUESTIONS {
        let mut group = criterion.benchmark_group(question);
        for kernel in kernels.iter().filter(|kernel| kernel.question == question) {
            group.bench_function(kernel.name, |bencher| {
                bencher.iter_custom(|count| {
                    let begun = Instant::now();
                    runtime.run(kernel, count).unwrap_or_else(|error| panic!("{}: {error}", kernel.name));
                    begun.elapsed()
                });
            });
        }
        group.finish();
    }
    criterion.final_summary();
}
