//! `zip`: tuples of an item of each.

use core::cell::Cell;
use core::ffi::c_int;

use super::{Dict, STATIC_FLAGS, STATIC_TYPE, Tuple, bool as boolean, entries, method, parallel, slot};
use crate::ffi::*;
use crate::object::{Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::args::{Signature, with_tuple_and_dict};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::iterators::ITER_SELF;

#[repr(C)]
pub struct Zip {
    ob_base: PyObject,
    /// A tuple of them; NULL only while the collector takes it apart.
    iterators: Cell<*mut PyObject>,
    strict: Cell<bool>,
}

// SAFETY: begins with the header.
unsafe impl Layout for Zip {}

static STRICT: Signature = Signature { name: "zip", params: &["strict"], required: 0, max_positional: 0 };

impl Zip {
    fn construct(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        with_tuple_and_dict(ts, args, kwargs, |args| {
            let strict = parallel::strict(ts, &STRICT, args)?;
            let iterators = parallel::iterators(ts, args.positional)?;
            // SAFETY: the type's instances, and its subtypes', have the layout.
            let this = unsafe { ts.alloc_instance(ty, 0)?.cast_owned::<Zip>() };
            this.iterators.store(Some(iterators));
            this.strict.set(strict);
            Ok(this.upcast())
        })
    }

    fn iterators(&self) -> Owned<Tuple> {
        // SAFETY: a tuple is stored there.
        self.iterators.load().map_or_else(Tuple::empty, |iterators| unsafe { iterators.cast_owned() })
    }

    fn next(ts: &ThreadState, this: &Zip) -> Result<Option<Owned<Object>>> {
        let iterators = this.iterators();
        if iterators.is_empty() {
            return Ok(None);
        }
        let mut items = Vec::with_capacity(iterators.len());
        if !parallel::advance(ts, "zip", &iterators, this.strict.get(), |_, item| items.push(item))? {
            return Ok(None);
        }
        Ok(Some(Tuple::from_owned(ts, items)?.upcast()))
    }

    fn reduce(ts: &ThreadState, this: &Zip) -> Result<Owned<Tuple>> {
        let (ty, iterators) = (this.ob_base.ty(), this.iterators());
        match this.strict.get() {
            true => Tuple::new(ts, &[ty, &iterators, boolean::bool_ref(true)]),
            false => Tuple::new(ts, &[ty, &iterators]),
        }
    }

    fn set_state(ts: &ThreadState, this: &Zip, state: &Object) -> Result<()> {
        this.strict.set(object::is_true(ts, state)?);
        Ok(())
    }

    fn drop_fields(_ts: &ThreadState, this: &Zip) {
        drop(this.iterators.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.iterators)
    }
}

static METHODS: [PyMethodDef; 3] = [
    method::noargs(c"__reduce__", Zip::reduce, c"Return state information for pickling."),
    method::one(c"__setstate__", Zip::set_state, c"Set whether all must end together."),
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyZip_Type: Type = Type {
    tp_name: c"zip".as_ptr(),
    tp_basicsize: size_of::<Zip>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE),
    tp_doc: Cell::new(
        c"zip(*iterables, strict=False)\n--\n\nTuples of an item of each, until one ends; if strict, all must end then."
            .as_ptr(),
    ),
    tp_dealloc: slot::dealloc(Zip::drop_fields),
    tp_traverse: slot::traverse(Zip::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(Zip::next),
    tp_methods: entries(&METHODS),
    tp_new: slot::new(Zip::construct),
    ..STATIC_TYPE
};
