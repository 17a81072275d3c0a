//! The functions of modules that a thread is in, and what is entered for them.
//!
//! A frame counts the doors that are open in it. At zero, the module's own code runs; the outermost door is a call
//! that the module made; further in, the library calls itself, which is no concern of the books. At the bottom of a
//! module's own thread lies a frame of no function ([`threads`]).

use core::cell::RefCell;

use super::books::{self, How};
use super::origin::{self, Origin};
use super::threads::{self, OF_THREAD};
use super::thunk::Entered;
use super::{Gives, books::NO_FUNCTION};
use crate::ffi::{Py_TPFLAGS_HEAPTYPE, Py_buffer, PyObject};
use crate::object::Object;
use crate::types::module::definition::PyModuleDef_Type;

/// The registers that the first six arguments of a C function are in, as the thunk saves them.
#[repr(C)]
pub struct Arguments([usize; 6]);

struct Frame {
    /// The number of its thunk, or [`OF_THREAD`].
    function: usize,
    doors: u32,
}

thread_local! {
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

fn with_top<R>(f: impl FnOnce(&mut Frame) -> R) -> Option<R> {
    FRAMES.with_borrow_mut(|frames| {
        if frames.is_empty() && threads::is_another() {
            frames.push(Frame { function: OF_THREAD, doors: 0 });
        }
        frames.last_mut().map(f)
    })
}

/// The function whose call of the library this is, if at most `doors` are open.
fn caller(doors: u32) -> Option<usize> {
    if !books::are_open() {
        return None;
    }
    with_top(|frame| (frame.doors <= doors).then_some(frame.function)).flatten()
}

fn enter(doors: u32, object: *mut PyObject, how: How, by: i64) {
    if object.is_null() {
        return;
    }
    if let Some(function) = caller(doors) {
        let origin = origin::find();
        if let Some(function) = named(function, &origin) {
            // SAFETY: a live object: it is changing hands.
            books::enter(function, unsafe { &*object }, how, origin, by);
        }
    }
}

/// Under what a frame's doings are entered.
fn named(function: usize, origin: &Origin) -> Option<usize> {
    if function == OF_THREAD { threads::worker(origin) } else { Some(function) }
}

/// One call of the library; closed when dropped.
pub struct Door(());

impl Door {
    #[inline]
    pub fn open() -> Door {
        with_top(|frame| frame.doors += 1);
        Door(())
    }

    /// A new reference leaves by this door.
    pub fn handed(&self, object: *mut PyObject) {
        enter(1, object, How::Handed, 1);
    }
}

impl Drop for Door {
    #[inline]
    fn drop(&mut self) {
        with_top(|frame| frame.doors -= 1);
    }
}

/// A call of a function that the module handed over for the time of its call: the module's own code runs in it.
pub struct Callback {
    entered: bool,
}

impl Callback {
    pub fn open() -> Callback {
        let function = with_top(|frame| frame.function);
        if let Some(function) = function {
            FRAMES.with_borrow_mut(|frames| frames.push(Frame { function, doors: 0 }));
        }
        Callback { entered: function.is_some() }
    }
}

impl Drop for Callback {
    fn drop(&mut self) {
        if self.entered {
            FRAMES.with_borrow_mut(Vec::pop);
        }
    }
}

/// An exported function leaves the caller a new reference elsewhere than in its result.
pub fn handed(object: *mut PyObject) {
    enter(1, object, How::Handed, 1);
}

/// An exported function takes a reference over from its caller.
pub fn taken(object: *mut PyObject) {
    enter(1, object, How::Taken, -1);
}

/// The module counts references.
pub fn counted(object: *mut PyObject, by: i64) {
    enter(0, object, How::Counted, by);
}

/// The runtime replaced a reference in a field that is the module's to drop.
pub fn field(new: Option<&Object>, old: Option<&Object>) {
    if !books::are_open() {
        return;
    }
    for (object, by) in [(new, 1), (old, -1)] {
        if let Some(object) = object {
            books::enter(NO_FUNCTION, object, How::Field, Origin::default(), by);
        }
    }
}

/// The runtime, or another function of a module, calls this one.
pub fn push(index: usize, entered: &Entered, arguments: &Arguments) {
    let by_runtime = with_top(|frame| frame.doors > 0).unwrap_or(true);
    FRAMES.with_borrow_mut(|frames| frames.push(Frame { function: index, doors: 0 }));
    if !books::are_open() {
        return;
    }
    books::called(index);
    if entered.gives == Gives::End && by_runtime {
        // SAFETY: `tp_dealloc` is given its object.
        let ty = unsafe { (*core::ptr::with_exposed_provenance::<PyObject>(arguments.0[0])).ty() };
        if ty.tp_flags.get() & Py_TPFLAGS_HEAPTYPE != 0 {
            books::enter(index, ty.as_object(), How::OfInstance, Origin::default(), 1);
        }
    }
}

/// It returns.
pub fn pop(entered: &Entered, arguments: &Arguments, result: usize) {
    let Some(frame) = FRAMES.with_borrow_mut(Vec::pop) else { return };
    let object = given(entered.gives, arguments, result);
    if object.is_null() || !books::are_open() {
        return;
    }
    // SAFETY: a live object: the function gives a reference to it.
    let object = unsafe { &*object };
    books::enter(frame.function, object, How::Returned, Origin::default(), -1);
    if let Some(function) = caller(0) {
        let origin = origin::find();
        if let Some(function) = named(function, &origin) {
            books::enter(function, object, How::Handed, origin, 1);
        }
    }
}

/// What the function gave its caller to own, or NULL.
fn given(gives: Gives, arguments: &Arguments, result: usize) -> *mut PyObject {
    let object = core::ptr::with_exposed_provenance_mut::<PyObject>(result);
    let status = result as i32;
    // SAFETY: what a function of this kind is given and gives.
    unsafe {
        match gives {
            Gives::Object => object,
            Gives::Module if !object.is_null() && !core::ptr::eq((*object).ty(), &PyModuleDef_Type) => object,
            Gives::View if status == 0 => (*core::ptr::with_exposed_provenance::<Py_buffer>(arguments.0[1])).obj,
            Gives::Sent if status >= 0 => *core::ptr::with_exposed_provenance::<*mut PyObject>(arguments.0[2]),
            _ => core::ptr::null_mut(),
        }
    }
}
