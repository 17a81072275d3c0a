//! The exception tree.
//!
//! [`tree`] lists every built-in exception with its base; an exception's C symbol (`PyExc_KeyError`) is a
//! pointer to its type. This file is what all exceptions share: args, chaining, notes, traceback.

use core::cell::Cell;
use core::ptr;

mod tree;

pub use tree::*;

use super::slot;
use crate::ffi::*;
use crate::object::{ObjectCell, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::{Dict, STATIC_FLAGS, STATIC_TYPE, Tuple, entries};

layout!(BaseException = PyBaseExceptionObject, BASE_EXCEPTION, Py_TPFLAGS_BASE_EXC_SUBCLASS);

#[unsafe(link_section = "immortal")]
pub static BASE_EXCEPTION: Type = Type {
    tp_name: c"BaseException".as_ptr(),
    tp_doc: Cell::new(c"Common base class for all exceptions.".as_ptr()),
    ..EXCEPTION_TEMPLATE
};

/// What every exception type starts from.
#[allow(clippy::declare_interior_mutable_const)]
pub(crate) const EXCEPTION_TEMPLATE: Type = Type {
    tp_basicsize: size_of::<BaseException>() as isize,
    tp_flags: Cell::new(EXCEPTION_FLAGS),
    tp_dictoffset: core::mem::offset_of!(PyBaseExceptionObject, dict) as isize,
    tp_new: slot::new(new),
    tp_init: slot::init(init),
    tp_members: entries(&MEMBERS),
    tp_dealloc: slot::dealloc(drop_fields),
    tp_traverse: slot::traverse(visit_fields),
    tp_clear: slot::clear(clear_fields),
    ..STATIC_TYPE
};

pub(crate) const EXCEPTION_FLAGS: core::ffi::c_ulong =
    STATIC_FLAGS | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASE_EXC_SUBCLASS;

static MEMBERS: [PyMemberDef; 2] = [
    slot::member(c"__suppress_context__", Py_T_BOOL, core::mem::offset_of!(PyBaseExceptionObject, suppress_context), 0),
    slot::MEMBERS_END,
];

fn new(ts: &ThreadState, ty: &Type, args: &Tuple, _kwargs: Option<&Dict>) -> Result {
    let this = ts.alloc_instance(ty, 0)?;
    // SAFETY: every exception type's instances have the layout.
    unsafe { this.cast::<BaseException>() }.args.store(Some(Owned::new(args)));
    Ok(this)
}

fn init(ts: &ThreadState, this: &BaseException, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    if kwargs.is_some_and(|k| !k.is_empty()) {
        let name = this.ty().short_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("{name}() takes no keyword arguments")));
    }
    this.args.store(Some(Owned::new(args)));
    Ok(())
}

fn fields(this: &BaseException) -> [&Cell<*mut PyObject>; 6] {
    [&this.dict, &this.args, &this.notes, &this.traceback, &this.context, &this.cause]
}

fn drop_fields(_ts: &ThreadState, this: &BaseException) {
    clear_fields(this);
}

fn clear_fields(this: &BaseException) {
    for field in fields(this) {
        drop(field.take_owned());
    }
}

fn visit_fields(this: &BaseException, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
    fields(this).into_iter().try_for_each(|field| visitor.field(field))
}

/// Makes `handled` the context of `exception`, unless it is that exception; a cycle in the chain of contexts
/// is cut first.
pub fn set_implicit_context(exception: &Owned<BaseException>, handled: Owned<PyObject>) {
    if handled.is(exception) {
        return;
    }
    // SAFETY: only exceptions are handled.
    let mut at: &BaseException = unsafe { handled.cast() };
    while let Some(context) = at.context.peek() {
        // SAFETY: a context is an exception.
        let context = unsafe { context.cast::<BaseException>() };
        if ptr::eq(context, &**exception) {
            drop(at.context.take_owned());
            break;
        }
        at = context;
    }
    exception.context.store(Some(handled));
}

/// `raise exception from cause`, with `cause` as the context as well.
pub fn set_cause_and_context(exception: &BaseException, cause: Owned<BaseException>) {
    exception.suppress_context.set(1);
    exception.context.store(Some(cause.clone()));
    exception.cause.store(Some(cause));
}
