//! The strs that the runtime itself uses: names of special methods and attributes.
//!
//! Static, interned, hashed when the process's runtime starts; an identifier is compared by identity.

use super::str::StaticStr;

/// Makes a static str for each name, and the table of all.
///
/// ```ignore
/// identifiers! { __add__, name: "name" }   // identifiers::__add__ is a `&'static Str` by deref
/// ```
macro_rules! identifiers {
    ($($name:ident),* $(,)?) => {
        $(
            #[unsafe(link_section = "immortal")]
            pub static $name: StaticStr = StaticStr::new(stringify!($name));
        )*

        /// All of them.
        pub static ALL: &[&StaticStr] = &[$(&$name),*];
    };
}

identifiers! {
    __abs__, __abstractmethods__, __add__, __aiter__, __all__, __and__, __anext__, __annotations__,
    __annotate__, __args__, __await__, __bases__, __basicsize__, __bool__, __buffer__, __build_class__, __builtins__,
    __bytes__, __call__, __cause__, __ceil__, __class__, __class_getitem__, __classcell__, __complex__,
    __contains__, __context__, __copy__, __debug__, __deepcopy__, __del__, __delattr__, __delete__, __delitem__, __dict__,
    __dictoffset__, __dir__, __divmod__, __doc__, __enter__, __eq__, __exit__, __file__, __firstlineno__,
    __flags__, __float__, __floor__, __floordiv__, __format__, __func__, __ge__, __get__, __getattr__,
    __getattribute__, __getformat__, __getitem__, __getnewargs__, __getstate__, __gt__, __hash__, __iadd__,
    __iand__, __ifloordiv__, __ilshift__, __imatmul__, __imod__, __import__, __imul__, __index__, __init__,
    __init_subclass__, __instancecheck__, __int__, __invert__, __ior__, __ipow__, __irshift__, __isabstractmethod__,
    __isub__, __iter__, __itruediv__, __ixor__, __le__, __len__, __length_hint__, __loader__, __lshift__,
    __lt__, __main__, __matmul__, __missing__, __mod__, __module__, __mro__, __mro_entries__, __mul__,
    __name__, __ne__, __neg__, __new__, __next__, __notes__, __objclass__, __or__, __orig_class__, __origin__, __package__,
    __parameters__, __path__, __pos__, __pow__, __prepare__, __qualname__, __radd__, __rand__, __rdivmod__,
    __reduce__, __reduce_ex__, __release_buffer__, __repr__, __reversed__, __rfloordiv__, __rlshift__,
    __rmatmul__, __rmod__, __rmul__, __ror__, __round__, __rpow__, __rrshift__, __rshift__, __rsub__,
    __rtruediv__, __rxor__, __self__, __set__, __set_name__, __setattr__, __setitem__, __setstate__,
    __sizeof__, __slotnames__, __slots__, __spec__, __static_attributes__, __str__, __sub__, __subclasscheck__,
    __subclasses__, __subclasshook__, __suppress_context__, __text_signature__, __traceback__, __trunc__,
    __truediv__, __type_params__, __typing_is_unpacked_typevartuple__, __typing_prepare_subst__,
    __typing_subst__, __typing_unpacked_tuple_args__, __unpacked__, __wrapped__, __xor__, __weakref__, _initializing,
    add_note, append, derive, args, big, builtins, byteorder, close, code, copy, decode, default, encode, encoding,
    end, errors, exceptions, extend, filename, flush, fromkeys, get, items, key, keys, lineno, little,
    message, modules, msg, name, name_from, obj, object, offset, path, pop, reason, replace, reverse,
    send, sep, setdefault, sort, split, start, step, stop, strict, sys, text, throw, types, update, utf_8, value,
    values, write, signed, length, maxsplit, keepends, tabsize, fget, fset, fdel, doc, iterable, source,
    incrementalencoder, incrementaldecoder, encodings, stdout, stderr, stdin, mro, metaclass,
}
