//! `map`: what a function makes of each item, or of an item of each.

use core::cell::Cell;
use core::ffi::c_int;

use smallvec::SmallVec;

use super::{Dict, STATIC_FLAGS, STATIC_TYPE, Tuple, bool as boolean, entries, method, parallel, slot};
use crate::ffi::*;
use crate::object::{Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::args::{Signature, with_tuple_and_dict};
use crate::protocol::{call, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::iterators::ITER_SELF;

#[repr(C)]
pub struct Map {
    ob_base: PyObject,
    /// A tuple of them; NULL only while the collector takes it apart.
    iterators: Cell<*mut PyObject>,
    function: Cell<*mut PyObject>,
    strict: Cell<bool>,
}

// SAFETY: begins with the header.
unsafe impl Layout for Map {}

static STRICT: Signature = Signature { name: "map", params: &["strict"], required: 0, max_positional: 0 };

impl Map {
    fn construct(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        with_tuple_and_dict(ts, args, kwargs, |args| {
            let strict = parallel::strict(ts, &STRICT, args)?;
            let Some((function, iterables)) = args.positional.split_first().filter(|(_, rest)| !rest.is_empty()) else {
                return Err(ts.raise_str(&TYPE_ERROR, "map() must have at least two arguments."));
            };
            let iterators = parallel::iterators(ts, iterables)?;
            // SAFETY: the type's instances, and its subtypes', have the layout.
            let this = unsafe { ts.alloc_instance(ty, 0)?.cast_owned::<Map>() };
            this.iterators.store(Some(iterators));
            this.function.store(Some(Owned::new(*function)));
            this.strict.set(strict);
            Ok(this.upcast())
        })
    }

    fn next(ts: &ThreadState, this: &Map) -> Result<Option<Owned<Object>>> {
        let (Some(iterators), Some(function)) = (this.iterators.load(), this.function.load()) else { return Ok(None) };
        // SAFETY: a tuple is stored there.
        let iterators = unsafe { iterators.cast::<Tuple>() };
        let mut items: SmallVec<[Owned<Object>; 4]> = SmallVec::new();
        if !parallel::advance(ts, "map", iterators, this.strict.get(), |_, item| items.push(item))? {
            return Ok(None);
        }
        let borrowed: SmallVec<[&Object; 4]> = items.iter().map(|item| &**item).collect();
        call::call(ts, &function, &borrowed).map(Some)
    }

    fn reduce(ts: &ThreadState, this: &Map) -> Result<Owned<Tuple>> {
        let ty = this.ob_base.ty();
        let (Some(iterators), Some(function)) = (this.iterators.load(), this.function.load()) else {
            return Tuple::new(ts, &[ty, &Tuple::empty()]);
        };
        // SAFETY: a tuple is stored there.
        let iterators = unsafe { iterators.cast::<Tuple>() };
        let args: Vec<&Object> = core::iter::once(&*function).chain(iterators.as_slice().iter().copied()).collect();
        let args = Tuple::new(ts, &args)?;
        match this.strict.get() {
            true => Tuple::new(ts, &[ty, &args, boolean::bool_ref(true)]),
            false => Tuple::new(ts, &[ty, &args]),
        }
    }

    fn set_state(ts: &ThreadState, this: &Map, state: &Object) -> Result<()> {
        this.strict.set(object::is_true(ts, state)?);
        Ok(())
    }

    fn drop_fields(_ts: &ThreadState, this: &Map) {
        drop(this.iterators.take_owned());
        drop(this.function.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.iterators)?;
        visitor.field(&self.function)
    }
}

static METHODS: [PyMethodDef; 3] = [
    method::noargs(c"__reduce__", Map::reduce, c"Return state information for pickling."),
    method::one(c"__setstate__", Map::set_state, c"Set whether all must end together."),
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyMap_Type: Type = Type {
    tp_name: c"map".as_ptr(),
    tp_basicsize: size_of::<Map>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE),
    tp_doc: Cell::new(
        c"map(function, iterable, /, *iterables, strict=False)\n--\n\nWhat the function makes of an item of each, until one ends; if strict, all must end then."
            .as_ptr(),
    ),
    tp_dealloc: slot::dealloc(Map::drop_fields),
    tp_traverse: slot::traverse(Map::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(Map::next),
    tp_methods: entries(&METHODS),
    tp_new: slot::new(Map::construct),
    ..STATIC_TYPE
};
