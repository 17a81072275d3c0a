//! The books: who holds what, and where it came from.
//!
//! A mortal object has an account for as long as it lives; if what modules were given and what they gave is then
//! equal, nothing is left of it. What does not come out, and whatever concerns an immortal, is kept as entries: how
//! much, by function, kind of object and place.

use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::collections::HashMap;

use super::origin::Origin;
use super::{Row, thunk};
use crate::object::lock::Mutex;
use crate::object::{Object, Type};

/// In place of a function: the runtime itself, on a field that is a module's.
pub const NO_FUNCTION: usize = thunk::COUNT;

/// How a reference changes hands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum How {
    /// A function of the library made a new reference for the module.
    Handed,
    /// A function of the library took the module's reference over.
    Taken,
    /// The module called one of the functions that count.
    Counted,
    /// The module's function returned it.
    Returned,
    /// `tp_dealloc` is given the instance's reference to its type.
    OfInstance,
    /// The runtime changed a field that is the module's to drop.
    Field,
}

impl How {
    /// In C's words.
    pub fn text(self) -> &'static core::ffi::CStr {
        match self {
            How::Handed => c"handed",
            How::Taken => c"taken",
            How::Counted => c"counted",
            How::Returned => c"returned",
            How::OfInstance => c"instance's type",
            How::Field => c"field",
        }
    }
}

/// What is entered together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Line {
    pub function: usize,
    /// Index into the books' kinds.
    pub kind: usize,
    pub how: How,
    pub origin: Origin,
}

/// Objects that are not told apart: an immortal by itself, a type by its name, mortals by their type's.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Kind {
    pub name: String,
    /// The immortal itself, or 0.
    pub immortal: usize,
}

#[derive(Default)]
struct Account {
    kind: usize,
    balance: i64,
    lines: Vec<(Line, i64)>,
}

#[derive(Default)]
struct Books {
    kinds: HashMap<Kind, usize>,
    /// Of mortals that live, by address.
    accounts: HashMap<usize, Account>,
    entries: HashMap<Line, i64>,
    calls: HashMap<usize, u64>,
}

static OPEN: AtomicBool = AtomicBool::new(false);
static BOOKS: Mutex<Option<Books>> = Mutex::new(None);

/// Whether anything is entered.
#[inline]
pub fn are_open() -> bool {
    OPEN.load(Relaxed)
}

/// Begins new books; whether this build has any.
pub fn open() -> bool {
    *BOOKS.lock() = Some(Books::default());
    OPEN.store(true, Relaxed);
    true
}

/// Ends them; nothing is entered any more.
pub fn close() {
    OPEN.store(false, Relaxed);
    *BOOKS.lock() = None;
}

fn with<R>(f: impl FnOnce(&mut Books) -> R) -> Option<R> {
    BOOKS.lock().as_mut().map(f)
}

impl Kind {
    fn of(object: &Object) -> Kind {
        let ty = object.downcast::<Type>();
        let name = ty.map_or_else(|| object.ty().full_name().to_string(), |ty| format!("type {}", ty.full_name()));
        Kind { name, immortal: if object.is_immortal() { object.as_ptr().expose_provenance() } else { 0 } }
    }
}

/// `function` holds `by` references more to `object`.
pub fn enter(function: usize, object: &Object, how: How, origin: Origin, by: i64) {
    let address = object.as_ptr().addr();
    with(|books| {
        let account = books.accounts.get_mut(&address);
        let kind = match &account {
            Some(account) => account.kind,
            None => {
                let next = books.kinds.len();
                *books.kinds.entry(Kind::of(object)).or_insert(next)
            }
        };
        let line = Line { function, kind, how, origin };
        if account.is_none() && object.is_immortal() {
            *books.entries.entry(line).or_default() += by;
            return;
        }
        let account = books.accounts.entry(address).or_insert_with(|| Account { kind, ..Account::default() });
        account.balance += by;
        match account.lines.iter_mut().find(|(other, _)| *other == line) {
            Some((_, sum)) => *sum += by,
            None => account.lines.push((line, by)),
        }
    });
}

/// `function` was called.
pub fn called(function: usize) {
    with(|books| *books.calls.entry(function).or_default() += 1);
}

/// The object's count is zero. If modules gave away references that they did not have, then others still have theirs:
/// the count is set right, and the object lives on, so that what is audited does not fall over its own faults.
pub fn ended(object: &Object) -> bool {
    if !are_open() {
        return false;
    }
    let missing = with(|books| {
        let account = books.accounts.remove(&object.as_ptr().addr())?;
        if account.balance != 0 {
            for (line, by) in account.lines {
                *books.entries.entry(line).or_default() += by;
            }
        }
        u32::try_from(-account.balance).ok().filter(|missing| *missing > 0)
    });
    let Some(missing) = missing.flatten() else { return false };
    object.ob_refcnt.count.set(missing);
    true
}

/// Shows what is entered so far, until `visit` answers that it has seen enough: what did not come out, immortals, and
/// the accounts of what lives. `false` if the books are closed.
pub fn visit(visit: &mut dyn FnMut(&Row) -> bool) -> bool {
    let shown = with(|books| {
        let mut kinds: Vec<&Kind> = books.kinds.keys().collect();
        kinds.sort_by_key(|kind| books.kinds[*kind]);
        for (&function, &calls) in &books.calls {
            let Some(entered) = thunk::function(function) else { continue };
            let row = Row {
                function: Some(&entered.name),
                function_address: entered.address,
                calls,
                kind: "",
                immortal: None,
                how: c"called",
                site: 0,
                api: 0,
                balance: 0,
            };
            if visit(&row) {
                return;
            }
        }
        if thunk::unheard() > 0 {
            let calls = thunk::unheard() as u64;
            let (function, how) = (None, c"unheard");
            let row = Row {
                function,
                function_address: 0,
                calls,
                kind: "",
                immortal: None,
                how,
                site: 0,
                api: 0,
                balance: 0,
            };
            if visit(&row) {
                return;
            }
        }
        let mut sums = books.entries.clone();
        for (line, by) in books.accounts.values().flat_map(|account| &account.lines) {
            *sums.entry(*line).or_default() += by;
        }
        for (line, balance) in sums {
            let entered = thunk::function(line.function);
            let kind = kinds[line.kind];
            // SAFETY: an immortal, or none.
            let immortal = unsafe { core::ptr::with_exposed_provenance::<Object>(kind.immortal).as_ref() };
            let row = Row {
                function: entered.map(|e| &*e.name),
                function_address: entered.map_or(0, |e| e.address),
                calls: 0,
                kind: &kind.name,
                immortal,
                how: line.how.text(),
                site: line.origin.site,
                api: line.origin.api,
                balance,
            };
            if visit(&row) {
                break;
            }
        }
    });
    shown.is_some()
}
