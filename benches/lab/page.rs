//! The page: one file, no network, four questions in the order in which the proposal left them open.

use std::fmt::Write;

use crate::chart::{self, Group, Tone};
use crate::experiments::FORMS;
use crate::results::{Outcome, Results, Row, geometric_mean, strategy};

const NONE: &str = "Py_IncRef, Py_DecRef of None";
const MORTAL: &str = "Py_IncRef, Py_DecRef of a mortal";
const EMPTY: &str = "baseline: two empty calls";
const INLINE: [(&str, &str); 5] = [
    ("baseline: inline, no check", "no check (until 3.11)"),
    ("baseline: inline as 3.12, mortal", "3.12 and 3.13, a mortal"),
    ("baseline: inline as 3.12, None", "3.12 and 3.13, an immortal"),
    ("baseline: inline as 3.14, mortal", "3.14 and 3.15, a mortal"),
    ("baseline: inline as 3.14, None", "3.14 and 3.15, an immortal"),
];

pub fn page(results: &Results) -> String {
    let sections = [cost(results), objects(results), memory(results), extensions(results), strategies(results)];
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>Immortal objects: what they cost and save</title>\n<style>{}</style>\n\
         <main>\n<h1>Immortal objects: what they cost, and what they save</h1>\n<p class=\"lead\">An object that lives as \
         long as the process need not be counted. When that was proposed for CPython, four questions were open. These \
         are the answers of one library, built with and without the check, measured beside the CPythons at hand on {}. \
         Shorter bars are better throughout.</p>\n{}\n<footer>Raw figures: <code>lab.json</code> beside this page. Measure \
         anew: <code>make lab</code>.</footer>\n</main>\n",
        include_str!("page.css"),
        escaped(&results.machine),
        sections.join("\n"),
    )
}

fn cost(results: &Results) -> String {
    let (immortal, plain) = (strategy("immortal"), strategy("plain"));
    let ratios = results.ratios(immortal, plain);
    let all: Vec<f64> = ratios.iter().map(|(_, ratio)| *ratio).collect();
    let mean = geometric_mean(&all);
    let worst = all.iter().copied().fold(0.0, f64::max);
    let pair = |name, runtime| least(results, name, runtime).unwrap_or(f64::NAN);
    let mut out = heading(1, "What does the check in Py_INCREF cost, and how is that taken back?");
    out += &tiles(&[
        (format!("{mean:.3}"), "time of the whole with the check, by the time without: geometric mean of the kernels"),
        (format!("{worst:.3}"), "the same for the kernel that fares worst"),
        (ns(pair(NONE, immortal)), "Py_IncRef and Py_DecRef of None, called from an extension"),
        (ns(pair(EMPTY, immortal)), "two calls of functions that do nothing"),
    ]);
    let mortal = pair(MORTAL, immortal) - pair(MORTAL, plain);
    let _ = write!(
        out,
        "<p>On a mortal the check adds {} to a pair of calls: the test of a flag whose bytes are loaded for themselves, \
         so that no load waits for the store of another width. On an immortal it saves the two writes, and what is \
         known to be immortal when the library is compiled (None, True, a small int, a type) is not even asked. Of \
         what the check costs on mortals, immortals give {} back; the measure is the whole.</p>",
        ns(mortal),
        if mean <= 1.0 { "all" } else { "a part" },
    );
    out += "<h3>A pair of references, called from an extension, ns</h3>";
    let legend = [("of None", Tone::Ours, false), ("of a mortal", Tone::Ours, true)];
    out += &figure(
        &by_runtime(results, |runtime| vec![least(results, NONE, runtime), least(results, MORTAL, runtime)]),
        &legend,
        |value| format!("{value:.2}"),
    );
    let bar = |(kernel, title): &(&str, &str)| Group {
        name: (*title).to_owned(),
        bars: vec![(least(results, kernel, immortal), Tone::Rival, false)],
    };
    out += "<h3>A pair as compilers put it into extensions, ns</h3><p>Inlined, on a word in memory. The form of 3.12 loads 64 \
            bits right after a store of 32, and has to wait for it: that, not the branch, was its price.</p>";
    out += &figure(&INLINE.iter().map(bar).collect::<Vec<_>>(), &[], |value| format!("{value:.2}"));
    out += "<h3>The kernels: <em>immortal</em> by <em>plain</em></h3><p>The time with the check by the time of the same library \
            without it, where every reference is counted. Left of 1, immortality saves more than it costs; the red line is \
            5 % over.";
    let _ = write!(
        out,
        " Kernels that are the same work in both differ by up to {:.0} %: less is not told apart.</p>",
        100.0 * noise(results)
    );
    let mut sorted: Vec<(String, f64)> = ratios.iter().map(|(row, ratio)| (row.name.clone(), *ratio)).collect();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let low = sorted.first().map_or(0.9, |(_, ratio)| (ratio - 0.02).clamp(0.6, 0.88));
    out += &format!("<figure>{}</figure>", chart::dots(&sorted, 1.05, low, worst.clamp(1.1, 1.25)));
    out += &kernel_table(results);
    out += "<h3>Two threads on the same objects, ns a pair</h3>";
    out += &threads(results);
    out + "</section>"
}

/// How far the baselines, which no strategy touches, are from being equal.
fn noise(results: &Results) -> f64 {
    let baselines = results.kernels.iter().filter(|row| row.name.starts_with("baseline"));
    let ratios = baselines.filter_map(|row| Some(row.figures[0]?[0] / row.figures[1]?[0]));
    ratios.map(|ratio| (ratio - 1.0).abs()).fold(0.0, f64::max)
}

/// What two cores do to each other.
fn threads(results: &Results) -> String {
    let own = |runtime: usize| results.traffic[runtime].is_some_and(|traffic| traffic[2] == 1.0);
    let mut groups = by_runtime(results, |runtime| {
        let traffic = results.traffic[runtime];
        vec![traffic.map(|t| t[0]), traffic.map(|t| t[1])]
    });
    for (runtime, group) in groups.iter_mut().enumerate() {
        if own(runtime) {
            group.name += " *";
        }
    }
    let legend = [("one thread", Tone::Ours, false), ("two at once, each", Tone::Ours, true)];
    let chart = figure(&groups, &legend, |value| format!("{value:.1}"));
    format!(
        "<p>Threads on two cores that count None, True and 1. Where the count is written, its cache line moves between \
         the cores at every use. {} The others have no interpreters with a lock of their own: their threads count \
         without the lock, which is safe for an immortal that is not written to, and for the rest no more than a \
         measurement.</p>{chart}",
        if (0..results.names.len()).any(own) { "* each thread has an interpreter of its own." } else { "" },
    )
}

fn objects(results: &Results) -> String {
    let total = results.immortals.iter().fold([0; 3], |sum, (_, figures)| [0, 1, 2].map(|i| sum[i] + figures[i]));
    let mut out = heading(2, "Which objects would it be?");
    let _ = write!(
        out,
        "<p>{} objects, once the runtime has started. Most are laid out by the compiler in the library's image; \
         the rest is what built-in types hang on to, made once a process.</p><table><tr><th>kind<th>objects<th>bytes<th>of \
         them, a mortal would give back",
        grouped(total[0])
    );
    for (kind, [count, bytes, cost]) in &results.immortals {
        let _ = write!(
            out,
            "<tr><td>{}<td>{}<td>{}<td>{}",
            escaped(kind),
            grouped(*count),
            grouped(*bytes),
            grouped(*cost)
        );
    }
    let [count, bytes, cost] = total.map(grouped);
    let _ = write!(out, "<tr class=\"total\"><td>together<td>{count}<td>{bytes}<td>{cost}</table></section>");
    out
}

fn memory(results: &Results) -> String {
    let cost: u64 = results.immortals.iter().map(|(_, figures)| figures[2]).sum();
    let bytes: u64 = results.immortals.iter().map(|(_, figures)| figures[1]).sum();
    let mut out = heading(3, "How much memory is that?");
    let _ = write!(
        out,
        "<p>The immortals take {} KB, of which {} KB are memory that mortals would give back at the end of the runtime. What \
         they save is larger: a page that nobody writes to is one page for all processes.</p>",
        bytes / 1000,
        cost / 1000
    );
    out += "<h3>Private memory at start-up, KiB</h3><p>What a process that loads and starts the runtime has written to.</p>";
    let start = by_runtime(results, |runtime| vec![results.memory[runtime].map(|memory| memory[0])]);
    out += &figure(&start, &[], |value| format!("{value:.0}"));
    out += "<h3>Dirtied in a forked child that uses what came with the runtime, KiB</h3><p>Singletons, small ints, \
            characters, and every attribute of a few built-in types.</p>";
    let used = by_runtime(results, |runtime| vec![results.fork[runtime][0]]);
    out += &figure(&used, &[], |value| format!("{value:.0}"));
    let _ = write!(
        out,
        "<h3>Dirtied in a forked child that reads its parent's data, KiB</h3><p>{} tuples of a str, an int and a float, each \
         passed on, hashed and compared, then a collection. These objects are the program's, so that only the heap walk makes \
         them immortal.</p>",
        grouped(results.records as u64)
    );
    let walked = results.fork.iter().any(|fork| fork[2].is_some());
    let read = by_runtime(results, |runtime| {
        let [_, read, walk] = results.fork[runtime];
        if walk.is_some() { vec![read, walk] } else { vec![read] }
    });
    let legend = [("as it is", Tone::Ours, false), ("after the heap walk", Tone::Ours, true)];
    out += &figure(&read, if walked { &legend } else { &[] }, |value| grouped(value as u64));
    out + "</section>"
}

fn extensions(results: &Results) -> String {
    let mut out = heading(4, "What of extensions that were compiled before?");
    out += "<p>Four kinds of code touch the reference word, and all are in use. Each counted None 2<sup>24</sup> times, up or down, \
            without ever balancing it; then None was used as before.</p><div class=\"wide\"><table><tr><th>";
    results.names.iter().for_each(|name| out += &format!("<th>{}", escaped(name)));
    for (form, title) in FORMS.iter().enumerate() {
        let _ = write!(out, "<tr><td>{title}");
        for outcomes in &results.unbalanced {
            out += &match &outcomes[form] {
                Outcome::Untouched => "<td class=\"good\">untouched".to_owned(),
                Outcome::Healed => "<td class=\"good\">healed".to_owned(),
                Outcome::Survives => "<td>goes on".to_owned(),
                Outcome::Ends(why) => format!("<td class=\"bad\" title=\"{}\">ends", escaped(why)),
            };
        }
    }
    out + "</table></div><p><em>Untouched</em>: the word is as it was, or the strategy has no word to drift from. \
           <em>Healed</em>: it had drifted, was noticed, and was written back; the object was never in danger, since a flag \
           decides and not the count. <em>Goes on</em>: nothing is seen, and nothing is said. <em>Ends</em>: the process is \
           killed.</p></section>"
}

fn strategies(results: &Results) -> String {
    let mut out = "<section><h2>The strategies</h2><p>The same library, built four times; a cargo feature chooses one \
                   file.</p><div class=\"wide\"><table><tr><th>strategy<th>what it is<th><em>immortal</em> by it<th>kernels"
        .to_owned();
    let about = [
        "a flag is tested before each count; what is immortal is not written to",
        "no check; every reference is counted, to whatever object",
        "no check; shared objects begin with a count of 2<sup>30</sup>, and every use writes to them",
        "no check; each interpreter has singletons of its own, found by a call",
    ];
    for (runtime, about) in about.iter().enumerate().take(results.ours) {
        let all: Vec<f64> = results.ratios(0, runtime).iter().map(|(_, ratio)| *ratio).collect();
        let _ = write!(
            out,
            "<tr><td>{}<td>{about}<td>{:.3}<td>{}",
            results.names[runtime],
            geometric_mean(&all),
            all.len()
        );
    }
    out += "</table></div>";
    if !results.notes.is_empty() {
        out += "<h3>What has no figure</h3><ul>";
        results.notes.iter().for_each(|note| out += &format!("<li>{}", escaped(note)));
        out += "</ul>";
    }
    out + "</section>"
}

fn kernel_table(results: &Results) -> String {
    let mut out = "<details><summary>All kernels, ns an operation, the least of all rounds</summary><div \
                   class=\"wide\"><table><tr><th>"
        .to_owned();
    results.names.iter().for_each(|name| out += &format!("<th>{}", escaped(name)));
    let mut question = "";
    for Row { question: of, name, figures } in &results.kernels {
        if question != of {
            question = of;
            let _ = write!(out, "<tr class=\"group\"><td colspan=\"{}\">{question}", figures.len() + 1);
        }
        let _ = write!(out, "<tr><td>{}", escaped(name));
        for figure in figures {
            out += &figure.map_or("<td>-".to_owned(), |[least, _]| match least {
                least if least < 1000.0 => format!("<td>{least:.1}"),
                least => format!("<td>{}", grouped(least as u64)),
            });
        }
    }
    out + "</table></div></details>"
}

fn by_runtime(results: &Results, figures: impl Fn(usize) -> Vec<Option<f64>>) -> Vec<Group> {
    let tone = |runtime| match runtime {
        0 => Tone::Ours,
        runtime if results.is_strategy(runtime) => Tone::Other,
        _ => Tone::Rival,
    };
    let group = |runtime: usize| {
        let bars = figures(runtime).into_iter().enumerate();
        let bars = bars.map(|(place, value)| (value, tone(runtime), place > 0)).collect();
        Group { name: results.names[runtime].clone(), bars }
    };
    (0..results.names.len()).map(group).collect()
}

/// A chart, and under it what its bars are.
fn figure(groups: &[Group], legend: &[(&str, Tone, bool)], format: impl Fn(f64) -> String) -> String {
    let mut out = format!("<figure>{}", chart::bars(groups, format));
    if !legend.is_empty() {
        out += "<figcaption>";
        for (title, _, pale) in legend {
            let _ = write!(out, "<span class=\"key{}\"></span>{title} ", if *pale { " pale" } else { "" });
        }
        out += "</figcaption>";
    }
    out + "</figure>"
}

fn heading(number: usize, question: &str) -> String {
    format!("<section><h2><span>{number}</span>{question}</h2>")
}

fn tiles(tiles: &[(String, &str)]) -> String {
    let tile = |(figure, what): &(String, &str)| format!("<div><b>{figure}</b>{what}</div>");
    format!("<div class=\"tiles\">{}</div>", tiles.iter().map(tile).collect::<String>())
}

fn least(results: &Results, kernel: &str, runtime: usize) -> Option<f64> {
    results.kernel(kernel)?.figures[runtime].map(|[least, _]| least)
}

fn ns(nanoseconds: f64) -> String {
    format!("{nanoseconds:.2} ns")
}

/// Thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
