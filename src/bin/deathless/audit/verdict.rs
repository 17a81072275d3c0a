//! Who makes the balance drift.
//!
//! A function that holds more references after a call than before is no fault by itself: a constructor stores one, a
//! destructor drops it. What counts is that the module's sum, over all functions, grows or shrinks with every round.
//! Within an expression whose sum drifts, a function is beyond suspicion as far as it does, call for call, what it also
//! does in expressions whose sum does not drift.

use std::collections::{BTreeMap, HashMap};

use super::books::{Books, Entry, Function, Kind};

/// What one expression did in all measured rounds together.
pub struct Measured {
    pub source: String,
    pub books: Books,
}

/// A function whose balance drifts.
pub struct Finding {
    pub function: Function,
    pub kind: Kind,
    /// References too many for all its calls in the measured rounds; negative for too few.
    pub excess: i64,
    pub calls: i64,
    /// The expressions in which it shows.
    pub sources: Vec<String>,
    /// Where the function's references of that kind changed hands, in those expressions.
    pub entries: BTreeMap<Entry, i64>,
    /// Others that would explain the same as well.
    pub instead: Vec<Function>,
}

/// What a function does with a kind of object, call for call, where nothing drifts.
#[derive(Default)]
pub struct Habits(HashMap<(Function, Kind), Vec<(i64, i64)>>);

impl Habits {
    /// Learns from an expression: of the kinds that did not drift in it.
    pub fn learn(&mut self, measured: &Measured) {
        let totals = measured.books.totals();
        for entry in measured.books.balances.keys().filter(|entry| !totals.contains_key(&entry.kind)) {
            let sums = measured.books.by_function(&entry.kind);
            let Some(&sum) = sums.get(&entry.function) else { continue };
            let calls = measured.books.calls.get(&entry.function).copied().unwrap_or(0);
            let known = self.0.entry((entry.function.clone(), entry.kind.clone())).or_default();
            if !known.contains(&(sum, calls)) {
                known.push((sum, calls));
            }
        }
    }

    /// What is left of `sum` after what the function does elsewhere without harm: the least of several.
    fn excess(&self, function: &Function, kind: &Kind, sum: i64, calls: i64) -> i64 {
        let known = self.0.get(&(function.clone(), kind.clone()));
        let usual = known.into_iter().flatten().filter(|(_, n)| *n != 0).map(|(s, n)| sum - s * calls / n);
        usual.chain([sum]).min_by_key(|excess| excess.abs()).unwrap_or(sum)
    }
}

/// Whether a function lives to keep references (1), or to drop what was kept (-1).
fn calling(function: &Function) -> i64 {
    let Some(name) = &function.name else { return 0 };
    let any = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    if any(&["tp_new ", "tp_init ", "tp_alloc ", "setter "]) {
        1
    } else if any(&["tp_dealloc ", "tp_clear ", "tp_finalize ", "tp_del "]) {
        -1
    } else {
        0
    }
}

/// The functions that explain the drift of `kind` by `total` in an expression, with the excess of each; and, where one
/// of several would do, the others.
fn explain(habits: &Habits, books: &Books, kind: &Kind, total: i64) -> (Vec<(Function, i64)>, Vec<Function>) {
    let calls = |function: &Function| books.calls.get(function).copied().unwrap_or(0);
    let sums = books.by_function(kind);
    let mut suspects: Vec<(Function, i64)> = sums.iter().map(|(f, &sum)| (f.clone(), sum)).collect();
    let with_habits = suspects.iter().map(|(f, sum)| (f.clone(), habits.excess(f, kind, *sum, calls(f))));
    let with_habits: Vec<(Function, i64)> =
        with_habits.filter(|(_, excess)| excess.signum() == total.signum()).collect();
    if !with_habits.is_empty() {
        suspects = with_habits;
    } else {
        suspects.retain(|(_, sum)| sum.signum() == total.signum());
    }
    suspects.sort();
    if suspects.iter().map(|(_, excess)| excess).sum::<i64>() == total {
        return (suspects, Vec::new());
    }
    if let [(only, _)] = &suspects[..] {
        // What others let go is what it keeps for them.
        return (vec![(only.clone(), total)], Vec::new());
    }
    let alone: Vec<(Function, i64)> = suspects.iter().filter(|(_, excess)| *excess == total).cloned().collect();
    let unusual: Vec<(Function, i64)> = alone.iter().filter(|(f, _)| calling(f) != total.signum()).cloned().collect();
    let choice = if unusual.is_empty() { alone } else { unusual };
    match choice.split_first() {
        Some((first, others)) => (vec![first.clone()], others.iter().map(|(f, _)| f.clone()).collect()),
        None => (suspects, Vec::new()),
    }
}

/// The kinds whose sum changes in every round, in one direction.
pub fn drifting(rounds: &[Books]) -> Vec<Kind> {
    let totals: Vec<HashMap<Kind, i64>> = rounds.iter().map(Books::totals).collect();
    let Some(first) = totals.first() else { return Vec::new() };
    let steady = |kind: &&Kind| {
        let sign = first[*kind].signum();
        totals.iter().all(|totals| totals.get(*kind).is_some_and(|total| total.signum() == sign))
    };
    let mut kinds: Vec<Kind> = first.keys().filter(steady).cloned().collect();
    kinds.sort();
    kinds
}

/// Who is behind the drift of the kinds.
pub fn find(habits: &Habits, expressions: &[Measured], kinds: &[Kind]) -> Vec<Finding> {
    let mut findings = Findings::default();
    for kind in kinds {
        let totals = expressions.iter().map(|m| m.books.totals().get(kind).copied().unwrap_or(0));
        let totals: Vec<i64> = totals.collect();
        let total: i64 = totals.iter().sum();
        let same_way = |it: &i64| it.signum() == total.signum();
        if totals.iter().filter(|it| same_way(it)).sum::<i64>() == total {
            let drifting = expressions.iter().zip(totals).filter(|(_, it)| same_way(it));
            drifting.for_each(|(measured, total)| findings.note(habits, kind, total, &measured.books, &[measured]));
        } else {
            // What one expression keeps another lets go: only all of them together drift.
            let mut books = Books::default();
            expressions.iter().for_each(|measured| books.add(&measured.books));
            findings.note(habits, kind, total, &books, &expressions.iter().collect::<Vec<_>>());
        }
    }
    findings.0.into_values().collect()
}

#[derive(Default)]
struct Findings(BTreeMap<(Kind, Function, bool), Finding>);

impl Findings {
    /// Notes who makes `kind` drift by `total` in `books`, which are those of the expressions.
    fn note(&mut self, habits: &Habits, kind: &Kind, total: i64, books: &Books, expressions: &[&Measured]) {
        let (guilty, instead) = explain(habits, books, kind, total);
        for (function, excess) in guilty {
            let key = (kind.clone(), function.clone(), excess > 0);
            let finding = self.0.entry(key).or_insert_with(|| Finding {
                function: function.clone(),
                kind: kind.clone(),
                excess: 0,
                calls: 0,
                sources: Vec::new(),
                entries: BTreeMap::new(),
                instead: instead.clone(),
            });
            finding.excess += excess;
            let is_of_it = |entry: &Entry| entry.function == function && entry.kind == *kind;
            for measured in expressions.iter().filter(|m| m.books.balances.keys().any(is_of_it)) {
                finding.sources.push(measured.source.clone());
                finding.calls += measured.books.calls.get(&function).copied().unwrap_or(0);
            }
            for (entry, balance) in books.balances.iter().filter(|(entry, _)| is_of_it(entry)) {
                *finding.entries.entry(entry.clone()).or_default() += balance;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str) -> Function {
        Function { name: Some(name.into()), address: 1 }
    }

    fn none() -> Kind {
        Kind { name: "NoneType".into(), immortal: 8 }
    }

    /// An expression in which each function was called once a round, in ten rounds, and changed a balance by as much.
    fn measured(source: &str, functions: &[(&str, i64)]) -> Measured {
        let mut books = Books::default();
        for &(name, by) in functions {
            let entry = Entry { function: function(name), kind: none(), how: "counted".into(), site: 2, api: 3 };
            books.balances.insert(entry, 10 * by);
            books.calls.insert(function(name), 10);
        }
        Measured { source: source.to_owned(), books }
    }

    fn verdict(expressions: &[Measured], controls: &[Measured]) -> Vec<(String, i64, usize)> {
        let mut habits = Habits::default();
        expressions.iter().chain(controls).for_each(|m| habits.learn(m));
        let findings = find(&habits, expressions, &[none()]);
        let row = |f: &Finding| (f.function.name.as_deref().unwrap_or("").to_owned(), f.excess, f.instead.len());
        findings.iter().map(row).collect()
    }

    #[test]
    fn the_only_function_that_holds_more_is_named() {
        let found = verdict(&[measured("f()", &[("f", 1)])], &[]);
        assert_eq!(found, [("f".to_owned(), 10, 0)]);
    }

    #[test]
    fn a_constructor_and_a_destructor_are_left_out() {
        let both = [("tp_new of C", 1), ("tp_dealloc of C", -1)];
        let bad = [("tp_new of C", 1), ("bad", -1), ("tp_dealloc of C", -1)];
        let named = [("bad".to_owned(), -10, 0)];
        assert_eq!(verdict(&[measured("C().bad()", &bad)], &[]), named);
        assert_eq!(verdict(&[measured("C().bad()", &bad)], &[measured("C()", &both)]), named);
    }

    #[test]
    fn what_a_function_does_elsewhere_without_harm_is_not_held_against_it() {
        let fine = measured("drop(keep())", &[("keep", 1), ("drop", -1)]);
        let leaks = measured("drop(keep()); other()", &[("keep", 1), ("drop", -1), ("other", 1)]);
        assert_eq!(verdict(&[fine, leaks], &[]), [("other".to_owned(), 10, 0)]);
    }

    #[test]
    fn one_expression_may_keep_what_another_lets_go() {
        let keeps = measured("x = C()", &[("keep", 1)]);
        let drops = measured("del x", &[("drop", -1)]);
        let leaks = measured("f()", &[("f", 1)]);
        let found = verdict(&[keeps, drops, leaks], &[]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].1, found[0].2), (10, 1), "keep or f, and it says so");
    }
}
