//! `enumerate`: items with their numbers.

use core::cell::Cell;
use core::ffi::c_int;

use super::{Dict, Int, STATIC_FLAGS, STATIC_TYPE, Tuple, entries, method, slot};
use crate::ffi::*;
use crate::object::{Layout, Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::args::{Args, with_tuple_and_dict};
use crate::protocol::{number, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::iterators::ITER_SELF;

#[repr(C)]
pub struct Enumerate {
    ob_base: PyObject,
    /// The next number, while it fits; `isize::MAX` is where `big` takes over.
    index: Cell<isize>,
    iterator: Cell<*mut PyObject>,
    /// The next number once it does not fit, or NULL.
    big: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for Enumerate {}

/// Iterable and start. Not by [`Signature`](crate::protocol::args::Signature): the messages are its own.
fn arguments<'a>(ts: &ThreadState, args: Args<'a>) -> Result<(&'a Object, Option<&'a Object>)> {
    let total = args.len() + args.values.len();
    let mut bound = [args.get(0), args.get(1)];
    if args.is_empty() || total > 2 {
        let message = if args.positional.is_empty() {
            "enumerate() missing required argument 'iterable'".to_owned()
        } else {
            format!("enumerate() takes at most 2 arguments ({total} given)")
        };
        return Err(ts.raise_str(&TYPE_ERROR, &message));
    }
    let by_start_alone = total == 1;
    for (name, value) in args.keywords() {
        let place = ["iterable", "start"].iter().position(|known| name.equals_text(known));
        match place {
            Some(i) if bound[i].is_none() && !(i == 1 && by_start_alone) => bound[i] = Some(value),
            _ => {
                let message = format_args!("'{name}' is an invalid keyword argument for enumerate()");
                return Err(ts.raise(&TYPE_ERROR, message));
            }
        }
    }
    let iterable = bound[0].ok_or_else(|| missing(ts))?;
    Ok((iterable, bound[1]))
}

#[cold]
fn missing(ts: &ThreadState) -> Raised {
    ts.raise_str(&TYPE_ERROR, "enumerate() missing required argument 'iterable'")
}

impl Enumerate {
    fn construct(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        with_tuple_and_dict(ts, args, kwargs, |args| {
            let (iterable, start) = arguments(ts, args)?;
            let (index, big) = match start {
                None => (0, None),
                Some(start) => {
                    let start = number::index(ts, start)?;
                    match start.to_i64() {
                        Some(index) => (index as isize, None),
                        None => (isize::MAX, Some(start)),
                    }
                }
            };
            let iterator = sequence::iter(ts, iterable)?;
            // SAFETY: the type's instances, and its subtypes', have the layout.
            let this = unsafe { ts.alloc_instance(ty, 0)?.cast_owned::<Enumerate>() };
            this.index.set(index);
            this.iterator.store(Some(iterator));
            this.big.store(big);
            Ok(this.upcast())
        })
    }

    fn next(ts: &ThreadState, this: &Enumerate) -> Result<Option<Owned<Object>>> {
        let Some(iterator) = this.iterator.load() else { return Ok(None) };
        let Some(item) = sequence::next(ts, &iterator)? else { return Ok(None) };
        let number = match this.index.get() {
            isize::MAX => this.next_big(ts)?,
            index => {
                let number = Int::from_i64(ts, index as i64)?;
                this.index.set(index + 1);
                number.upcast()
            }
        };
        Ok(Some(Tuple::new(ts, &[&number, &item])?.upcast()))
    }

    #[cold]
    fn next_big(&self, ts: &ThreadState) -> Result {
        let number = self.number(ts)?;
        let next = number::binary(ts, number::ADD, &number, &*Int::from_i64(ts, 1)?)?;
        self.big.store(Some(next));
        Ok(number)
    }

    /// The number that comes next.
    fn number(&self, ts: &ThreadState) -> Result {
        match self.big.load() {
            Some(big) => Ok(big),
            None => Ok(Int::from_i64(ts, self.index.get() as i64)?.upcast()),
        }
    }

    fn reduce(ts: &ThreadState, this: &Enumerate) -> Result<Owned<Tuple>> {
        let (iterator, number) = (this.iterator.load(), this.number(ts)?);
        let iterator = iterator.as_deref().unwrap_or(super::singletons::none_ref());
        let args = Tuple::new(ts, &[iterator, &number])?;
        Tuple::new(ts, &[this.ob_base.ty(), &args])
    }

    fn drop_fields(_ts: &ThreadState, this: &Enumerate) {
        drop(this.iterator.take_owned());
        drop(this.big.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.iterator)?;
        visitor.field(&self.big)
    }
}

static METHODS: [PyMethodDef; 3] = [
    method::noargs(c"__reduce__", Enumerate::reduce, c"Return state information for pickling."),
    crate::types::generic_alias::CLASS_GETITEM,
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyEnum_Type: Type = Type {
    tp_name: c"enumerate".as_ptr(),
    tp_basicsize: size_of::<Enumerate>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE),
    tp_doc: Cell::new(c"enumerate(iterable, start=0)\n--\n\nPairs of a number, from start, and an item.".as_ptr()),
    tp_dealloc: slot::dealloc(Enumerate::drop_fields),
    tp_traverse: slot::traverse(Enumerate::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(Enumerate::next),
    tp_methods: entries(&METHODS),
    tp_new: slot::new(Enumerate::construct),
    ..STATIC_TYPE
};
