//! The `types` module: names for the built-in types that `builtins` does not name.

use crate::object::{Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::module::{Module, PyModule_Type};
use crate::types::{
    Str, bound_method, capsule, code, descr, frame, function, generic_alias, namespace, singletons, traceback, union,
};

const TYPES: [(&str, &Type); 21] = [
    ("BuiltinFunctionType", &function::PyCFunction_Type),
    ("BuiltinMethodType", &function::PyCFunction_Type),
    ("CapsuleType", &capsule::PyCapsule_Type),
    ("ClassMethodDescriptorType", &descr::method::PyClassMethodDescr_Type),
    ("CodeType", &code::CODE_TYPE),
    ("EllipsisType", &singletons::PyEllipsis_Type),
    ("FrameType", &frame::FRAME_TYPE),
    ("GenericAlias", &generic_alias::Py_GenericAliasType),
    ("GetSetDescriptorType", &descr::getset::PyGetSetDescr_Type),
    ("MappingProxyType", &descr::proxy::PyDictProxy_Type),
    ("MemberDescriptorType", &descr::member::PyMemberDescr_Type),
    ("MethodDescriptorType", &descr::method::PyMethodDescr_Type),
    ("MethodType", &bound_method::PyMethod_Type),
    ("MethodWrapperType", &descr::wrapper::METHOD_WRAPPER_TYPE),
    ("ModuleType", &PyModule_Type),
    ("NoneType", &singletons::NONE_TYPE),
    ("NotImplementedType", &singletons::NOT_IMPLEMENTED_TYPE),
    ("SimpleNamespace", &namespace::NAMESPACE_TYPE),
    ("TracebackType", &traceback::PyTraceBack_Type),
    ("UnionType", &union::UNION_TYPE),
    ("WrapperDescriptorType", &descr::wrapper::PyWrapperDescr_Type),
];

pub fn make(ts: &ThreadState) -> Result<Owned<Module>> {
    let name = Str::interned(ts, "types")?;
    let module = super::make(
        ts,
        &name,
        c"Names for built-in types that are not builtins.",
        &[crate::types::slot::METHODS_END],
        30,
    )?;
    let dict = module.dict();
    for (name, ty) in TYPES {
        dict.set_name(ts, &*Str::interned(ts, name)?, ty)?;
    }
    Ok(module)
}
