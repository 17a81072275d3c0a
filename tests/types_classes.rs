//! Classes: made by calling `type`, and from specs.

use core::cell::Cell;

use deathless::ffi::*;
use deathless::object::{Object, Owned, Result, Type};
use deathless::protocol::call::{call, call_tuple_dict};
use deathless::protocol::number::{ADD, binary};
use deathless::protocol::object::{getattr, repr, setattr, str};
use deathless::runtime::{ThreadState, lifecycle};
use deathless::types::exceptions::BASE_EXCEPTION;
use deathless::types::type_::PyType_Type;
use deathless::types::{Dict, Str, Tuple, function, method, object::PyBaseObject_Type, slot};

fn name(ts: &ThreadState, text: &str) -> Owned<Str> {
    Str::interned(ts, text).expect("a name")
}

fn shown(ts: &ThreadState, result: Result) -> String {
    match result.and_then(|v| if v.downcast::<Str>().is_some() { str(ts, &v) } else { repr(ts, &v) }) {
        Ok(text) => text.to_string(),
        Err(_) => match ts.take_raised() {
            Some(e) => {
                assert!(e.ty().is_subtype_of(&BASE_EXCEPTION));
                let args = deathless::object::ObjectCell::load(&e.args).expect("arguments");
                let first = args.downcast::<Tuple>().and_then(|t| t.get(0)).map(Owned::new);
                let text = first.and_then(|f| str(ts, &f).ok()).map(|s| s.to_string()).unwrap_or_default();
                format!("{}: {text}", e.ty().full_name())
            }
            None => "no exception".to_owned(),
        },
    }
}

fn class(ts: &ThreadState, title: &str, bases: &[&Object], items: &[(&str, &Object)]) -> Result {
    class_of(ts, &PyType_Type, title, bases, items, &[])
}

fn class_of(
    ts: &ThreadState,
    meta: &Object,
    title: &str,
    bases: &[&Object],
    items: &[(&str, &Object)],
    kwargs: &[(&str, &Object)],
) -> Result {
    let dict = |items: &[(&str, &Object)]| -> Owned<Dict> {
        let dict = Dict::new(ts).expect("a dict");
        for (key, value) in items {
            dict.set(ts, &name(ts, key), value).expect("set");
        }
        dict
    };
    let (bases, namespace) = (Tuple::new(ts, bases)?, dict(items));
    let args = Tuple::new(ts, &[&name(ts, title), &bases, &namespace])?;
    call_tuple_dict(ts, meta, &args, Some(&dict(kwargs)))
}

fn add(ts: &ThreadState, _this: &Object, other: &Object) -> Result {
    let text = other.downcast::<Str>().expect("a str");
    Ok(Str::new(ts, &format!("100{text}"))?.upcast())
}

fn none_function(_ts: &ThreadState, _args: deathless::protocol::args::Args<'_>) -> Result<()> {
    Ok(())
}

static ADDER: PyMethodDef = method::static_positional(c"add", add_args, c"");
static NOTHING: PyMethodDef = method::static_keywords(c"nothing", none_function, c"");

fn add_args(ts: &ThreadState, args: deathless::protocol::args::Args<'_>) -> Result {
    let other = args.get(0).expect("one argument");
    add(ts, other, other)
}

#[test]
fn classes() {
    lifecycle::initialize(false);
    let ts = ThreadState::current();
    let object = PyBaseObject_Type.as_object();
    let int = deathless::types::int::PyLong_Type.as_object();
    let adder = function::new_function(ts, &raw const ADDER, None, None, None).expect("a function");
    let nothing = function::new_function(ts, &raw const NOTHING, None, None, None).expect("a function");
    let six = name(ts, "6");

    let before = ts.heap().live_blocks();
    for _ in 0..3 {
        let a = class(ts, "A", &[], &[("__add__", &adder), ("x", &six)]).expect("a class");
        assert_eq!(shown(ts, Ok(a.clone())), "<class 'A'>");
        let instance = call(ts, &a, &[]).expect("an instance");
        assert_eq!(shown(ts, binary(ts, ADD, &instance, &six)), "1006");
        assert_eq!(shown(ts, getattr(ts, &instance, &name(ts, "x"))), "6");
        setattr(ts, &instance, &name(ts, "y"), Some(&six)).expect("set");
        assert_eq!(shown(ts, getattr(ts, &instance, &name(ts, "y"))), "6");
        let b = class(ts, "B", &[&a], &[]).expect("a class");
        let derived = call(ts, &b, &[]).expect("an instance");
        assert_eq!(shown(ts, binary(ts, ADD, &derived, &six)), "1006");
        setattr(ts, &a, &name(ts, "__add__"), None).expect("deleted");
        assert_eq!(
            shown(ts, binary(ts, ADD, &derived, &six)),
            "TypeError: unsupported operand type(s) for +: 'B' and 'str'"
        );
        setattr(ts, &a, &name(ts, "__add__"), Some(&adder)).expect("set");
        assert_eq!(shown(ts, binary(ts, ADD, &derived, &six)), "1006");
        assert_eq!(shown(ts, getattr(ts, &b, &name(ts, "__mro__"))), "(<class 'B'>, <class 'A'>, <class 'object'>)");
        assert_eq!(shown(ts, call(ts, &a, &[&six])), "TypeError: A() takes no arguments");
        assert_eq!(
            shown(ts, class(ts, "C", &[&a, &b], &[])),
            "TypeError: Cannot create a consistent method resolution order (MRO) for bases A, B"
        );
        assert_eq!(shown(ts, class(ts, "C", &[&a, &a], &[])), "TypeError: duplicate base class A");
        assert_eq!(
            shown(ts, class(ts, "C", &[object, &a], &[])),
            "TypeError: Cannot create a consistent method resolution order (MRO) for bases object, A"
        );
        assert_eq!(
            shown(ts, class(ts, "C", &[int, deathless::types::str::PyUnicode_Type.as_object()], &[])),
            "TypeError: multiple bases have instance lay-out conflict"
        );
        assert_eq!(
            shown(ts, class(ts, "C", &[deathless::types::bool::PyBool_Type.as_object()], &[])),
            "TypeError: type 'bool' is not an acceptable base type"
        );
        assert_eq!(
            shown(ts, class_of(ts, &PyType_Type, "C", &[], &[], &[("a", &six)])),
            "TypeError: C.__init_subclass__() takes no keyword arguments"
        );
        let slots = Tuple::new(ts, &[&name(ts, "p"), &name(ts, "__q")]).expect("a tuple");
        let c = class(ts, "C", &[], &[("__slots__", &slots)]).expect("a class");
        let with_slots = call(ts, &c, &[]).expect("an instance");
        // CPython 3.15 asks such a class, which has no module, for its fully qualified name, and stumbles.
        assert_eq!(shown(ts, getattr(ts, &with_slots, &name(ts, "p"))), "AttributeError: __module__");
        setattr(ts, &with_slots, &name(ts, "_C__q"), Some(&derived)).expect("set");
        assert_eq!(
            shown(ts, setattr(ts, &with_slots, &name(ts, "z"), Some(&six)).map(|()| Owned::new(object))),
            "AttributeError: 'C' object has no attribute 'z' and no __dict__ for setting new attributes"
        );
        let meta = class(ts, "M", &[&PyType_Type], &[]).expect("a metaclass");
        let d = class_of(ts, &meta, "D", &[], &[], &[]).expect("a class of the metaclass");
        assert_eq!(shown(ts, Ok(Owned::new(d.ty().as_object()))), "<class 'M'>");
        let e = class(ts, "E", &[&d], &[]).expect("a class");
        assert_eq!(shown(ts, Ok(Owned::new(e.ty().as_object()))), "<class 'M'>");
        let f = class(ts, "F", &[int], &[("__init__", &nothing)]).expect("a class");
        assert_eq!(shown(ts, getattr(ts, &f, &name(ts, "__base__"))), "<class 'int'>");
        setattr(ts, &b, &name(ts, "__bases__"), Some(&*Tuple::new(ts, &[&*a]).expect("a tuple"))).expect("bases");
        assert_eq!(
            shown(ts, setattr(ts, &instance, &name(ts, "__class__"), Some(&c)).map(|()| Owned::new(object))),
            "TypeError: __class__ assignment: 'C' object layout differs from 'A'"
        );
        setattr(ts, &instance, &name(ts, "__class__"), Some(&b)).expect("a class with the same layout");
        drop((instance, with_slots, derived));
    }
    collect(ts);
    eprintln!("blocks: {} {}", before, ts.heap().live_blocks());
}

fn collect(ts: &ThreadState) {
    let _ = ts;
    deathless::object::collector::collect_at_end(ts);
}

#[allow(unused)]
fn unused(_: Cell<u8>, _: &Type) {
    let _ = slot::METHODS_END;
}
