//! The figures, by runtime: our strategies first, then the CPythons. They are kept as JSON, for other programs and for
//! the page to be drawn again.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::experiments::FORMS;
use crate::strategies::STRATEGIES;

/// A kernel: nanoseconds an operation, the least and the median.
pub struct Row {
    pub question: String,
    pub name: String,
    pub figures: Vec<Option<[f64; 2]>>,
}

/// What becomes of None when code counts it without balance.
#[derive(Clone, PartialEq)]
pub enum Outcome {
    /// The word is as it was.
    Untouched,
    /// The word had drifted, and was written back.
    Healed,
    /// The process goes on.
    Survives,
    /// The process ends, or None does.
    Ends(String),
}

pub struct Results {
    pub names: Vec<String>,
    /// How many of them are strategies.
    pub ours: usize,
    pub kernels: Vec<Row>,
    /// Nanoseconds a pair with one thread and with two, and whether each had its own interpreter (1).
    pub traffic: Vec<Option<[f64; 3]>>,
    /// KiB dirtied in a child that uses the runtime's objects, that reads its own data, and after the heap walk.
    pub fork: Vec<[Option<f64>; 3]>,
    /// KiB at start-up: private and dirty, and Pss.
    pub memory: Vec<Option<[f64; 2]>>,
    pub unbalanced: Vec<Vec<Outcome>>,
    /// Kind; how many, bytes, bytes that a mortal would have given back.
    pub immortals: Vec<(String, [u64; 3])>,
    pub records: usize,
    pub notes: Vec<String>,
    pub machine: String,
}

impl Results {
    pub fn new(names: Vec<String>, ours: usize) -> Results {
        Results {
            names,
            ours,
            kernels: Vec::new(),
            traffic: Vec::new(),
            fork: Vec::new(),
            memory: Vec::new(),
            unbalanced: Vec::new(),
            immortals: Vec::new(),
            records: 0,
            notes: Vec::new(),
            machine: machine(),
        }
    }

    /// What is compared: a kernel that says it is a baseline is the same work everywhere.
    pub fn compared(&self) -> impl Iterator<Item = &Row> {
        self.kernels.iter().filter(|row| !row.name.starts_with("baseline"))
    }

    pub fn kernel(&self, name: &str) -> Option<&Row> {
        self.kernels.iter().find(|row| row.name == name)
    }

    /// For each kernel that both ran, the least time of `one` by that of `other`.
    pub fn ratios(&self, one: usize, other: usize) -> Vec<(&Row, f64)> {
        let ratio = |row: &Row| Some(row.figures[one]?[0] / row.figures[other]?[0]);
        self.compared().filter_map(|row| Some((row, ratio(row)?))).collect()
    }

    pub fn is_strategy(&self, runtime: usize) -> bool {
        runtime < self.ours
    }

    pub fn json(&self) -> String {
        let kernels: Vec<Value> = self
            .kernels
            .iter()
            .map(|row| json!({"question": row.question, "name": row.name, "ns": row.figures}))
            .collect();
        let outcome = |outcome: &Outcome| match outcome {
            Outcome::Untouched => json!("untouched"),
            Outcome::Healed => json!("healed"),
            Outcome::Survives => json!("survives"),
            Outcome::Ends(why) => json!({"ends": why}),
        };
        let unbalanced: Vec<Vec<Value>> =
            self.unbalanced.iter().map(|forms| forms.iter().map(outcome).collect()).collect();
        let all = json!({
            "runtimes": self.names, "strategies": self.ours, "machine": self.machine, "kernels": kernels,
            "traffic_ns_1_2_own": self.traffic, "fork_kib_use_read_walked": self.fork, "records": self.records,
            "memory_kib_private_pss": self.memory, "forms": FORMS, "unbalanced": unbalanced,
            "immortals": self.immortals, "notes": self.notes,
        });
        serde_json::to_string_pretty(&all).expect("figures are JSON")
    }

    /// What an earlier run wrote.
    pub fn read(path: &Path) -> Result<Results, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let all: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        Results::of(&all).ok_or_else(|| format!("{} is not of this lab: measure anew", path.display()))
    }

    fn of(all: &Value) -> Option<Results> {
        let figures = |value: &Value| value.as_array().map(|row| row.iter().map(Value::as_f64).collect::<Vec<_>>());
        let rows = |key: &str| Some(all[key].as_array()?.iter().map(figures).collect::<Vec<_>>());
        let texts = |value: &Value| {
            let texts = value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>()
        };
        let mut results = Results::new(texts(&all["runtimes"])?, all["strategies"].as_u64()? as usize);
        results.machine = all["machine"].as_str()?.to_owned();
        results.records = all["records"].as_u64()? as usize;
        results.notes = texts(&all["notes"])?;
        for row in all["kernels"].as_array()? {
            let times = row["ns"].as_array()?.iter().map(|pair| Some([pair[0].as_f64()?, pair[1].as_f64()?]));
            let text = |key: &str| row[key].as_str().map(str::to_owned);
            results.kernels.push(Row { question: text("question")?, name: text("name")?, figures: times.collect() });
        }
        let whole = |row: &Option<Vec<Option<f64>>>| row.as_ref()?.iter().copied().collect::<Option<Vec<f64>>>();
        results.traffic = rows("traffic_ns_1_2_own")?.iter().map(|row| whole(row)?.try_into().ok()).collect();
        results.memory = rows("memory_kib_private_pss")?.iter().map(|row| whole(row)?.try_into().ok()).collect();
        results.fork =
            rows("fork_kib_use_read_walked")?.into_iter().map(|row| row?.try_into().ok()).collect::<Option<_>>()?;
        for forms in all["unbalanced"].as_array()? {
            let outcome = |value: &Value| match value.as_str() {
                Some("untouched") => Outcome::Untouched,
                Some("healed") => Outcome::Healed,
                Some(_) => Outcome::Survives,
                None => Outcome::Ends(value["ends"].as_str().unwrap_or_default().to_owned()),
            };
            results.unbalanced.push(forms.as_array()?.iter().map(outcome).collect());
        }
        for kind in all["immortals"].as_array()? {
            let number = |place: usize| kind[1][place].as_u64();
            results.immortals.push((kind[0].as_str()?.to_owned(), [number(0)?, number(1)?, number(2)?]));
        }
        Some(results)
    }
}

/// The place of a strategy among the runtimes.
pub fn strategy(name: &str) -> usize {
    STRATEGIES.iter().position(|strategy| *strategy == name).expect("a strategy")
}

pub fn geometric_mean(ratios: &[f64]) -> f64 {
    (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len().max(1) as f64).exp()
}

/// The processor, as the kernel names it.
fn machine() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} cores of {}", model.map_or("an unnamed processor", |(_, name)| name))
}
