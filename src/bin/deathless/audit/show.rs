//! What the audit found, for people and for programs.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

use super::Audited;
use super::books::{Entry, Function};
use super::verdict::Finding;
use crate::args::Audit;
use crate::object::{Obj, PyObject};
use crate::report::{self, quoted};
use crate::site::{self, Site};

/// A finding in words.
struct Row {
    function: String,
    site: Option<Site>,
    kind: String,
    is_immortal: bool,
    leaked: bool,
    /// References for each call, or, if that is no whole number, for each round.
    amount: i64,
    each: &'static str,
    sources: Vec<String>,
    places: Vec<Place>,
    instead: Vec<String>,
    /// It returns None, True or another constant without owning it, and runs only where that does not matter.
    tolerated: bool,
}

/// Where references changed hands.
struct Place {
    how: String,
    api: Option<String>,
    function: Option<String>,
    line: Option<String>,
    offset: usize,
    balance: i64,
}

pub struct Report {
    file: String,
    library: String,
    caveat: Option<&'static str>,
    expressions: usize,
    rounds: usize,
    growth: i64,
    not_run: Vec<String>,
    unheard: u64,
    rows: Vec<Row>,
}

/// The immortal's repr; these are alive for good.
pub fn name_of_immortal(address: usize) -> String {
    let object = Obj::from_borrowed(std::ptr::with_exposed_provenance_mut::<PyObject>(address));
    let text = object.and_then(|object| report::repr(&object).ok()).unwrap_or_else(|| "an immortal".to_owned());
    text.chars().take(60).collect()
}

fn name_of(function: &Function) -> String {
    function.name.as_deref().unwrap_or("a field that the runtime sets").to_owned()
}

/// Not a function, but what a file's threads do outside of any.
fn is_of_threads(function: &Function) -> bool {
    function.address == 0 && function.name.is_some()
}

/// The constants that `Py_RETURN_NONE` and its like return without owning them, from limited API 3.12 on.
fn is_returned_by_macro(name: &str) -> bool {
    matches!(name, "None" | "True" | "False" | "NotImplemented")
}

impl Report {
    /// `tolerant`: the module runs only where None and its like are immortal.
    pub fn new(
        options: &Audit,
        library: &Path,
        audited: Audited,
        caveat: Option<&'static str>,
        tolerant: bool,
    ) -> Report {
        let rounds = audited.rounds as i64;
        let rows = audited.findings.iter().map(|f| row(f, &audited.names, rounds, tolerant)).collect();
        Report {
            file: options.file.display().to_string(),
            library: library.display().to_string(),
            caveat,
            expressions: audited.expressions,
            rounds: audited.rounds,
            growth: audited.growth,
            not_run: audited.not_run,
            unheard: audited.unheard,
            rows,
        }
    }

    /// How many findings are faults.
    pub fn faults(&self) -> usize {
        self.rows.iter().filter(|row| !row.tolerated).count()
    }

    pub fn text(&self) -> String {
        let mut out = format!("{}: {} expressions, {} rounds\n", self.file, self.expressions, self.rounds);
        for line in &self.not_run {
            _ = writeln!(out, "not run, the evaluator does not know it: {line}");
        }
        self.rows.iter().filter(|row| !row.tolerated).for_each(|row| row.text(&mut out));
        if self.rows.iter().any(|row| row.tolerated) {
            out.push_str("\nright only where these are immortal, as they are from Python 3.12 on:\n");
            self.rows.iter().filter(|row| row.tolerated).for_each(|row| row.text(&mut out));
        }
        match self.faults() {
            0 => out.push_str("\nno function's balance drifts with the number of calls\n"),
            1 => out.push_str("\n1 balance drifts with the number of calls\n"),
            n => _ = writeln!(out, "\n{n} balances drift with the number of calls"),
        }
        if self.growth > 0 {
            _ = writeln!(
                out,
                "{} blocks of memory more are allocated after each round{}",
                self.growth,
                match self.faults() {
                    0 => ": no reference is lost, but something holds more and more",
                    _ => "",
                }
            );
        }
        if self.unheard > 0 {
            let functions = if self.unheard == 1 { "function" } else { "functions" };
            _ = writeln!(
                out,
                "{} {functions} of the modules, those first called last, are not in the books: the library has no room to \
                 tell more of them apart",
                self.unheard
            );
        }
        if let Some(caveat) = self.caveat {
            _ = writeln!(out, "note: {caveat}");
        }
        out
    }

    pub fn json(&self) -> String {
        let list = |items: Vec<String>| format!("[{}]", items.join(","));
        let texts = |texts: &[String]| list(texts.iter().map(|text| quoted(text)).collect());
        let rows =
            |tolerated: bool| list(self.rows.iter().filter(|r| r.tolerated == tolerated).map(Row::json).collect());
        format!(
            "{{\"file\":{},\"runtime\":{},\"expressions\":{},\"rounds\":{},\"blocks_each_round\":{},\"not_run\":{},\"functions_not_in_the_books\":{},\"note\":{},\
             \"findings\":{},\"relies_on_immortality\":{}}}\n",
            quoted(&self.file),
            quoted(&self.library),
            self.expressions,
            self.rounds,
            self.growth,
            texts(&self.not_run),
            self.unheard,
            optional(self.caveat),
            rows(false),
            rows(true),
        )
    }
}

fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), quoted)
}

fn row(finding: &Finding, names: &HashMap<usize, String>, rounds: i64, tolerant: bool) -> Row {
    let kind = match names.get(&finding.kind.immortal) {
        Some(name) => name.clone(),
        None => finding.kind.name.to_string(),
    };
    let by_call = finding.calls != 0 && finding.excess % finding.calls == 0;
    let (amount, each) = match by_call {
        true if is_of_threads(&finding.function) => (finding.excess / finding.calls, "thread"),
        true => (finding.excess / finding.calls, "call"),
        false => (finding.excess / rounds, "round"),
    };
    let returned: i64 = finding.entries.iter().filter(|(e, _)| &*e.how == "returned").map(|(_, by)| by).sum();
    let by_macro = finding.kind.immortal != 0 && is_returned_by_macro(&kind) && returned <= finding.excess;
    let divisor = if by_call { finding.calls } else { rounds };
    let mut places: Vec<Place> = finding.entries.iter().map(|(entry, by)| place(entry, *by, divisor)).collect();
    places.sort_by_key(|place| (place.offset == 0, place.offset));
    Row {
        function: name_of(&finding.function),
        site: (finding.function.address != 0).then(|| site::at(finding.function.address)),
        kind,
        is_immortal: finding.kind.immortal != 0,
        leaked: finding.excess > 0,
        amount: amount.abs(),
        each,
        sources: finding.sources.clone(),
        places,
        instead: finding.instead.iter().map(name_of).collect(),
        tolerated: tolerant && finding.excess < 0 && by_macro,
    }
}

fn place(entry: &Entry, by: i64, divisor: i64) -> Place {
    // A return address is that of the next instruction.
    let site = (entry.site != 0).then(|| site::at(entry.site - 1));
    let api = (entry.api != 0).then(|| site::at(entry.api).function_name().into_owned());
    Place {
        how: entry.how.to_string(),
        api,
        function: site.as_ref().map(|site| site.function_name().into_owned()),
        line: site.as_ref().and_then(Site::line),
        offset: site.as_ref().map_or(0, |site| site.offset),
        balance: if divisor != 0 && by % divisor == 0 { by / divisor } else { by },
    }
}

impl Place {
    fn text(&self) -> String {
        let what = match (&*self.how, &self.api) {
            ("handed", Some(api)) => format!("given by {api}"),
            ("taken", Some(api)) => format!("taken over by {api}"),
            ("counted", Some(api)) => format!("counted by {api}"),
            ("handed", None) => "given by another function of a module".to_owned(),
            ("returned", _) => "returned".to_owned(),
            ("instance's type", _) => "the instance's reference to its type".to_owned(),
            ("field", _) => "in a field that the runtime sets".to_owned(),
            (how, _) => how.to_owned(),
        };
        match (&self.line, &self.function) {
            (Some(line), _) => format!("{what}, at {line}"),
            (None, Some(function)) => format!("{what}, in {function} (offset {:#x})", self.offset),
            (None, None) => what,
        }
    }

    fn json(&self) -> String {
        format!(
            "{{\"how\":{},\"by\":{},\"function\":{},\"line\":{},\"offset\":{},\"balance\":{}}}",
            quoted(&self.how),
            optional(self.api.as_deref()),
            optional(self.function.as_deref()),
            optional(self.line.as_deref()),
            self.offset,
            self.balance,
        )
    }
}

impl Row {
    fn direction(&self) -> &'static str {
        if self.leaked { "leaked" } else { "over-released" }
    }

    fn text(&self, out: &mut String) {
        let Row { function, kind, amount, each, .. } = self;
        let times = if *amount == 1 { "reference" } else { "references" };
        let what = if self.is_immortal { format!("{kind} (immortal here)") } else { kind.clone() };
        _ = writeln!(out, "\n{function}: {amount} {times} to {what} {} each {each}", self.direction());
        if let Some(site) = &self.site {
            _ = writeln!(out, "    the function is {site}");
        }
        for place in &self.places {
            _ = writeln!(out, "    {:+} {}", place.balance, place.text());
        }
        let sources: Vec<&str> = self.sources.iter().take(3).map(String::as_str).collect();
        let more = self.sources.len() - sources.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        _ = writeln!(out, "    seen in {}{more}", sources.join(" | "));
        if !self.instead.is_empty() {
            _ = writeln!(out, "    or it is {}: the books do not tell", self.instead.join(" or "));
        }
    }

    fn json(&self) -> String {
        let texts = |texts: &[String]| texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(",");
        let site = self.site.as_ref();
        format!(
            "{{\"function\":{},\"symbol\":{},\"line\":{},\"object\":{},\"immortal\":{},\"direction\":{},\"amount\":{},\
             \"each\":{},\"expressions\":[{}],\"sites\":[{}],\"or\":[{}]}}",
            quoted(&self.function),
            optional(site.map(|site| site.function_name().into_owned()).as_deref()),
            optional(site.and_then(Site::line).as_deref()),
            quoted(&self.kind),
            self.is_immortal,
            quoted(self.direction()),
            self.amount,
            quoted(self.each),
            texts(&self.sources),
            self.places.iter().map(Place::json).collect::<Vec<_>>().join(","),
            texts(&self.instead),
        )
    }
}
