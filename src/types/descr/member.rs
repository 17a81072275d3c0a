//! `member_descriptor`: a C field of the instance as an attribute.
//!
//! [`get_one`] and [`set_one`] are `PyMember_GetOne` and `PyMember_SetOne`: they know every kind of field.

use core::cell::Cell;
use core::ffi::{CStr, c_char, c_int, c_long, c_longlong, c_short, c_uint, c_ulong, c_ulonglong, c_ushort};

use super::{Descriptor, HasDescriptor, MEMBERS, doc};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::protocol::{convert, number};
use crate::runtime::ThreadState;
use crate::types::exceptions::{ATTRIBUTE_ERROR, OVERFLOW_ERROR, SYSTEM_ERROR, TYPE_ERROR};
use crate::types::float::Float;
use crate::types::type_::attributes::fully_qualified;
use crate::types::type_::instance::note_field;
use crate::types::{Int, STATIC_FLAGS, STATIC_TYPE, Str, bool as boolean, entries, singletons, slot};

layout!(MemberDescriptor = PyMemberDescrObject, PyMemberDescr_Type);

/// A descriptor of `ty` for the definition, which outlives it.
#[allow(clippy::not_unsafe_ptr_arg_deref, reason = "a definition lives as long as its type, by C's contract")]
pub fn new_member(ts: &ThreadState, ty: &Type, name: Owned<Str>, def: *const PyMemberDef) -> Result {
    // SAFETY: a definition is live; all fields are written.
    unsafe {
        if (*def).flags & Py_RELATIVE_OFFSET != 0 {
            return Err(ts.raise_str(&SYSTEM_ERROR, "PyDescr_NewMember used with Py_RELATIVE_OFFSET"));
        }
        let this = Descriptor::make::<MemberDescriptor>(ts, &PyMemberDescr_Type, ty, name)?;
        this.d_member.set(def.cast_mut());
        ts.track_new(&this);
        Ok(this.upcast())
    }
}

impl MemberDescriptor {
    #[inline(always)]
    pub fn def(&self) -> &PyMemberDef {
        // SAFETY: a definition outlives its descriptor.
        unsafe { &*self.d_member.get() }
    }

    fn get(ts: &ThreadState, this: &MemberDescriptor, object: Option<&Object>, _owner: Option<&Object>) -> Result {
        let Some(object) = object else { return Ok(Owned::new(this).upcast()) };
        this.common().check(ts, object)?;
        // SAFETY: an instance of the type that has the field.
        unsafe { get_one(ts, object.as_ptr().cast(), this.def()) }
    }

    fn set(ts: &ThreadState, this: &MemberDescriptor, object: &Object, value: Option<&Object>) -> Result<()> {
        this.common().check(ts, object)?;
        // SAFETY: as above.
        unsafe { set_one(ts, object.as_ptr().cast(), this.def(), value) }
    }

    fn repr(ts: &ThreadState, this: &MemberDescriptor) -> Result<Owned<Str>> {
        this.common().repr_as(ts, "member")
    }

    fn doc(ts: &ThreadState, this: &MemberDescriptor) -> Result {
        // SAFETY: NULL or NUL-terminated, by the definition.
        doc::plain(ts, unsafe { doc::c_doc(this.def().doc) })
    }

    fn drop_fields(_ts: &ThreadState, this: &MemberDescriptor) {
        this.common().drop_fields();
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        self.common().visit(visitor)
    }
}

fn name_of(def: &PyMemberDef) -> &str {
    // SAFETY: a definition's name is a C string.
    unsafe { CStr::from_ptr(def.name) }.to_str().unwrap_or("?")
}

fn text(ts: &ThreadState, bytes: &[u8]) -> Result {
    Ok(Str::new(ts, &String::from_utf8_lossy(bytes))?.upcast())
}

fn signed(ts: &ThreadState, value: i64) -> Result {
    Ok(Int::from_i64(ts, value)?.upcast())
}

fn unsigned(ts: &ThreadState, value: u64) -> Result {
    Ok(Int::from_parts_u64(ts, false, value)?.upcast())
}

#[cold]
fn missing(ts: &ThreadState, object: *const u8, def: &PyMemberDef) -> Raised {
    // SAFETY: members with objects are members of objects.
    let ty = match fully_qualified(ts, unsafe { (*object.cast::<PyObject>()).ty() }) {
        Ok(ty) => ty,
        Err(raised) => return raised,
    };
    ts.raise(&ATTRIBUTE_ERROR, format_args!("'{ty}' object has no attribute '{}'", name_of(def)))
}

/// Where the field is.
///
/// # Safety
/// The struct at `base` has such a field; it is a tuple if the field stands behind the items.
pub unsafe fn place(base: *const u8, def: &PyMemberDef) -> *const u8 {
    // SAFETY: the caller's promise.
    unsafe {
        if def.flags & _Py_AFTER_ITEMS == 0 {
            return base.offset(def.offset);
        }
        let items = (*base.cast::<PyVarObject>()).ob_size.get();
        base.offset(def.offset + items * size_of::<*mut PyObject>() as isize)
    }
}

/// The value of the field that `def` describes, in the struct at `base`.
///
/// # Safety
/// The struct has such a field.
pub unsafe fn get_one(ts: &ThreadState, base: *const u8, def: &PyMemberDef) -> Result {
    if def.flags & Py_RELATIVE_OFFSET != 0 {
        return Err(ts.raise_str(&SYSTEM_ERROR, "PyMember_GetOne used with Py_RELATIVE_OFFSET"));
    }
    // SAFETY: the caller's promise.
    unsafe {
        let field = place(base, def);
        match def.r#type {
            Py_T_BOOL => Ok(boolean::from_bool(field.cast::<c_char>().read() != 0)),
            Py_T_BYTE => signed(ts, field.cast::<i8>().read().into()),
            Py_T_UBYTE => signed(ts, field.read().into()),
            Py_T_SHORT => signed(ts, field.cast::<c_short>().read_unaligned().into()),
            Py_T_USHORT => signed(ts, field.cast::<c_ushort>().read_unaligned().into()),
            Py_T_INT => signed(ts, field.cast::<c_int>().read_unaligned().into()),
            Py_T_UINT => signed(ts, field.cast::<c_uint>().read_unaligned().into()),
            Py_T_LONG | Py_T_LONGLONG | Py_T_PYSSIZET => signed(ts, field.cast::<c_long>().read_unaligned()),
            Py_T_ULONG | Py_T_ULONGLONG => unsigned(ts, field.cast::<c_ulong>().read_unaligned()),
            Py_T_FLOAT => Ok(Float::new(ts, field.cast::<f32>().read_unaligned().into())?.upcast()),
            Py_T_DOUBLE => Ok(Float::new(ts, field.cast::<f64>().read_unaligned())?.upcast()),
            Py_T_STRING => match doc::c_doc(field.cast::<*const c_char>().read_unaligned()) {
                Some(s) => text(ts, s.to_bytes()),
                None => Ok(singletons::none()),
            },
            Py_T_STRING_INPLACE => text(ts, CStr::from_ptr(field.cast()).to_bytes()),
            Py_T_CHAR => text(ts, &[field.read()]),
            _Py_T_OBJECT => Ok(object_at(field).map_or_else(singletons::none, Owned::new)),
            Py_T_OBJECT_EX => object_at(field).map(Owned::new).ok_or_else(|| missing(ts, base, def)),
            _Py_T_NONE => Ok(singletons::none()),
            _ => Err(ts.raise(&SYSTEM_ERROR, format_args!("bad memberdescr type for {}", name_of(def)))),
        }
    }
}

/// # Safety
/// A pointer to an object, or NULL, is there.
unsafe fn object_at<'a>(field: *const u8) -> Option<&'a Object> {
    // SAFETY: the caller's promise.
    unsafe { Object::from_nullable(field.cast::<*mut PyObject>().read_unaligned()) }
}

/// Sets the field, or deletes the object in it.
///
/// # Safety
/// As for [`get_one`].
pub unsafe fn set_one(ts: &ThreadState, base: *mut u8, def: &PyMemberDef, value: Option<&Object>) -> Result<()> {
    if def.flags & Py_RELATIVE_OFFSET != 0 {
        return Err(ts.raise_str(&SYSTEM_ERROR, "PyMember_SetOne used with Py_RELATIVE_OFFSET"));
    }
    if def.flags & Py_READONLY != 0 {
        return Err(ts.raise_str(&ATTRIBUTE_ERROR, "readonly attribute"));
    }
    // SAFETY: the caller's promise.
    unsafe {
        let field = place(base.cast_const(), def).cast_mut();
        match (def.r#type, value) {
            (_Py_T_OBJECT | Py_T_OBJECT_EX, value) => {
                if value.is_none() && def.r#type == Py_T_OBJECT_EX && object_at(field).is_none() {
                    return Err(ts.raise_str(&ATTRIBUTE_ERROR, name_of(def)));
                }
                let new = value.map_or(core::ptr::null_mut(), |v| Owned::new(v).into_raw());
                let old = field.cast::<*mut PyObject>().read_unaligned();
                note_field(&*base.cast::<Object>(), def.offset, value, Object::from_nullable(old));
                field.cast::<*mut PyObject>().write_unaligned(new);
                drop(Owned::<Object>::from_stolen_nullable(old));
                Ok(())
            }
            (_, None) => Err(ts.raise_str(&TYPE_ERROR, "can't delete numeric/char attribute")),
            (_, Some(value)) => set_plain(ts, field, def, value),
        }
    }
}

/// # Safety
/// As for [`get_one`]; not an object.
unsafe fn set_plain(ts: &ThreadState, field: *mut u8, def: &PyMemberDef, value: &Object) -> Result<()> {
    // SAFETY: the caller's promise.
    unsafe {
        match def.r#type {
            Py_T_BOOL => {
                if !boolean::is_true(value) && !boolean::is_false(value) {
                    return Err(ts.raise_str(&TYPE_ERROR, "attribute value type must be bool"));
                }
                field.write(boolean::is_true(value).into());
            }
            Py_T_BYTE => store_long::<i8>(ts, field, value)?,
            Py_T_UBYTE => store_long::<u8>(ts, field, value)?,
            Py_T_SHORT => store_long::<c_short>(ts, field, value)?,
            Py_T_USHORT => store_long::<c_ushort>(ts, field, value)?,
            Py_T_INT => store_long::<c_int>(ts, field, value)?,
            Py_T_LONG => field.cast::<c_long>().write_unaligned(to_signed(ts, value, TOO_LARGE_FOR_LONG)?),
            Py_T_LONGLONG => field.cast::<c_longlong>().write_unaligned(to_signed(ts, value, TOO_BIG)?),
            Py_T_PYSSIZET if value.downcast::<Int>().is_none() => {
                return Err(ts.raise_str(&TYPE_ERROR, "an integer is required"));
            }
            Py_T_PYSSIZET => {
                field.cast::<Py_ssize_t>().write_unaligned(to_signed(ts, value, TOO_LARGE_FOR_SSIZE)? as isize)
            }
            Py_T_UINT => {
                field.cast::<c_uint>().write_unaligned(to_unsigned(ts, value, TOO_LARGE_FOR_ULONG)? as c_uint);
            }
            Py_T_ULONG => field.cast::<c_ulong>().write_unaligned(to_unsigned(ts, value, TOO_LARGE_FOR_ULONG)?),
            Py_T_ULONGLONG => field.cast::<c_ulonglong>().write_unaligned(to_unsigned(ts, value, TOO_BIG)?),
            Py_T_FLOAT => field.cast::<f32>().write_unaligned(convert::as_f64(ts, value)? as f32),
            Py_T_DOUBLE => field.cast::<f64>().write_unaligned(convert::as_f64(ts, value)?),
            Py_T_CHAR => match value.downcast::<Str>().map(Str::as_ascii) {
                Some(Some(text)) if text.len() == 1 => field.write(text.as_bytes()[0]),
                _ => return Err(ts.raise_str(&TYPE_ERROR, "bad argument type for built-in operation")),
            },
            Py_T_STRING | Py_T_STRING_INPLACE => return Err(ts.raise_str(&TYPE_ERROR, "readonly attribute")),
            _ => {
                return Err(ts.raise(&SYSTEM_ERROR, format_args!("bad memberdescr type for {}", name_of(def))));
            }
        }
    }
    Ok(())
}

const TOO_LARGE_FOR_LONG: &str = "Python int too large to convert to C long";
const TOO_LARGE_FOR_ULONG: &str = "Python int too large to convert to C unsigned long";
const TOO_LARGE_FOR_SSIZE: &str = "Python int too large to convert to C ssize_t";
/// For `long long`, of either kind.
const TOO_BIG: &str = "int too big to convert";

fn to_signed(ts: &ThreadState, value: &Object, overflow: &str) -> Result<i64> {
    let int = number::index(ts, value)?;
    int.to_i64().ok_or_else(|| too_large(ts, overflow))
}

/// A negative value wraps around.
fn to_unsigned(ts: &ThreadState, value: &Object, overflow: &str) -> Result<u64> {
    let int = number::index(ts, value)?;
    if int.is_negative() {
        return Ok(int.to_i64().ok_or_else(|| too_large(ts, TOO_LARGE_FOR_LONG))? as u64);
    }
    let digits = int.digits();
    let value =
        digits.iter().rev().try_fold(0u64, |value, &digit| Some(value.checked_mul(1 << 30)? | u64::from(digit)));
    value.ok_or_else(|| too_large(ts, overflow))
}

#[cold]
fn too_large(ts: &ThreadState, message: &str) -> Raised {
    ts.raise_str(&OVERFLOW_ERROR, message)
}

/// Stores the low bits of an int.
///
/// # Safety
/// A `T` is at `field`.
unsafe fn store_long<T: Truncate>(ts: &ThreadState, field: *mut u8, value: &Object) -> Result<()> {
    let wide = to_signed(ts, value, TOO_LARGE_FOR_LONG)?;
    // SAFETY: the caller's promise.
    unsafe { field.cast::<T>().write_unaligned(T::truncate(wide)) };
    Ok(())
}

trait Truncate {
    fn truncate(value: i64) -> Self;
}

macro_rules! truncate {
    ($($t:ty),*) => {$(
        impl Truncate for $t {
            fn truncate(value: i64) -> $t {
                value as $t
            }
        }
    )*};
}
truncate!(i8, u8, i16, u16, i32);

static GETSET: [PyGetSetDef; 3] = [
    slot::getter(c"__doc__", MemberDescriptor::doc, c""),
    slot::getter(c"__qualname__", Descriptor::qualname, c""),
    slot::GETSET_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyMemberDescr_Type: Type = Type {
    tp_name: c"member_descriptor".as_ptr(),
    tp_basicsize: size_of::<MemberDescriptor>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_dealloc: slot::dealloc(MemberDescriptor::drop_fields),
    tp_traverse: slot::traverse(MemberDescriptor::visit),
    tp_repr: slot::unary(MemberDescriptor::repr),
    tp_descr_get: slot::descr_get(MemberDescriptor::get),
    tp_descr_set: slot::objobjarg(MemberDescriptor::set),
    tp_methods: entries(&super::method::REDUCE),
    tp_members: entries(&MEMBERS),
    tp_getset: entries(&GETSET),
    ..STATIC_TYPE
};
