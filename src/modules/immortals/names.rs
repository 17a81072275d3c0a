//! Names by which a person recognises an object: told from its layout, nothing of the object's own is called.

use core::cell::Cell;
use core::ffi::CStr;
use core::ptr::NonNull;
use std::collections::HashMap;
use std::fmt::Write;

use crate::ffi::{PyCFunctionObject, PyModuleDef};
use crate::object::{Object, ObjectCell, Type};
use crate::types::bool as boolean;
use crate::types::descr::{Descriptor, HasDescriptor};
use crate::types::function::{PyCFunction_Type, PyCMethod_Type};
use crate::types::module::Module;
use crate::types::module::definition::PyModuleDef_Type;
use crate::types::{Bytes, Dict, Float, Int, List, Set, Str, Tuple, descr, singletons};

/// Characters of a value that are shown, and items of a tuple.
const SHOWN: usize = 48;
const ITEMS: usize = 4;
/// How deep tuples are looked into.
const DEPTH: u32 = 2;

/// What dicts and tuples are a part of: by their address, what they are of which type or module.
#[derive(Default)]
pub struct Names {
    parts: HashMap<usize, (&'static str, NonNull<Object>)>,
}

impl Names {
    /// Remembers what a type or a module hangs on to, which lives as long as this.
    pub fn learn(&mut self, object: &Object) {
        let owner = NonNull::from(object);
        let mut part = |what, field: &Cell<*mut crate::ffi::PyObject>| {
            if let Some(held) = field.peek() {
                self.parts.entry(held.as_ptr().addr()).or_insert((what, owner));
            }
        };
        if let Some(ty) = object.downcast::<Type>() {
            part("dict", &ty.tp_dict);
            if let Some(entries) = ty.own_dict().and_then(Dict::of_process) {
                part("names", &Cell::new(entries.as_ptr()));
            }
            part("bases", &ty.tp_bases);
            part("mro", &ty.tp_mro);
        } else if let Some(module) = object.downcast::<Module>() {
            part("dict", &module.dict);
        }
    }

    pub fn of(&self, object: &Object) -> String {
        if let Some(&(what, owner)) = self.parts.get(&object.as_ptr().addr()) {
            // SAFETY: learnt from an immortal, which lives as long as the visit.
            return format!("{what} of {}", name_of(unsafe { owner.as_ref() }, 0));
        }
        name_of(object, 0)
    }
}

fn name_of(object: &Object, depth: u32) -> String {
    if let Some(ty) = object.downcast::<Type>() {
        return full_name(ty);
    }
    let ty = object.ty();
    if let Some(name) = constant(object) {
        return name.to_owned();
    }
    if let Some(value) = value(object, depth) {
        return value;
    }
    if core::ptr::eq(ty, &PyCFunction_Type) || core::ptr::eq(ty, &PyCMethod_Type) {
        // SAFETY: such functions have that layout.
        return function(unsafe { &*object.as_ptr().cast::<PyCFunctionObject>() }, depth);
    }
    if let Some(descriptor) = descriptor(object) {
        return format!("{}.{}", full_name(descriptor.objclass()), descriptor.name());
    }
    if let Some(module) = object.downcast::<Module>() {
        return match module.name.peek() {
            Some(name) => format!("module {}", name_of(name, depth).trim_matches('\'')),
            None => "module without a name".to_owned(),
        };
    }
    if core::ptr::eq(ty, &PyModuleDef_Type) {
        // SAFETY: of that layout; its name is NULL or a C string.
        let name = unsafe { (*object.as_ptr().cast::<PyModuleDef>()).m_name.get() };
        return format!("definition of module {}", c_text(name));
    }
    format!("{} at {:p}", full_name(ty), object.as_ptr())
}

fn constant(object: &Object) -> Option<&'static str> {
    let constants: [(&Object, &str); 5] = [
        (singletons::none_ref(), "None"),
        (boolean::bool_ref(true), "True"),
        (boolean::bool_ref(false), "False"),
        (&singletons::_Py_EllipsisObject, "Ellipsis"),
        (&singletons::_Py_NotImplementedStruct, "NotImplemented"),
    ];
    constants.into_iter().find(|(constant, _)| core::ptr::eq(*constant, object)).map(|(_, name)| name)
}

/// What a value says, shortened.
fn value(object: &Object, depth: u32) -> Option<String> {
    if let Some(text) = object.downcast::<Str>() {
        return Some(quoted(text));
    }
    if let Some(int) = object.downcast::<Int>() {
        let small = int.is_compact().then(|| int.compact_value().to_string());
        return Some(small.unwrap_or_else(|| format!("int of {} digits of 30 bits", int.digits().len())));
    }
    if let Some(float) = object.downcast::<Float>() {
        return Some(format!("{:?}", float.ob_fval.get()));
    }
    if let Some(bytes) = object.downcast::<Bytes>() {
        let shown = &bytes.as_slice()[..bytes.len().min(SHOWN)];
        return Some(format!("b'{}'{}", shown.escape_ascii(), rest(bytes.len(), SHOWN)));
    }
    if let Some(tuple) = object.downcast::<Tuple>() {
        return Some(items(tuple, depth));
    }
    let (what, n) = if let Some(list) = object.downcast::<List>() {
        ("list", list.len())
    } else if let Some(dict) = object.downcast::<Dict>() {
        ("dict", dict.len())
    } else {
        ("set", object.downcast::<Set>()?.len())
    };
    Some(format!("{what} of {n}"))
}

fn rest(length: usize, shown: usize) -> String {
    if length > shown { format!("… ({length})") } else { String::new() }
}

fn quoted(text: &Str) -> String {
    let shown: String = text.code_points().take(SHOWN).map(|c| char::from_u32(c).unwrap_or('\u{FFFD}')).collect();
    let mut out = String::from("'");
    for c in shown.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            c => out.extend(c.escape_debug().filter(|_| c.is_control()).chain((!c.is_control()).then_some(c))),
        }
    }
    let _ = write!(out, "'{}", rest(text.len(), SHOWN));
    out
}

fn items(tuple: &Tuple, depth: u32) -> String {
    if depth == DEPTH {
        return format!("tuple of {}", tuple.len());
    }
    let shown: Vec<String> = tuple.as_slice().iter().take(ITEMS).map(|item| name_of(item, depth + 1)).collect();
    let comma = if tuple.len() == 1 { "," } else { "" };
    format!("({}{comma}){}", shown.join(", "), rest(tuple.len(), ITEMS))
}

/// `module.name`, or `type.name` of one that is bound.
fn function(function: &PyCFunctionObject, depth: u32) -> String {
    // SAFETY: a function's definition lives as long as it, and has a name.
    let name = c_text(unsafe { (*function.m_ml.get()).ml_name });
    let bound = function.m_self.peek().filter(|_| depth < DEPTH);
    match (bound, function.m_module.peek().and_then(|m| m.downcast::<Str>())) {
        (Some(to), None) if to.downcast::<Module>().is_none() => {
            let of = to.downcast::<Type>().unwrap_or(to.ty());
            format!("{}.{name}", full_name(of))
        }
        (_, Some(module)) => format!("{module}.{name}"),
        _ => name,
    }
}

fn c_text(text: *const core::ffi::c_char) -> String {
    if text.is_null() {
        return "?".to_owned();
    }
    // SAFETY: a definition's texts are C strings.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

fn descriptor(object: &Object) -> Option<&Descriptor> {
    let common = |d: &Descriptor| core::ptr::from_ref(d);
    let found = object
        .downcast::<descr::method::MethodDescriptor>()
        .map(|d| common(d.common()))
        .or_else(|| object.downcast::<descr::member::MemberDescriptor>().map(|d| common(d.common())))
        .or_else(|| object.downcast::<descr::getset::GetSetDescriptor>().map(|d| common(d.common())))
        .or_else(|| object.downcast::<descr::wrapper::WrapperDescriptor>().map(|d| common(d.common())));
    // SAFETY: the object's own common part.
    found.map(|d| unsafe { &*d })
}

/// `module.qualname`, as far as the type itself tells.
pub fn full_name(ty: &Type) -> String {
    let Some(heap) = ty.as_heap() else { return c_text(ty.tp_name) };
    let module = ty.own_dict().and_then(|d| d.get_name(&crate::types::identifiers::__module__));
    let name = heap.ht_qualname.peek().and_then(|name| name.downcast::<Str>());
    match (module.and_then(|m| m.downcast::<Str>()), name) {
        (Some(module), Some(name)) => format!("{module}.{name}"),
        _ => c_text(ty.tp_name),
    }
}
