//! The built-in types: one file or folder each, in plain Rust.
//!
//! A type is a `static` value in the section `immortal`: `PyTypeObject { tp_name: …, ..STATIC_TYPE }`, its
//! slots made by [`slot`], its methods by [`method`]. The layout it describes is a struct of `ffi`, under the
//! noun that Python uses for it; [`layout!`] makes that struct a handle's target. Exported data
//! (`PyList_Type`) stands here, beside what it describes, rather than in `capi`: a symbol and its initialiser
//! are one thing.

#![allow(non_upper_case_globals)]

use core::cell::Cell;

use crate::ffi::*;
use crate::object::{Class, Layout, Object, Type};

/// Makes a struct of `ffi` a layout that derefs to its header, and, where a type is named, the layout of
/// that type's instances. With a flag, an instance is known by its type's flag; without, by its bases.
///
/// ```ignore
/// layout!(Tuple = PyTupleObject, PyTuple_Type, Py_TPFLAGS_TUPLE_SUBCLASS);
/// ```
macro_rules! layout {
    ($name:ident = $layout:ident) => {
        pub type $name = $crate::ffi::$layout;
        // SAFETY: `ffi` lays it out with the header first.
        unsafe impl $crate::object::Layout for $crate::ffi::$layout {}
        impl core::ops::Deref for $crate::ffi::$layout {
            type Target = $crate::object::Object;
            #[inline(always)]
            fn deref(&self) -> &$crate::object::Object {
                $crate::object::Layout::as_object(self)
            }
        }
    };
    ($name:ident = $layout:ident, $type:expr) => {
        layout!($name = $layout);
        // SAFETY: the type's instances, and their subtypes', have this layout.
        unsafe impl $crate::object::Class for $crate::ffi::$layout {
            #[inline(always)]
            fn class() -> &'static $crate::object::Type {
                &$type
            }
            #[inline]
            fn is_instance(object: &$crate::object::Object) -> bool {
                object.ty().is_subtype_of(&$type)
            }
        }
    };
    ($name:ident = $layout:ident, $type:expr, $flag:expr) => {
        layout!($name = $layout);
        // SAFETY: the type's instances, and their subtypes', have this layout.
        unsafe impl $crate::object::Class for $crate::ffi::$layout {
            #[inline(always)]
            fn class() -> &'static $crate::object::Type {
                &$type
            }
            #[inline(always)]
            fn is_instance(object: &$crate::object::Object) -> bool {
                object.ty().tp_flags.get() & $flag != 0
            }
        }
    };
}
pub mod bool;
pub mod bound_method;
pub mod bytearray;
pub mod bytes;
pub mod capsule;
pub mod code;
pub mod complex;
pub mod constants;
pub mod descr;
pub mod dict;
pub mod enumerate;
pub mod exceptions;
pub mod filter;
pub mod float;
pub mod frame;
pub mod function;
pub mod generic_alias;
pub mod hash;
pub mod identifiers;
pub mod instance_dict;
pub mod int;
pub mod iterators;
pub mod list;
pub mod map;
pub mod memoryview;
pub mod method;
pub mod module;
pub mod namespace;
pub mod object;
pub mod parallel;
pub mod range;
pub mod reversed;
pub mod set;
pub mod singletons;
pub mod slice;
pub mod slot;
pub mod str;
pub mod stream;
pub mod struct_sequence;
pub mod text;
pub mod traceback;
pub mod tuple;
pub mod type_;
pub mod union;
pub mod weakref;
pub mod zip;

pub use bytearray::ByteArray;
pub use bytes::Bytes;
pub use complex::Complex;
pub use dict::Dict;
pub use float::Float;
pub use int::Int;
pub use list::List;
pub use set::Set;
pub use slice::Slice;
pub use str::Str;
pub use tuple::Tuple;

/// What every built-in type starts from: `type` as its type, `object` as its base and in the slots that
/// all inherit. A type that derives from another one starts from `derive_from` it.
#[allow(clippy::declare_interior_mutable_const)]
pub const STATIC_TYPE: Type = Type {
    ob_base: PyVarObject::immortal(&raw const type_::PyType_Type),
    tp_base: Cell::new((&raw const object::PyBaseObject_Type).cast_mut()),
    tp_flags: Cell::new(STATIC_FLAGS),
    tp_repr: slot::unary(object::repr_of),
    tp_str: slot::unary(object::str_of),
    tp_hash: slot::hash(object::hash_of),
    tp_getattro: Cell::new(Some(object::PyObject_GenericGetAttr)),
    tp_setattro: Cell::new(Some(object::PyObject_GenericSetAttr)),
    tp_richcompare: slot::richcompare(object::richcompare_of),
    tp_init: slot::init(object::init_of),
    tp_alloc: Cell::new(Some(object::PyType_GenericAlloc)),
    tp_free: Cell::new(Some(object::generic_free)),
    ..Type::EMPTY
};

/// Flags of every built-in type.
pub const STATIC_FLAGS: core::ffi::c_ulong = Py_TPFLAGS_IMMUTABLETYPE | _Py_TPFLAGS_STATIC_BUILTIN;

/// A pointer to a static suite or table, as the fields of a type want it.
pub const fn table<T>(t: &'static T) -> *mut T {
    (t as *const T).cast_mut()
}

/// The first entry of a definition table.
pub const fn entries<T, const N: usize>(t: &'static [T; N]) -> *mut T {
    t.as_ptr().cast_mut()
}

/// The built-in types but for most exceptions, bases first.
pub static BUILTIN: &[&Type] = &[
    &object::PyBaseObject_Type,
    &type_::PyType_Type,
    &int::PyLong_Type,
    &bool::PyBool_Type,
    &str::PyUnicode_Type,
    &str::iterator::PyUnicodeIter_Type,
    &str::iterator::ASCII_ITERATOR,
    &bytes::PyBytes_Type,
    &bytes::iterator::PyBytesIter_Type,
    &bytearray::PyByteArray_Type,
    &bytearray::PyByteArrayIter_Type,
    &tuple::PyTuple_Type,
    &dict::PyDict_Type,
    &dict::iterator::PyDictIterItem_Type,
    &dict::iterator::PyDictIterKey_Type,
    &dict::iterator::PyDictIterValue_Type,
    &dict::iterator::PyDictRevIterItem_Type,
    &dict::iterator::PyDictRevIterKey_Type,
    &dict::iterator::PyDictRevIterValue_Type,
    &dict::views::PyDictItems_Type,
    &dict::views::PyDictKeys_Type,
    &dict::views::PyDictValues_Type,
    &set::PySet_Type,
    &set::PyFrozenSet_Type,
    &set::PySetIter_Type,
    &namespace::NAMESPACE_TYPE,
    &memoryview::PyMemoryView_Type,
    &memoryview::ITERATOR_TYPE,
    &memoryview::managed::MANAGED_BUFFER_TYPE,
    &memoryview::export::WRAPPER_TYPE,
    &generic_alias::Py_GenericAliasType,
    &generic_alias::iterator::ITERATOR_TYPE,
    &union::UNION_TYPE,
    &stream::STREAM_TYPE,
    &singletons::NONE_TYPE,
    &singletons::NOT_IMPLEMENTED_TYPE,
    &singletons::PyEllipsis_Type,
    &descr::wrapper::PyWrapperDescr_Type,
    &descr::wrapper::METHOD_WRAPPER_TYPE,
    &descr::method::PyMethodDescr_Type,
    &descr::method::PyClassMethodDescr_Type,
    &descr::member::PyMemberDescr_Type,
    &descr::getset::PyGetSetDescr_Type,
    &descr::classmethod::PyClassMethod_Type,
    &descr::classmethod::PyStaticMethod_Type,
    &function::PyCFunction_Type,
    &function::PyCMethod_Type,
    &bound_method::PyMethod_Type,
    &float::PyFloat_Type,
    &complex::PyComplex_Type,
    &list::PyList_Type,
    &list::iterator::PyListIter_Type,
    &list::iterator::PyListRevIter_Type,
    &slice::PySlice_Type,
    &tuple::iterator::PyTupleIter_Type,
    &enumerate::PyEnum_Type,
    &reversed::PyReversed_Type,
    &zip::PyZip_Type,
    &map::PyMap_Type,
    &filter::PyFilter_Type,
    &range::PyRange_Type,
    &range::iterator::PyRangeIter_Type,
    &range::iterator::PyLongRangeIter_Type,
    &iterators::PySeqIter_Type,
    &iterators::PyCallIter_Type,
    &descr::property::PyProperty_Type,
    &descr::super_::PySuper_Type,
    &descr::proxy::PyDictProxy_Type,
    &weakref::reference::_PyWeakref_RefType,
    &weakref::proxy::_PyWeakref_ProxyType,
    &weakref::proxy::_PyWeakref_CallableProxyType,
    &capsule::PyCapsule_Type,
    &code::CODE_TYPE,
    &frame::FRAME_TYPE,
    &traceback::PyTraceBack_Type,
    &module::PyModule_Type,
    &module::definition::PyModuleDef_Type,
    &exceptions::BASE_EXCEPTION,
];

/// All built-in types, bases first.
pub fn builtin_types() -> impl Iterator<Item = &'static Type> {
    BUILTIN.iter().chain(exceptions::TREE).copied()
}

/// An object by its type's name, for messages: `'list'` → `list`.
pub fn name_of(object: &Object) -> &str {
    object.ty().full_name()
}

/// A class's type as an object.
pub fn class_object<T: Class>() -> &'static Object {
    T::class().as_object()
}

/// Whether an object is a value that holds nothing but its own memory.
#[inline]
pub fn is_plain(object: &Object) -> bool {
    object.is_exact::<Str>()
        || object.is_exact::<Int>()
        || object.is_exact::<Float>()
        || object.is_exact::<Bytes>()
        || object.is_exact::<Complex>()
}
