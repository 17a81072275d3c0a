//! An exception with all that it came from: causes and contexts before it, and the members of groups within it.
//!
//! Chains may be long and may close on themselves: they are laid out in one list first, without recursion, each
//! exception once. Groups nest, but only so deep as they are shown.

use std::collections::HashSet;

use super::stack::{self, Sources};
use super::{lines, syntax};
use crate::object::{Object, ObjectCell, Owned};
use crate::runtime::ThreadState;
use crate::types::exceptions::BaseException;
use crate::types::exceptions::group;
use crate::types::traceback::Traceback;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// How deep groups are shown, and how many members of each.
const MAX_DEPTH: usize = 10;
const MAX_WIDTH: usize = 15;

struct Node {
    exception: Owned<BaseException>,
    /// What it came from, and how.
    from: Option<(usize, &'static str)>,
    members: Option<Members>,
    depth: usize,
}

struct Members {
    shown: Vec<usize>,
    all: usize,
}

/// All exceptions to be shown; the first is the one that was asked for.
struct Layout {
    nodes: Vec<Node>,
    seen: HashSet<*const Object>,
}

impl Layout {
    fn of(exception: &BaseException) -> Layout {
        let mut layout = Layout { nodes: Vec::new(), seen: HashSet::new() };
        layout.add(Owned::new(exception), 0);
        let mut waiting = vec![0];
        while let Some(at) = waiting.pop() {
            if let Some((next, how)) = layout.origin(at) {
                let next = layout.add(next, layout.nodes[at].depth);
                layout.nodes[at].from = Some((next, how));
                waiting.push(next);
            }
            layout.add_members(at, &mut waiting);
        }
        layout
    }

    fn add(&mut self, exception: Owned<BaseException>, depth: usize) -> usize {
        self.seen.insert(core::ptr::from_ref(exception.as_object()));
        self.nodes.push(Node { exception, from: None, members: None, depth });
        self.nodes.len() - 1
    }

    /// The cause, or else the context unless that is suppressed; none that is there already.
    fn origin(&self, at: usize) -> Option<(Owned<BaseException>, &'static str)> {
        let exception = &self.nodes[at].exception;
        let fresh = |found: &Owned<Object>| !self.seen.contains(&core::ptr::from_ref(&**found));
        let cause = exception.cause.load().filter(fresh).map(|cause| (cause, CAUSE));
        let context = || exception.context.load().filter(fresh).map(|context| (context, CONTEXT));
        let shown = exception.suppress_context.get() == 0;
        let (found, how) = cause.or_else(|| if shown { context() } else { None })?;
        // SAFETY: causes and contexts are exceptions.
        Some((unsafe { found.cast_owned() }, how))
    }

    fn add_members(&mut self, at: usize, waiting: &mut Vec<usize>) {
        let depth = self.nodes[at].depth;
        let Some(members) = group::members(&self.nodes[at].exception) else { return };
        let all = members.len();
        let shown = if depth > MAX_DEPTH { 0 } else { all.min(MAX_WIDTH) };
        let members = members.as_slice()[..shown].iter();
        // SAFETY: a group holds exceptions.
        let shown: Vec<usize> =
            members.map(|member| self.add(Owned::new(unsafe { member.cast() }), depth + 1)).collect();
        waiting.extend_from_slice(&shown);
        self.nodes[at].members = Some(Members { shown, all });
    }
}

/// The whole of it, as Python prints it for an exception that ends a program.
pub fn text(ts: &ThreadState, exception: &BaseException) -> String {
    let layout = Layout::of(exception);
    let limit = stack::limit(ts);
    let mut report = Report { ts, limit, sources: Sources::default(), out: String::new(), depth: 0, open: false };
    report.push(&layout.nodes, 0);
    report.out
}

struct Report<'a> {
    ts: &'a ThreadState,
    limit: Option<usize>,
    sources: Sources,
    out: String,
    /// How many groups the text is in.
    depth: usize,
    /// The box of a group has no bottom yet; the innermost that ends there draws it.
    open: bool,
}

impl Report<'_> {
    /// An exception, after what it came from.
    fn push(&mut self, nodes: &[Node], at: usize) {
        let chain = core::iter::successors(Some(at), |&at| nodes[at].from.map(|(next, _)| next));
        for at in chain.collect::<Vec<_>>().into_iter().rev() {
            let node = &nodes[at];
            if let Some((_, how)) = node.from {
                self.emit(how);
            }
            match &node.members {
                None => self.push_single(&node.exception),
                Some(_) if self.depth > MAX_DEPTH => {
                    self.emit(&format!("... (max_group_depth is {MAX_DEPTH})\n"));
                }
                Some(members) => self.push_group(nodes, &node.exception, members),
            }
        }
    }

    fn push_single(&mut self, exception: &BaseException) {
        let stack = self.stack(exception);
        if !stack.is_empty() {
            self.emit(stack::HEADER);
            self.emit(&stack);
        }
        self.push_last(exception);
    }

    fn push_group(&mut self, nodes: &[Node], exception: &BaseException, members: &Members) {
        let outermost = self.depth == 0;
        self.depth += usize::from(outermost);
        let stack = self.stack(exception);
        if !stack.is_empty() {
            let head = format!("Exception Group {}", stack::HEADER);
            self.emit_behind(&head, if outermost { '+' } else { '|' });
            self.emit(&stack);
        }
        self.push_last(exception);
        let hidden = members.all - members.shown.len();
        let boxes = members.shown.iter().map(Some).chain((hidden > 0).then_some(None)).enumerate();
        let last = members.shown.len() + usize::from(hidden > 0) - 1;
        self.open = false;
        for (i, member) in boxes {
            self.open |= i == last;
            let title = if member.is_some() { (i + 1).to_string() } else { "...".to_owned() };
            let corner = if i == 0 { "+-" } else { "  " };
            let line = format!("{}{corner}+---------------- {title} ----------------\n", self.indent());
            self.out.push_str(&line);
            self.depth += 1;
            match member {
                Some(&member) => self.push(nodes, member),
                None => {
                    let s = if hidden == 1 { "" } else { "s" };
                    self.emit(&format!("and {hidden} more exception{s}\n"));
                }
            }
            if i == last && self.open {
                let line = format!("{}+------------------------------------\n", self.indent());
                self.out.push_str(&line);
                self.open = false;
            }
            self.depth -= 1;
        }
        if outermost {
            self.depth = 0;
        }
    }

    fn stack(&mut self, exception: &BaseException) -> String {
        let Some(traceback) = exception.traceback.load() else { return String::new() };
        // SAFETY: only tracebacks are stored there.
        let traceback = unsafe { traceback.cast::<Traceback>() };
        stack::text(self.ts, traceback, self.limit, &mut self.sources)
    }

    /// What it is, and its notes.
    fn push_last(&mut self, exception: &BaseException) {
        let last = match syntax::text(self.ts, exception) {
            Some(text) => text,
            None => format!("{}\n", lines::last(self.ts, exception)),
        };
        self.emit(&last);
        let notes = lines::notes(self.ts, exception);
        self.emit(&notes);
    }

    fn indent(&self) -> String {
        " ".repeat(2 * self.depth)
    }

    fn emit(&mut self, text: &str) {
        self.emit_behind(text, '|');
    }

    /// Each line behind the margin of the groups that it is in.
    fn emit_behind(&mut self, text: &str, margin: char) {
        if self.depth == 0 {
            return self.out.push_str(text);
        }
        let margin = format!("{}{margin} ", self.indent());
        for line in split_lines(text) {
            self.out.push_str(&margin);
            self.out.push_str(line);
        }
    }
}

/// The lines with their ends, by every break that `str.splitlines` knows.
fn split_lines(text: &str) -> impl Iterator<Item = &str> {
    let is_break = |c: char| matches!(c, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut rest = text;
    core::iter::from_fn(move || {
        let found = rest.char_indices().find(|(_, c)| is_break(*c));
        let end = match found {
            Some((at, '\r')) if rest[at + 1..].starts_with('\n') => at + 2,
            Some((at, c)) => at + c.len_utf8(),
            None if rest.is_empty() => return None,
            None => rest.len(),
        };
        let (line, behind) = rest.split_at(end);
        rest = behind;
        Some(line)
    })
}
