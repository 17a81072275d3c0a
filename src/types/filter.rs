//! `filter`: the items of which a function, or their own truth, says yes.

use core::cell::Cell;
use core::ffi::c_int;

use super::{Dict, STATIC_FLAGS, STATIC_TYPE, Tuple, entries, method, singletons, slot};
use crate::ffi::*;
use crate::object::{Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::args::with_tuple_and_dict;
use crate::protocol::{call, object, sequence};
use crate::runtime::ThreadState;
use crate::types::iterators::ITER_SELF;

#[repr(C)]
pub struct Filter {
    ob_base: PyObject,
    function: Cell<*mut PyObject>,
    iterator: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for Filter {}

impl Filter {
    fn construct(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        with_tuple_and_dict(ts, args, kwargs, |args| {
            args.no_keywords(ts, "filter")?;
            args.expect_positional(ts, "filter", 2, 2)?;
            let (function, iterator) = (args.positional[0], sequence::iter(ts, args.positional[1])?);
            // SAFETY: the type's instances, and its subtypes', have the layout.
            let this = unsafe { ts.alloc_instance(ty, 0)?.cast_owned::<Filter>() };
            this.function.store(Some(Owned::new(function)));
            this.iterator.store(Some(iterator));
            Ok(this.upcast())
        })
    }

    fn next(ts: &ThreadState, this: &Filter) -> Result<Option<Owned<Object>>> {
        let (Some(function), Some(iterator)) = (this.function.load(), this.iterator.load()) else { return Ok(None) };
        // `bool` says what an item's own truth says.
        let by_itself =
            singletons::is_none(&*function) || core::ptr::eq(&*function, super::bool::PyBool_Type.as_object());
        while let Some(item) = sequence::next(ts, &iterator)? {
            let wanted = match by_itself {
                true => object::is_true(ts, &item)?,
                false => object::is_true(ts, &*call::call(ts, &function, &[&item])?)?,
            };
            if wanted {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    fn reduce(ts: &ThreadState, this: &Filter) -> Result<Owned<Tuple>> {
        let none = singletons::none_ref();
        let (function, iterator) = (this.function.load(), this.iterator.load());
        let args = Tuple::new(ts, &[function.as_deref().unwrap_or(none), iterator.as_deref().unwrap_or(none)])?;
        Tuple::new(ts, &[this.ob_base.ty(), &args])
    }

    fn drop_fields(_ts: &ThreadState, this: &Filter) {
        drop(this.function.take_owned());
        drop(this.iterator.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.function)?;
        visitor.field(&self.iterator)
    }
}

static METHODS: [PyMethodDef; 2] =
    [method::noargs(c"__reduce__", Filter::reduce, c"Return state information for pickling."), slot::METHODS_END];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyFilter_Type: Type = Type {
    tp_name: c"filter".as_ptr(),
    tp_basicsize: size_of::<Filter>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE),
    tp_doc: Cell::new(
        c"filter(function, iterable, /)\n--\n\nThe items of which the function says yes, or those that are true for None."
            .as_ptr(),
    ),
    tp_dealloc: slot::dealloc(Filter::drop_fields),
    tp_traverse: slot::traverse(Filter::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(Filter::next),
    tp_methods: entries(&METHODS),
    tp_new: slot::new(Filter::construct),
    ..STATIC_TYPE
};
