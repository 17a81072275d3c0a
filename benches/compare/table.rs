//! The table that is read: ours, each CPython's, and how many times faster we are than the
//! fastest of them, by the least figures and by the medians.

use crate::measure::Figure;
use crate::peer::Failure;

pub struct Table {
    names: Vec<String>,
    /// The first CPython that counts. 3.11 has no immortals, and is the measure only where
    /// no later one is at hand.
    rivals: usize,
    /// By kernel: to the fastest CPython, and to each.
    ratios: Vec<(String, f64)>,
    to_each: Vec<Vec<f64>>,
    failures: Vec<String>,
}

impl Table {
    pub fn new(names: Vec<String>) -> Table {
        println!(
            "ns an operation, the least of all rounds. \u{d7}: the fastest CPython's by ours, and by the medians;"
        );
        println!("of 3.13 and later, if one is at hand");
        let to_each = vec![Vec::new(); names.len()];
        let rivals = names.iter().skip(1).position(|name| name != "CPython 3.11").map_or(1, |index| index + 1);
        Table { names, rivals, ratios: Vec::new(), to_each, failures: Vec::new() }
    }

    pub fn heading(&self, question: &str) {
        print!("\n{question:34}");
        for name in &self.names {
            print!("{name:>14}");
        }
        println!("{:>8}{:>8}", "\u{d7}", "median");
    }

    pub fn row(&mut self, kernel: &str, figures: &[Result<Figure, Failure>]) {
        self.figures(kernel, figures);
        let (_, rivals) = figures.split_at(self.rivals);
        let fastest = |of: fn(&Figure) -> f64| rivals.iter().flatten().map(of).min_by(f64::total_cmp);
        let least = fastest(|figure| figure.least);
        let median = fastest(|figure| figure.median);
        if let (Ok(ours), Some(least), Some(median)) = (&figures[0], least, median) {
            let ratio = least / ours.least;
            print!("{ratio:>8.2}{:>8.2}", median / ours.median);
            if !kernel.starts_with("baseline") {
                self.ratios.push((kernel.to_owned(), ratio));
                for (figure, ratios) in figures.iter().zip(&mut self.to_each) {
                    ratios.extend(figure.as_ref().map(|figure| figure.least / ours.least));
                }
            }
        }
        println!();
    }

    /// A row that is no time.
    pub fn bytes(&mut self, what: &str, figures: &[Result<Figure, Failure>]) {
        print!("{what:34}");
        for figure in figures.iter() {
            print!("{:>14}", figure.as_ref().map_or("-".to_owned(), |figure| format!("{:.0}", figure.median)));
        }
        println!();
    }

    fn figures(&mut self, kernel: &str, figures: &[Result<Figure, Failure>]) {
        print!("{kernel:34}");
        for (name, figure) in self.names.iter().zip(figures) {
            match figure {
                Ok(figure) => print!("{:>14}", short(figure.least)),
                Err(Failure(why)) => {
                    print!("{:>14}", "-");
                    self.failures.push(format!("skipped: {kernel}, {name}: {why}"));
                }
            }
        }
    }

    pub fn end(&self) {
        println!();
        for failure in &self.failures {
            println!("{failure}");
        }
        if self.ratios.is_empty() {
            return;
        }
        let all: Vec<f64> = self.ratios.iter().map(|(_, ratio)| *ratio).collect();
        println!("geometric mean of {} kernels: {:.2} times the fastest", all.len(), mean(&all));
        for (name, ratios) in self.names.iter().zip(&self.to_each).skip(1) {
            println!("{:30} {:.2} times {name}", "", mean(ratios));
        }
        for (kernel, ratio) in self.ratios.iter().filter(|(_, ratio)| *ratio < 1.0) {
            println!("slower than CPython: {kernel}, {ratio:.2}");
        }
    }
}

fn mean(ratios: &[f64]) -> f64 {
    let sum: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    (sum / ratios.len() as f64).exp()
}

fn short(nanoseconds: f64) -> String {
    if nanoseconds < 1000.0 { format!("{nanoseconds:.1}") } else { format!("{nanoseconds:.0}") }
}
