//! What lives in an interpreter's heap, by type.
//!
//! The heap's book says which block is an object, so nothing is guessed from what lies in one. What an object holds is
//! asked of those alone that a collection would ask too, or whose type is the library's own: an extension's that was
//! never tracked may not be finished. References that no living object accounts for are somebody else's: before the end
//! those of C's own variables and of the runtime, at the end leaked ones. The other objects are there since these hold
//! them.
//!
//! A leaked object's type may be a heap type, which lies in the same heap and lives, since the object holds it. If its
//! references were miscounted it may be gone, so it is believed to be a type only where it lies in a block that is in
//! use and is an object of a type itself.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::ffi::{_Py_TPFLAGS_STATIC_BUILTIN, Py_TPFLAGS_HEAPTYPE, Py_TPFLAGS_TYPE_SUBCLASS, PyObject};
use crate::modules::immortals::{name_of, reach, type_name};
use crate::object::alloc::{GC_HEAD, gc_head};
use crate::object::heap::book::{self, Entry, Kind};
use crate::object::{Object, Type, immortal};
use crate::runtime::ThreadState;
use crate::types::module::Module;
use crate::types::{builtin_types, is_plain};

/// What blocks are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum What {
    /// Objects of the type of that name.
    Objects(String),
    /// Tables and items of objects.
    Parts,
    /// Memory that C asked for, by `PyMem_Malloc` and its like.
    Raw,
}

impl What {
    pub fn name(&self) -> &str {
        match self {
            What::Objects(name) => name,
            What::Parts => "(what they keep apart)",
            What::Raw => "(PyMem_Malloc and its like)",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Row {
    pub what: What,
    pub count: usize,
    /// Of the objects, those with references that no living object accounts for.
    pub leaked: usize,
    /// As the heap hands them out.
    pub bytes: usize,
    /// Names of a few of the leaked ones, where a name says which it is.
    pub examples: Vec<String>,
}

impl Row {
    /// The names in a line, with a sign that there are more.
    pub fn examples(&self) -> String {
        let more = if !self.examples.is_empty() && self.leaked > self.examples.len() { ", …" } else { "" };
        self.examples.join(", ") + more
    }
}

/// How many are named.
const EXAMPLES: usize = 4;

/// The mortal objects of the interpreter, and its other blocks; nothing where its heap keeps no book.
pub fn of_living(ts: &ThreadState) -> Option<Vec<Row>> {
    ts.interp().heap().keeps_book().then(|| Survey::new(ts).rows().0)
}

/// The same at its end: what other interpreters hold that use the same heap is theirs. What is told here is not told
/// again when those end.
pub fn of_left(ts: &ThreadState) -> Vec<Row> {
    let mut survey = Survey::new(ts);
    if survey.shared {
        survey.leave_to_others();
    }
    let (rows, told) = survey.rows();
    for (block, entry) in told {
        book::write(block, Entry { owner: None, ..entry });
    }
    rows
}

/// A type that is gone, and of which nothing is known.
const GONE: &str = "<a type that is gone>";

struct Found {
    object: *mut PyObject,
    block: *mut u8,
    bytes: usize,
    entry: Entry,
    /// NULL if it is none.
    ty: *const Type,
    /// References that living objects hold.
    held: u64,
    is_others: bool,
}

struct Survey {
    me: u32,
    /// Whether other interpreters use the heap.
    shared: bool,
    objects: Vec<Found>,
    /// By address.
    places: HashMap<usize, usize>,
    others: Vec<(*mut u8, usize, Entry)>,
}

impl Survey {
    fn new(ts: &ThreadState) -> Survey {
        let interp = ts.interp();
        let mut survey = Survey {
            me: book::owner_of(interp.id),
            shared: !interp.owns_memory(),
            objects: Vec::new(),
            places: HashMap::new(),
            others: Vec::new(),
        };
        for (block, bytes, entry) in interp.heap().blocks_in_use() {
            let before = match entry.kind {
                Kind::Object => 0,
                Kind::Collectable => GC_HEAD,
                Kind::Part | Kind::Raw => {
                    survey.others.push((block, bytes, entry));
                    continue;
                }
            };
            let object: *mut PyObject = block.wrapping_add(before).cast();
            survey.places.insert(object.addr(), survey.objects.len());
            let ty = core::ptr::null();
            survey.objects.push(Found { object, block, bytes, entry, ty, held: 0, is_others: false });
        }
        survey.find_types();
        survey.count_references();
        survey
    }

    fn find_types(&mut self) {
        let adopted = immortal::adopted();
        let builtin = builtin_types().map(|ty| ty.as_object().as_ptr().addr());
        let statics: HashSet<usize> = builtin.chain(adopted.iter().map(|object| object.addr().get())).collect();
        for i in 0..self.objects.len() {
            let ty = type_of(self.objects[i].object);
            if self.is_type(&statics, ty, MAX_METACLASSES) {
                self.objects[i].ty = ty;
            }
        }
    }

    /// Whether a type lies there: a static one, or an object in use whose type is a type of types.
    fn is_type(&self, statics: &HashSet<usize>, ty: *const Type, depth: u32) -> bool {
        if statics.contains(&ty.addr()) {
            return true;
        }
        if depth == 0 || !self.places.contains_key(&ty.addr()) {
            return false;
        }
        let meta = type_of(ty.cast_mut().cast());
        // SAFETY: known to be a type.
        self.is_type(statics, meta, depth - 1) && unsafe { (*meta).has(Py_TPFLAGS_TYPE_SUBCLASS) }
    }

    fn count_references(&mut self) {
        for i in 0..self.objects.len() {
            let places = &self.places;
            let mut held: Vec<usize> = Vec::new();
            self.objects[i].holds(&mut |object| held.extend(places.get(&object.as_ptr().addr())));
            held.into_iter().for_each(|place| self.objects[place].held += 1);
        }
    }

    /// Marks what others hold: what they made, and whatever that reaches.
    fn leave_to_others(&mut self) {
        let is_other = |(i, found): (usize, &Found)| (found.entry.owner != Some(self.me)).then_some(i);
        let mut todo: Vec<usize> = self.objects.iter().enumerate().filter_map(is_other).collect();
        todo.iter().for_each(|&i| self.objects[i].is_others = true);
        while let Some(i) = todo.pop() {
            let places = &self.places;
            let mut held: Vec<usize> = Vec::new();
            self.objects[i].holds(&mut |object| held.extend(places.get(&object.as_ptr().addr())));
            for place in held {
                if !core::mem::replace(&mut self.objects[place].is_others, true) {
                    todo.push(place);
                }
            }
        }
    }

    /// Whether the interpreter is to account for it.
    fn is_mine(&self, entry: Entry) -> bool {
        if self.shared { entry.owner == Some(self.me) } else { entry.owner.is_some() }
    }

    /// The rows, and the blocks that they are of.
    fn rows(&self) -> (Vec<Row>, Vec<(*mut u8, Entry)>) {
        let (mut rows, mut told) = (BTreeMap::<What, Row>::new(), Vec::new());
        let mut add = |what: What, bytes, block, entry, leaked: Option<&Object>| {
            let empty = Row { what: what.clone(), count: 0, leaked: 0, bytes: 0, examples: Vec::new() };
            let row = rows.entry(what).or_insert(empty);
            row.count += 1;
            row.bytes += bytes;
            row.leaked += usize::from(leaked.is_some());
            if row.examples.len() < EXAMPLES {
                row.examples.extend(leaked.and_then(example));
            }
            told.push((block, entry));
        };
        for found in self.objects.iter().filter(|found| self.is_mine(found.entry) && !found.is_others) {
            // SAFETY: in use.
            let object = unsafe { Object::from_raw(found.object) };
            if !object.is_immortal() {
                // SAFETY: NULL or a type.
                let name = unsafe { found.ty.as_ref() }.map_or_else(|| GONE.to_owned(), type_name);
                let leaked = (object.refcount() as u64 > found.held && !found.ty.is_null()).then_some(object);
                add(What::Objects(name), found.bytes, found.block, found.entry, leaked);
            }
        }
        for &(block, bytes, entry) in self.others.iter().filter(|(.., entry)| self.is_mine(*entry)) {
            let what = if entry.kind == Kind::Raw { What::Raw } else { What::Parts };
            add(what, bytes, block, entry, None);
        }
        (rows.into_values().collect(), told)
    }
}

/// How many types of types may stand above one another.
const MAX_METACLASSES: u32 = 8;

fn type_of(object: *mut PyObject) -> *const Type {
    // SAFETY: an object in use.
    unsafe { (*object).ob_type.get() }
}

/// The name of what has one that no other code need be asked for.
fn example(object: &Object) -> Option<String> {
    let says = is_plain(object) || object.downcast::<Type>().is_some() || object.is_exact::<Module>();
    says.then(|| name_of(object))
}

impl Found {
    /// Calls `f` with what it is known to hold.
    fn holds(&self, f: &mut dyn FnMut(&Object)) {
        // SAFETY: NULL or a type.
        let Some(ty) = (unsafe { self.ty.as_ref() }) else { return };
        // SAFETY: in use, and of a type.
        let object = unsafe { Object::from_raw(self.object) };
        let is_tracked = self.entry.kind == Kind::Collectable && gc_head(object).is_linked();
        if is_tracked || ty.has(_Py_TPFLAGS_STATIC_BUILTIN) {
            reach::from(object, &mut |held| {
                f(held);
                true
            });
        } else if ty.has(Py_TPFLAGS_HEAPTYPE) {
            f(ty);
        }
    }
}
