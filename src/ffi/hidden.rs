//! Layouts of built-in objects that no public header shows. Their sizes are CPython 3.15's, since
//! `__basicsize__` tells them.

use super::*;

/// `method-wrapper`.
#[repr(C)]
pub struct MethodWrapperObject {
    pub ob_base: PyObject,
    pub descriptor: Cell<*mut PyObject>,
    pub object: Cell<*mut PyObject>,
}

/// `property`.
#[repr(C)]
pub struct PropertyObject {
    pub ob_base: PyObject,
    pub get: Cell<*mut PyObject>,
    pub set: Cell<*mut PyObject>,
    pub del: Cell<*mut PyObject>,
    pub doc: Cell<*mut PyObject>,
    pub name: Cell<*mut PyObject>,
    pub getter_doc: Cell<c_int>,
}

/// `classmethod`.
#[repr(C)]
pub struct ClassMethodObject {
    pub ob_base: PyObject,
    pub callable: Cell<*mut PyObject>,
    pub dict: Cell<*mut PyObject>,
}

/// `staticmethod`.
#[repr(C)]
pub struct StaticMethodObject {
    pub ob_base: PyObject,
    pub callable: Cell<*mut PyObject>,
    pub dict: Cell<*mut PyObject>,
}

/// `super`.
#[repr(C)]
pub struct SuperObject {
    pub ob_base: PyObject,
    pub class: Cell<*mut PyTypeObject>,
    pub object: Cell<*mut PyObject>,
    pub object_type: Cell<*mut PyTypeObject>,
}

/// `mappingproxy`.
#[repr(C)]
pub struct MappingProxyObject {
    pub ob_base: PyObject,
    pub mapping: Cell<*mut PyObject>,
}

/// `types.SimpleNamespace`: the dict holds the attributes.
#[repr(C)]
pub struct NamespaceObject {
    pub ob_base: PyObject,
    pub dict: Cell<*mut PyObject>,
}

/// `types.GenericAlias`.
#[repr(C)]
pub struct GenericAliasObject {
    pub ob_base: PyObject,
    pub origin: Cell<*mut PyObject>,
    /// A tuple.
    pub args: Cell<*mut PyObject>,
    /// A tuple once somebody has asked for it.
    pub parameters: Cell<*mut PyObject>,
    pub weakreflist: Cell<*mut PyObject>,
    /// `*alias`, as iterating gives it.
    pub starred: Cell<bool>,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
}

/// What iterates over a `types.GenericAlias`: NULL once it is exhausted.
#[repr(C)]
pub struct GenericAliasIteratorObject {
    pub ob_base: PyObject,
    pub alias: Cell<*mut PyObject>,
}

/// `typing.Union`.
#[repr(C)]
pub struct UnionObject {
    pub ob_base: PyObject,
    /// A tuple.
    pub args: Cell<*mut PyObject>,
    /// Those of `args` that have a hash: a frozenset.
    pub hashable: Cell<*mut PyObject>,
    /// The others: a tuple, or NULL if there are none.
    pub unhashable: Cell<*mut PyObject>,
    /// A tuple once somebody has asked for it.
    pub parameters: Cell<*mut PyObject>,
    pub weakreflist: Cell<*mut PyObject>,
}

/// `memory_iterator`.
#[repr(C)]
pub struct MemoryIteratorObject {
    pub ob_base: PyObject,
    pub index: Cell<Py_ssize_t>,
    /// NULL once exhausted.
    pub memory: Cell<*mut PyObject>,
    pub length: Cell<Py_ssize_t>,
}

/// `_buffer_wrapper`: the object of a buffer that a class's `__buffer__` gave.
#[repr(C)]
pub struct BufferWrapperObject {
    pub ob_base: PyObject,
    /// The memoryview that `__buffer__` returned.
    pub memory: Cell<*mut PyObject>,
    /// Whose `__release_buffer__` is to be called.
    pub object: Cell<*mut PyObject>,
}

/// `PyCapsule`.
#[repr(C)]
pub struct CapsuleObject {
    pub ob_base: PyObject,
    pub pointer: Cell<*mut c_void>,
    pub name: Cell<*const c_char>,
    pub context: Cell<*mut c_void>,
    pub destructor: Cell<Option<unsafe extern "C" fn(*mut PyObject)>>,
    pub traverse: Cell<Option<traverseproc>>,
    pub clear: Cell<Option<inquiry>>,
}

/// `module`.
#[repr(C)]
pub struct ModuleObject {
    pub ob_base: PyObject,
    pub dict: Cell<*mut PyObject>,
    pub state: Cell<*mut c_void>,
    pub weakreflist: Cell<*mut PyObject>,
    pub name: Cell<*mut PyObject>,
    pub token: Cell<*mut c_void>,
    pub state_size: Cell<Py_ssize_t>,
    pub traverse: Cell<Option<traverseproc>>,
    pub clear: Cell<Option<inquiry>>,
    pub free: Cell<Option<freefunc>>,
    /// The token is a `PyModuleDef`.
    pub token_is_def: Cell<bool>,
    /// The exec functions, for `PyModule_Exec`: a NULL-ended array that the module owns.
    pub exec: Cell<*mut c_void>,
}

const _: () = {
    assert!(size_of::<MethodWrapperObject>() == 32);
    assert!(size_of::<PropertyObject>() == 64);
    assert!(size_of::<ClassMethodObject>() == 32);
    assert!(size_of::<StaticMethodObject>() == 32);
    assert!(size_of::<SuperObject>() == 40);
    assert!(size_of::<MappingProxyObject>() == 24);
    assert!(size_of::<NamespaceObject>() == 24);
    assert!(size_of::<GenericAliasObject>() == 64);
    assert!(size_of::<UnionObject>() == 56);
    assert!(size_of::<CapsuleObject>() == 64);
    assert!(size_of::<ModuleObject>() == 104);
};
