//! What is worth a look without a browser.

use crate::results::{Results, geometric_mean, strategy};

/// A line for each kernel: nanoseconds with the check and without, and the one by the other.
pub fn print_kernels(results: &Results) {
    print!("{:34}", "ns an operation");
    results.names.iter().for_each(|name| print!("{name:>12}"));
    println!("{:>18}", "immortal/plain");
    let (immortal, plain) = (strategy("immortal"), strategy("plain"));
    for row in &results.kernels {
        print!("{:34}", row.name);
        row.figures.iter().for_each(|figure| print!("{:>12}", figure.map_or("-".into(), |f| format!("{:.2}", f[0]))));
        let ratio = row.figures[immortal].zip(row.figures[plain]).map(|(one, other)| one[0] / other[0]);
        println!("{:>18}", ratio.map_or("-".into(), |ratio| format!("{ratio:.3}")));
    }
    print_ratios(results);
}

pub fn print(results: &Results) {
    print_ratios(results);
    print_runtimes(results);
}

fn print_ratios(results: &Results) {
    let (immortal, plain) = (strategy("immortal"), strategy("plain"));
    println!("\nimmortal by the other strategies, time of the kernels (below 1: immortal is quicker)");
    for other in 1..results.ours {
        let ratios = results.ratios(immortal, other);
        let all: Vec<f64> = ratios.iter().map(|(_, ratio)| *ratio).collect();
        let worst = ratios.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let worst = worst.map_or(String::new(), |(row, ratio)| format!("{ratio:.3} ({})", row.name));
        let mean = geometric_mean(&all);
        println!(
            "  {:12} geometric mean {mean:.3} of {} kernels, the highest {worst}",
            results.names[other],
            all.len()
        );
    }
    let over = results.ratios(immortal, plain).into_iter().filter(|(_, ratio)| *ratio > 1.05);
    over.for_each(|(row, ratio)| println!("  over 1.05 of plain: {} {ratio:.3}", row.name));
}

fn print_runtimes(results: &Results) {
    println!(
        "\n{:14}{:>11}{:>11}{:>9}{:>9}{:>10}{:>11}{:>11}",
        "", "None", "mortal", "1 thr.", "2 thr.", "start", "fork: use", "fork: read"
    );
    println!(
        "{:14}{:>11}{:>11}{:>9}{:>9}{:>10}{:>11}{:>11}",
        "", "ns/pair", "ns/pair", "ns/pair", "ns/pair", "KiB", "KiB", "KiB"
    );
    let least = |name: &str, runtime: usize| results.kernel(name).and_then(|row| row.figures[runtime]).map(|f| f[0]);
    for (runtime, name) in results.names.iter().enumerate() {
        let show = |figure: Option<f64>, digits: usize| figure.map_or("-".to_owned(), |f| format!("{f:.digits$}"));
        println!(
            "{name:14}{:>11}{:>11}{:>9}{:>9}{:>10}{:>11}{:>11}",
            show(least("Py_IncRef, Py_DecRef of None", runtime), 2),
            show(least("Py_IncRef, Py_DecRef of a mortal", runtime), 2),
            show(results.traffic[runtime].map(|t| t[0]), 2),
            show(results.traffic[runtime].map(|t| t[1]), 2),
            show(results.memory[runtime].map(|m| m[0]), 0),
            show(results.fork[runtime][0], 0),
            show(results.fork[runtime][1], 0),
        );
    }
    for (name, fork) in results.names.iter().zip(&results.fork) {
        if let Some(walked) = fork[2] {
            println!("{name}: after the heap walk a child that reads dirties {walked:.0} KiB");
        }
    }
    results.notes.iter().for_each(|note| println!("no figure: {note}"));
}
