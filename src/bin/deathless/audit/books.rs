//! The ledger's books, read through its C API, and how they changed.

use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::rc::Rc;

use crate::object::PyObject;
use crate::runtime::api;

/// `deathless_ledger_row` in C.
#[repr(C)]
struct RawRow {
    function: *const c_char,
    function_address: *const c_void,
    calls: u64,
    kind: *const c_char,
    object: *mut PyObject,
    how: *const c_char,
    site: *const c_void,
    api: *const c_void,
    balance: i64,
}

type Visitor = unsafe extern "C" fn(*const RawRow, *mut c_void) -> c_int;

/// A function of the module, under the name that the runtime enters it by.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Function {
    /// `None`: the runtime itself, on a field that is the module's to drop.
    pub name: Option<Rc<str>>,
    pub address: usize,
}

/// What is counted together: an immortal by itself, other objects by their type.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Kind {
    pub name: Rc<str>,
    /// The address of the immortal, or 0.
    pub immortal: usize,
}

/// What is entered on one line of the books.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Entry {
    pub function: Function,
    pub kind: Kind,
    pub how: Rc<str>,
    pub site: usize,
    pub api: usize,
}

/// The books at one moment, or the difference between two.
#[derive(Default, Clone)]
pub struct Books {
    pub balances: HashMap<Entry, i64>,
    pub calls: HashMap<Function, i64>,
    /// Functions that the library could not tell apart any more.
    pub unheard: u64,
}

/// One text for each different one: the books say the same names over and over.
#[derive(Default)]
struct Texts(HashMap<Box<[u8]>, Rc<str>>);

impl Texts {
    /// # Safety
    /// NUL-terminated.
    unsafe fn get(&mut self, text: *const c_char) -> Rc<str> {
        // SAFETY: the caller's promise.
        let bytes = unsafe { CStr::from_ptr(text) }.to_bytes();
        if let Some(known) = self.0.get(bytes) {
            return known.clone();
        }
        let text: Rc<str> = String::from_utf8_lossy(bytes).into();
        self.0.insert(bytes.into(), text.clone());
        text
    }
}

/// Reads the books.
pub struct Reader {
    visit: unsafe extern "C" fn(Visitor, *mut c_void) -> c_int,
    close: unsafe extern "C" fn(),
    texts: Texts,
}

impl Drop for Reader {
    fn drop(&mut self) {
        // SAFETY: our header declares it so.
        unsafe { (self.close)() };
    }
}

impl Reader {
    /// Begins new books; `None` if the runtime keeps none.
    pub fn open() -> Option<Reader> {
        let open = api().raw("deathless_ledger_open").ok()?;
        let visit = api().raw("deathless_ledger_visit").ok()?;
        let close = api().raw("deathless_ledger_close").ok()?;
        // SAFETY: our header declares these signatures.
        unsafe {
            let open = std::mem::transmute::<*mut c_void, unsafe extern "C" fn() -> c_int>(open);
            if open() != 0 {
                return None;
            }
            let visit = std::mem::transmute::<*mut c_void, unsafe extern "C" fn(Visitor, *mut c_void) -> c_int>(visit);
            let close = std::mem::transmute::<*mut c_void, unsafe extern "C" fn()>(close);
            Some(Reader { visit, close, texts: Texts::default() })
        }
    }

    /// What is in the books now.
    pub fn read(&mut self) -> Books {
        let mut target = (Books::default(), std::mem::take(&mut self.texts));
        // SAFETY: the visitor gets back the pair that it is given here.
        unsafe { (self.visit)(remember, (&raw mut target).cast()) };
        self.texts = target.1;
        target.0
    }
}

/// # Safety
/// `row` is a row of the ledger, `target` what `read` made.
unsafe extern "C" fn remember(row: *const RawRow, target: *mut c_void) -> c_int {
    // SAFETY: as promised above; nothing else uses the pair during the visit, and the row's strings end with NUL.
    unsafe {
        let (row, (books, texts)) = (&*row, &mut *target.cast::<(Books, Texts)>());
        let name = (!row.function.is_null()).then(|| texts.get(row.function));
        let function = Function { name, address: row.function_address.addr() };
        let how = texts.get(row.how);
        if &*how == "called" {
            books.calls.insert(function, row.calls as i64);
            return 0;
        }
        if &*how == "unheard" {
            books.unheard = row.calls;
            return 0;
        }
        let kind = Kind { name: texts.get(row.kind), immortal: row.object.addr() };
        let entry = Entry { function, kind, how, site: row.site.addr(), api: row.api.addr() };
        *books.balances.entry(entry).or_default() += row.balance;
    }
    0
}

impl Books {
    /// What changed since `before`.
    pub fn since(&self, before: &Books) -> Books {
        let mut balances = self.balances.clone();
        for (entry, balance) in &before.balances {
            *balances.entry(entry.clone()).or_default() -= balance;
        }
        balances.retain(|_, balance| *balance != 0);
        let calls = self.calls.iter().map(|(f, n)| (f.clone(), n - before.calls.get(f).unwrap_or(&0)));
        Books { balances, calls: calls.filter(|(_, n)| *n != 0).collect(), unheard: self.unheard }
    }

    pub fn add(&mut self, other: &Books) {
        for (entry, balance) in &other.balances {
            *self.balances.entry(entry.clone()).or_default() += balance;
        }
        for (function, calls) in &other.calls {
            *self.calls.entry(function.clone()).or_default() += calls;
        }
    }

    /// How many references more of each kind.
    pub fn totals(&self) -> HashMap<Kind, i64> {
        let mut totals = HashMap::new();
        for (entry, balance) in &self.balances {
            *totals.entry(entry.kind.clone()).or_default() += balance;
        }
        totals.retain(|_, total| *total != 0);
        totals
    }

    /// How many references of a kind each function came to hold.
    pub fn by_function(&self, kind: &Kind) -> HashMap<Function, i64> {
        let mut sums = HashMap::new();
        for (entry, balance) in self.balances.iter().filter(|(entry, _)| entry.kind == *kind) {
            *sums.entry(entry.function.clone()).or_default() += balance;
        }
        sums.retain(|_, sum| *sum != 0);
        sums
    }
}
