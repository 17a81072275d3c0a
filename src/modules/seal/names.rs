//! Which immortal an address belongs to, and by what name a person knows it.

use core::ffi::CStr;

use crate::ffi::{Py_TPFLAGS_DICT_SUBCLASS, PyDescrObject, PyVarObject};
use crate::object::{Layout, Object, Type};
use crate::types::type_::{builtin, statics};
use crate::types::{Bytes, Int, Str, Tuple, builtin_types, singletons, stream};

/// The objects of the image: laid out by the compiler, though a program may have taken copies of those that it names.
pub fn of_image() -> impl Iterator<Item = &'static Object> {
    let constants: [&'static Object; 8] = [
        singletons::none_ref(),
        crate::types::bool::bool_ref(true),
        crate::types::bool::bool_ref(false),
        &singletons::_Py_EllipsisObject,
        &singletons::_Py_NotImplementedStruct,
        Tuple::empty_ref(),
        stream::STDOUT.as_object(),
        stream::STDERR.as_object(),
    ];
    constants
        .into_iter()
        .chain(builtin_types().map(Layout::as_object))
        .chain(crate::types::int::small_objects())
        .chain(crate::types::bytes::static_objects().map(Layout::as_object))
        .chain(crate::types::str::static_strs().map(Layout::as_object))
}

/// Objects by address.
pub struct Index(Vec<&'static Object>);

impl Index {
    /// Of all that the process shares.
    pub fn new() -> Index {
        let mut objects: Vec<_> = of_image().chain(builtin::objects()).chain(statics::objects()).collect();
        objects.sort_by_key(|object| object.as_ptr().addr());
        objects.dedup_by_key(|object| object.as_ptr());
        Index(objects)
    }

    /// The object that `address` lies in.
    pub fn find(&self, address: usize) -> Option<&'static Object> {
        let after = self.0.partition_point(|object| object.as_ptr().addr() <= address);
        let object = *self.0[..after].last()?;
        (address - object.as_ptr().addr() < extent(object)).then_some(object)
    }
}

fn extent(object: &Object) -> usize {
    let ty = object.ty();
    if object.downcast::<Type>().is_some() {
        return size_of::<Type>();
    }
    if let Some(text) = object.downcast_exact::<Str>() {
        return text.size_of();
    }
    let basic = ty.tp_basicsize as usize;
    if ty.tp_itemsize == 0 || object.downcast_exact::<Int>().is_some() {
        return basic.next_multiple_of(16);
    }
    // SAFETY: items are counted in the header of such objects.
    let items = unsafe { (*object.as_ptr().cast::<PyVarObject>()).ob_size.get() };
    basic + items.unsigned_abs() * ty.tp_itemsize as usize
}

/// `None`, `int 7`, `type 'list'`, `str 'append'`, `method_descriptor 'append' of type 'list'`. Makes no object.
pub fn name(object: &Object) -> String {
    let ty = object.ty();
    let kind = ty.full_name();
    if let Some(constant) = constant(object) {
        return constant.to_owned();
    }
    if let Some(named) = object.downcast::<Type>() {
        return format!("type '{}'", named.full_name());
    }
    if let Some(int) = object.downcast_exact::<Int>() {
        return match int.to_i64() {
            Some(value) => format!("int {value}"),
            None => "an int".to_owned(),
        };
    }
    if let Some(text) = object.downcast_exact::<Str>() {
        return format!("str {}", shortened(&text.to_string()));
    }
    if let Some(bytes) = object.downcast_exact::<Bytes>() {
        return format!("bytes b\"{}\"", bytes.as_slice().escape_ascii());
    }
    if let Some(owner) = part_of_type(object) {
        let part = if ty.has(Py_TPFLAGS_DICT_SUBCLASS) { "namespace" } else { "bases" };
        return format!("{part} of type '{owner}'");
    }
    match descriptor(object) {
        Some((name, owner)) => format!("{kind} '{name}' of type '{owner}'"),
        None => format!("{kind} at {:p}", object.as_ptr()),
    }
}

fn constant(object: &Object) -> Option<&'static str> {
    let named = [
        (singletons::none_ref(), "None"),
        (crate::types::bool::bool_ref(true), "True"),
        (crate::types::bool::bool_ref(false), "False"),
        (&singletons::_Py_EllipsisObject, "Ellipsis"),
        (&singletons::_Py_NotImplementedStruct, "NotImplemented"),
        (Tuple::empty_ref().as_object(), "()"),
        (stream::STDOUT.as_object(), "sys.stdout"),
        (stream::STDERR.as_object(), "sys.stderr"),
    ];
    named.into_iter().find(|(constant, _)| constant.is(object)).map(|(_, name)| name)
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// The type whose namespace, bases or MRO this is.
fn part_of_type(object: &Object) -> Option<&'static str> {
    let owns = |ty: &&Type| [&ty.tp_dict, &ty.tp_bases, &ty.tp_mro].iter().any(|part| part.get() == object.as_ptr());
    builtin_types().chain(statics::types()).find(owns).map(Type::full_name)
}

/// What a descriptor is called, and whose it is.
fn descriptor(object: &Object) -> Option<(String, &'static str)> {
    // Told by their types' names: the layouts that begin as `PyDescrObject` does.
    const DESCRIPTORS: [&CStr; 5] = [
        c"method_descriptor",
        c"classmethod_descriptor",
        c"member_descriptor",
        c"getset_descriptor",
        c"wrapper_descriptor",
    ];
    let kind = object.ty().full_name();
    if !DESCRIPTORS.iter().any(|name| name.to_str() == Ok(kind)) {
        return None;
    }
    // SAFETY: of such a type; its fields were filled in when it was made.
    unsafe {
        let this = &*object.as_ptr().cast::<PyDescrObject>();
        let name = this.d_name.get().as_ref()?.downcast::<Str>()?;
        Some((name.to_string(), this.d_type.get().as_ref()?.full_name()))
    }
}
