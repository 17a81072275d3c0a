//! Struct sequences: tuples whose items have names (`PyStructSequence_*`).
//!
//! A type has visible fields, which are the tuple's items, and hidden ones behind them, which only their names
//! reach. Instances lie in memory like a tuple of all of them whose size says how many are visible; so how many
//! there are in all is in the type's size.

use core::ffi::{CStr, c_int, c_void};

use super::type_::from_spec;
use super::type_::namespace::members;
use super::type_::spec::{Definition, Size};
use super::{Dict, Int, Str, Tuple, method, singletons, slot};
use crate::ffi::slots::*;
use crate::ffi::*;
use crate::object::alloc::gc_untrack;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Args, Signature, with_tuple_and_dict};
use crate::protocol::{object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::tuple::PyTuple_Type;

/// The name of a field that has none: recognised by its address.
#[unsafe(no_mangle)]
pub static PyStructSequence_UnnamedField: UnnamedField = UnnamedField(c"unnamed field".as_ptr());

/// A pointer to a C string, as data that C sees.
#[repr(transparent)]
pub struct UnnamedField(*const core::ffi::c_char);

// SAFETY: it never changes, and what it points to is static.
unsafe impl Sync for UnnamedField {}

/// How many fields there are in all, and how many are visible.
fn counts(ty: &Type, this: &Tuple) -> (usize, usize) {
    let hidden = (ty.tp_basicsize - PyTuple_Type.tp_basicsize) / 8;
    (this.len() + hidden as usize, this.len())
}

/// A type for a description. `SystemError` never: a description without fields makes an empty one.
///
/// # Safety
/// `[live]` the description, its names and docs for as long as the type.
pub unsafe fn new_type(ts: &ThreadState, desc: &PyStructSequence_Desc) -> Result {
    // SAFETY: the caller's promise: the fields end with a NULL name.
    let fields = unsafe {
        let n = (0..).take_while(|&i| !(*desc.fields.add(i)).name.is_null()).count();
        core::slice::from_raw_parts(desc.fields, n)
    };
    let visible = desc.n_in_sequence.max(0) as usize;
    let header = PyTuple_Type.tp_basicsize;
    let named = |f: &&PyStructSequence_Field| !core::ptr::eq(f.name, PyStructSequence_UnnamedField.0);
    let mut members: Vec<PyMemberDef> = fields
        .iter()
        .enumerate()
        .filter(|(_, f)| named(f))
        .map(|(i, f)| PyMemberDef {
            name: f.name,
            r#type: _Py_T_OBJECT,
            offset: header + 8 * i as isize,
            flags: Py_READONLY,
            doc: f.doc,
        })
        .collect();
    members.push(slot::MEMBERS_END);
    let definition = Definition {
        // SAFETY: [cstr] the name.
        name: unsafe { CStr::from_ptr(desc.name) },
        size: Size::Whole(header + 8 * fields.len().saturating_sub(visible) as isize),
        itemsize: 8,
        flags: Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
        metaclass: None,
        module: None,
        bases: None,
        base: Some(&PyTuple_Type),
        doc: desc.doc,
        members: members.as_mut_ptr(),
        token: core::ptr::null_mut(),
        slots: slots(),
    };
    let ty = from_spec::make(ts, &definition)?;
    add_counts(ts, &ty, fields, visible)?;
    Ok(ty)
}

fn slots() -> Vec<(u16, *mut c_void)> {
    let new: Slot<newfunc> = slot::new(new);
    let repr: Slot<reprfunc> = slot::unary(repr);
    let pointer = |f: *const ()| f.cast_mut().cast::<c_void>();
    vec![
        (Py_tp_dealloc, pointer(dealloc as *const ())),
        (Py_tp_traverse, pointer(traverse as *const ())),
        (Py_tp_new, pointer(new.get().map_or(core::ptr::null(), |f| f as *const ()))),
        (Py_tp_repr, pointer(repr.get().map_or(core::ptr::null(), |f| f as *const ()))),
        (Py_tp_methods, METHODS.as_ptr().cast_mut().cast()),
    ]
}

fn add_counts(ts: &ThreadState, ty: &Object, fields: &[PyStructSequence_Field], visible: usize) -> Result<()> {
    let is_named = |f: &&PyStructSequence_Field| !core::ptr::eq(f.name, PyStructSequence_UnnamedField.0);
    let unnamed = fields.len() - fields.iter().filter(is_named).count();
    // SAFETY: a type made here.
    let Some(dict) = unsafe { ty.cast::<Type>() }.own_dict() else { return Ok(()) };
    for (name, n) in [("n_sequence_fields", visible), ("n_fields", fields.len()), ("n_unnamed_fields", unnamed)] {
        dict.set_name(ts, &*Str::interned(ts, name)?, &*Int::from_i64(ts, n as i64)?)?;
    }
    let mut names = Vec::new();
    for field in fields.iter().take(visible).filter(is_named) {
        // SAFETY: [cstr] a field's name.
        let name = unsafe { CStr::from_ptr(field.name) }.to_string_lossy();
        names.push(Str::interned(ts, &name)?.upcast());
    }
    dict.set_name(ts, &*Str::interned(ts, "__match_args__")?, &*Tuple::from_owned(ts, names)?)
}

/// An instance with all fields empty, for C to fill in.
pub fn unfilled(ts: &ThreadState, ty: &Type) -> Result<Owned<Tuple>> {
    let visible = count_in_dict(ts, ty, "n_sequence_fields")?;
    let this = ts.alloc_instance(ty, visible as isize)?;
    // SAFETY: a struct sequence has a tuple's layout; its hash is not known yet.
    unsafe {
        this.cast::<Tuple>().ob_hash.set(-1);
        Ok(this.cast_owned())
    }
}

fn count_in_dict(ts: &ThreadState, ty: &Type, name: &str) -> Result<usize> {
    let key = Str::interned(ts, name)?;
    let found = ty.own_dict().and_then(|d| d.get_name(&key)).and_then(|v| v.downcast::<Int>()).and_then(Int::to_i64);
    match found {
        Some(n) => Ok(n as usize),
        None => {
            let ty = ty.full_name();
            Err(ts.raise(&TYPE_ERROR, format_args!("Missed attribute '{name}' of type {ty}")))
        }
    }
}

/// The place of field `i`, counting hidden ones.
///
/// # Safety
/// `i` is a field of the type.
pub unsafe fn place(this: &Tuple, i: usize) -> *mut *mut PyObject {
    // SAFETY: the caller's promise.
    unsafe { this.items_ptr().add(i) }
}

unsafe extern "C" fn dealloc(this: *mut PyObject) {
    // SAFETY: the collector's and C's protocol: a dead instance of a struct sequence, whose type it references.
    unsafe {
        gc_untrack(&*this);
        let ty = Owned::<Type>::from_stolen((*this).ob_type.get().cast_mut().cast());
        let tuple = &*this.cast::<Tuple>();
        for i in 0..counts(&ty, tuple).0 {
            drop(Owned::<Object>::from_stolen_nullable(place(tuple, i).read()));
        }
        crate::types::object::generic_free(this.cast());
    }
}

unsafe extern "C" fn traverse(this: *mut PyObject, visit: visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: the collector's protocol.
    unsafe {
        let (tuple, visitor) = (&*this.cast::<Tuple>(), slot::Visitor::new(visit, arg));
        let ty = (*this).ty();
        let all = (0..counts(ty, tuple).0).filter_map(|i| Object::from_nullable(place(tuple, i).read()));
        core::iter::once(ty.as_object()).chain(all).try_for_each(|o| visitor.object(o)).err().unwrap_or(0)
    }
}

static NEW: Signature = Signature { name: "structseq", params: &["sequence", "dict"], required: 1, max_positional: 2 };

fn new(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    with_tuple_and_dict(ts, args, kwargs, |args| {
        let [values, dict]: [Option<&Object>; 2] = NEW.bind(ts, args)?;
        let Some(values) = values else { return Err(ts.raise_str(&TYPE_ERROR, "constructor requires a sequence")) };
        make(ts, ty, values, dict.filter(|d| !singletons::is_none(*d)))
    })
}

/// An instance of the items of `values`, the hidden fields by name from `dict`, or `None`.
fn make(ts: &ThreadState, ty: &Type, values: &Object, dict: Option<&Object>) -> Result {
    let name = ty.full_name();
    let values = match sequence::collect(ts, values) {
        Ok(values) => values,
        Err(raised) => {
            ts.recover(raised, &TYPE_ERROR)?;
            return Err(ts.raise_str(&TYPE_ERROR, "constructor requires a sequence"));
        }
    };
    let dict = match dict.map(|d| d.downcast::<Dict>()) {
        None => None,
        Some(Some(dict)) => Some(dict),
        Some(None) => {
            return Err(ts.raise(&TYPE_ERROR, format_args!("{name}() takes a dict as second arg, if any")));
        }
    };
    let (visible, total) = (count_in_dict(ts, ty, "n_sequence_fields")?, count_in_dict(ts, ty, "n_fields")?);
    let given = values.len();
    if given < visible || given > total {
        let (bound, n) = match (visible == total, given < visible) {
            (true, _) => ("a ", total),
            (false, true) => ("an at least ", visible),
            (false, false) => ("an at most ", total),
        };
        return Err(ts.raise(&TYPE_ERROR, format_args!("{name}() takes {bound}{n}-sequence ({given}-sequence given)")));
    }
    let this = unfilled(ts, ty)?;
    let mut used = 0;
    let values = values.into_iter().map(Some).chain(core::iter::repeat_with(|| None));
    for (i, value) in values.take(total).enumerate() {
        let value = match value {
            Some(value) => value,
            None => {
                let name = field_name(ts, ty, i)?;
                let by_name = dict.zip(name.as_deref()).and_then(|(dict, name)| dict.get_name(name));
                used += usize::from(by_name.is_some());
                by_name.map_or_else(singletons::none, Owned::new)
            }
        };
        // SAFETY: within all fields, each filled once.
        unsafe { place(&this, i).write(value.into_raw()) };
    }
    if dict.is_some_and(|d| d.len() > used) {
        return Err(ts.raise(&TYPE_ERROR, format_args!("{name}() got duplicate or unexpected field name(s)")));
    }
    Ok(this.upcast())
}

/// The name of field `i`, by the members that readying copied into the type.
fn field_name(ts: &ThreadState, ty: &Type, i: usize) -> Result<Option<Owned<Str>>> {
    let offset = PyTuple_Type.tp_basicsize + 8 * i as isize;
    let Some(field) = members(ty).find(|def| def.offset == offset) else { return Ok(None) };
    // SAFETY: a name of the table.
    Str::interned(ts, &unsafe { CStr::from_ptr(field.name) }.to_string_lossy()).map(Some)
}

fn repr(ts: &ThreadState, this: &Tuple) -> Result<Owned<Str>> {
    let ty = this.ty();
    let mut text = format!("{}(", ty.full_name());
    for (i, item) in this.as_slice().iter().enumerate() {
        let separator = if i == 0 { "" } else { ", " };
        let name = field_name(ts, ty, i)?;
        let name = name.map(|n| n.to_string()).unwrap_or_default();
        text.push_str(&format!("{separator}{name}={}", object::repr(ts, item)?));
    }
    text.push(')');
    Str::new(ts, &text)
}

/// The hidden fields by name.
fn hidden(ts: &ThreadState, this: &Tuple) -> Result<Owned<Dict>> {
    let ty = this.ty();
    let dict = Dict::new(ts)?;
    let (total, visible) = counts(ty, this);
    for i in visible..total {
        // SAFETY: within all fields.
        let value = unsafe { Object::from_nullable(place(this, i).read()) }.unwrap_or(singletons::none_ref());
        if let Some(name) = field_name(ts, ty, i)? {
            dict.set_name(ts, &name, value)?;
        }
    }
    Ok(dict)
}

fn reduce(ts: &ThreadState, this: &Tuple) -> Result<Owned<Tuple>> {
    let (visible, dict) = (Tuple::new(ts, this.as_slice())?, hidden(ts, this)?);
    let args = Tuple::new(ts, &[&visible, &dict])?;
    Tuple::new(ts, &[this.ty().as_object(), &args])
}

fn replace(ts: &ThreadState, this: &Tuple, args: Args<'_>) -> Result {
    if !args.positional.is_empty() {
        return Err(ts.raise_str(&TYPE_ERROR, "__replace__() takes no positional arguments"));
    }
    let ty = this.ty();
    let (total, _) = counts(ty, this);
    let new = unfilled(ts, ty)?;
    let mut unexpected: Vec<_> = args.keywords().map(|(name, _)| Owned::new(name.as_object())).collect();
    for i in 0..total {
        let name = field_name(ts, ty, i)?;
        let given = name.as_ref().and_then(|n| args.keywords().find(|(k, _)| k.equals(n)));
        let value = match given {
            Some((key, value)) => {
                unexpected.retain(|k| !k.is(key));
                value
            }
            // SAFETY: within all fields.
            None => unsafe { Object::from_nullable(place(this, i).read()) }.unwrap_or(singletons::none_ref()),
        };
        // SAFETY: within all fields, each filled once.
        unsafe { place(&new, i).write(Owned::new(value).into_raw()) };
    }
    if !unexpected.is_empty() {
        let names = super::List::from_owned(ts, unexpected)?;
        let shown = object::repr(ts, &names)?;
        return Err(ts.raise(&TYPE_ERROR, format_args!("Got unexpected field name(s): {shown}")));
    }
    Ok(new.upcast())
}

static METHODS: [PyMethodDef; 3] = [
    method::noargs(c"__reduce__", reduce, c""),
    method::keywords(
        c"__replace__",
        replace,
        c"__replace__($self, /, **changes)\n--\n\nA copy with some fields changed.",
    ),
    slot::METHODS_END,
];
