//! Types from specs and from arrays of slots, with CPython 3.15's messages.

use core::ffi::{CStr, c_int, c_uint, c_void};
use core::ptr;

use deathless::capi::object_types::*;
use deathless::ffi::slots::*;
use deathless::ffi::*;
use deathless::object::{Object, Owned, Type};
use deathless::protocol::call::call;
use deathless::protocol::object::{getattr, repr, setattr, str};
use deathless::runtime::{ThreadState, lifecycle};
use deathless::types::{Str, Tuple, int::PyLong_Type, object::PyBaseObject_Type};

/// What a function that gives an object or NULL answered.
fn outcome(ts: &ThreadState, result: *mut PyObject) -> String {
    // SAFETY: a new reference or NULL.
    match unsafe { Owned::<Object>::from_stolen_nullable(result) } {
        Some(value) => repr(ts, &value).expect("a repr").to_string(),
        None => raised(ts),
    }
}

fn raised(ts: &ThreadState) -> String {
    let Some(e) = ts.take_raised() else { return "nothing".to_owned() };
    let args = deathless::object::ObjectCell::load(&e.args).expect("arguments");
    let first = args.downcast::<Tuple>().and_then(|t| t.get(0)).map(Owned::new);
    let text = first.and_then(|f| str(ts, &f).ok()).map(|s| s.to_string()).unwrap_or_default();
    format!("{}: {text}", e.ty().full_name())
}

fn spec(name: &CStr, basicsize: c_int, itemsize: c_int, flags: u64, slots: &[PyType_Slot]) -> PyType_Spec {
    PyType_Spec { name: name.as_ptr(), basicsize, itemsize, flags: flags as c_uint, slots: slots.as_ptr().cast_mut() }
}

fn slot(id: u16, value: *const c_void) -> PyType_Slot {
    PyType_Slot { slot: c_int::from(id), pfunc: value.cast_mut() }
}

const END: PyType_Slot = PyType_Slot { slot: 0, pfunc: ptr::null_mut() };

fn from_spec(ts: &ThreadState, mut spec: PyType_Spec, base: Option<&Object>) -> String {
    let bases = base.map_or(ptr::null_mut(), Object::as_ptr);
    // SAFETY: the spec's tables live for the test.
    outcome(ts, unsafe { PyType_FromSpecWithBases(&mut spec, bases) })
}

fn member(name: &'static CStr, kind: c_int, offset: isize, flags: c_int) -> PyMemberDef {
    PyMemberDef { name: name.as_ptr(), r#type: kind, offset, flags, doc: ptr::null() }
}

const MEMBERS_END: PyMemberDef = PyMemberDef { name: ptr::null(), r#type: 0, offset: 0, flags: 0, doc: ptr::null() };

#[test]
fn specs() {
    lifecycle::initialize(false);
    let ts = ThreadState::current();
    let before = ts.heap().live_blocks();
    messages(ts);
    relative_members(ts);
    slot_arrays(ts);
    static_types(ts);
    deathless::object::collector::collect_at_end(ts);
    eprintln!("blocks: {before} {}", ts.heap().live_blocks());
}

fn messages(ts: &ThreadState) {
    let m = c"m.a.T";
    let int: &Object = &PyLong_Type;
    assert_eq!(from_spec(ts, spec(m, 0, 0, 0, &[END]), None), "<class 'm.a.T'>");
    assert_eq!(from_spec(ts, spec(c"T", 0, 0, 0, &[END]), None), "<class 'T'>");
    assert_eq!(
        from_spec(ts, PyType_Spec { name: ptr::null(), ..spec(m, 0, 0, 0, &[END]) }, None),
        "SystemError: Type spec does not define the name field."
    );
    let one = |id: i32| [PyType_Slot { slot: id, pfunc: ptr::null_mut() }, END];
    assert_eq!(from_spec(ts, spec(m, 0, 0, 0, &one(200)), None), "SystemError: unknown type slot ID 200");
    assert_eq!(from_spec(ts, spec(m, 0, 0, 0, &one(-1)), None), "SystemError: invalid slot (Py_slot_invalid, 65535)");
    assert_eq!(from_spec(ts, spec(m, 0, 0, 0, &one(84)), None), "SystemError: invalid type slot 84 (Py_mod_create)");
    assert_eq!(
        from_spec(ts, spec(m, 0, 0, 0, &one(95)), None),
        "SystemError: Py_tp_name must not be used with PyType_Spec"
    );
    assert_eq!(
        from_spec(ts, spec(m, 8, 0, 0, &[END]), None),
        "TypeError: tp_basicsize for type 'm.a.T' (8) is too small for base 'object' (16)"
    );
    assert_eq!(
        from_spec(ts, spec(m, -8, 0, 0, &[END]), Some(int)),
        "SystemError: Cannot extend variable-size class without Py_TPFLAGS_ITEMS_AT_END."
    );
    assert_eq!(
        from_spec(ts, spec(m, 0, 0, Py_TPFLAGS_HAVE_GC, &[END]), None),
        "SystemError: type m.a.T has the Py_TPFLAGS_HAVE_GC flag but has no traverse function"
    );
    let doc = [slot(Py_tp_doc, c"T(a, b)\n--\n\nhello".as_ptr().cast()), END];
    // SAFETY: the spec's tables live for the test.
    let ty = unsafe { Owned::<Object>::from_stolen(PyType_FromSpec(&mut spec(c"m.T", 0, 0, 0, &doc))) };
    let get = |name: &str| {
        let name = Str::interned(ts, name).expect("a name");
        getattr(ts, &ty, &name).and_then(|v| str(ts, &v)).map_or_else(|_| raised(ts), |s| s.to_string())
    };
    assert_eq!(get("__doc__"), "hello");
    assert_eq!(get("__text_signature__"), "(a, b)");
    assert_eq!(get("__module__"), "m");
    assert_eq!(get("__name__"), "T");
    let twice = [doc[0], doc[0], END];
    assert_eq!(
        from_spec(ts, spec(c"m.T", 0, 0, 0, &twice), None),
        "SystemError: type m.T has multiple Py_tp_doc (56) slots"
    );
    let instance = call(ts, &ty, &[]).expect("an instance");
    drop(instance);
    // SAFETY: as above.
    let fixed = unsafe {
        Owned::<Object>::from_stolen(PyType_FromSpec(&mut spec(c"m.T", 0, 0, Py_TPFLAGS_IMMUTABLETYPE, &[END])))
    };
    let x = Str::interned(ts, "x").expect("a name");
    assert!(setattr(ts, &fixed, &x, Some(&fixed)).is_err());
    assert!(raised(ts).ends_with("attribute of immutable type 'm.T'"));
}

fn relative_members(ts: &ThreadState) {
    let members = [
        member(c"n", Py_T_INT, 8, Py_RELATIVE_OFFSET),
        member(c"__dictoffset__", Py_T_PYSSIZET, 0, Py_READONLY | Py_RELATIVE_OFFSET),
        MEMBERS_END,
    ];
    let slots = [slot(Py_tp_members, members.as_ptr().cast()), END];
    assert_eq!(
        from_spec(ts, spec(c"m.T", 24, 0, 0, &slots), None),
        "SystemError: With Py_RELATIVE_OFFSET, basicsize must be extended"
    );
    // SAFETY: the spec's tables live for the test; the type is a type.
    unsafe {
        let ty = Owned::<Type>::from_stolen(PyType_FromSpec(&mut spec(c"m.T", -16, 0, 0, &slots)));
        assert_eq!((ty.tp_basicsize, ty.tp_dictoffset), (32, 16));
        assert_eq!(PyType_GetTypeDataSize(ty.as_ptr().cast()), 16);
        let instance = call(ts, &ty, &[]).expect("an instance");
        let data = PyObject_GetTypeData(instance.as_ptr(), ty.as_ptr().cast()).cast::<i32>();
        data.add(2).write(41);
        let n = getattr(ts, &instance, &Str::interned(ts, "n").expect("a name")).expect("the member");
        assert_eq!(n.downcast::<deathless::types::Int>().and_then(deathless::types::Int::to_i64), Some(41));
        let y = Str::interned(ts, "y").expect("a name");
        setattr(ts, &instance, &y, Some(&n)).expect("there is a dict");
        // What the spec's own end would give back.
        deathless::object::ObjectCell::take_owned(deathless::types::object::dict_cell(&instance).expect("a dict"));
        // SAFETY: a token, any address.
        let token = ptr::from_ref(&members).cast_mut().cast::<c_void>();
        assert_eq!(PyType_GetBaseByToken(ty.as_ptr().cast(), token, ptr::null_mut()), 0);
        assert_eq!(PyType_GetBaseByToken(ty.as_ptr().cast(), ptr::null_mut(), ptr::null_mut()), -1);
        assert_eq!(raised(ts), "SystemError: PyType_GetBaseByToken called with token=NULL");
        assert!(PyType_GetModule(ty.as_ptr().cast()).is_null());
        assert_eq!(raised(ts), "TypeError: PyType_GetModule: Type 'm.T' has no associated module");
    }
}

fn slot_arrays(ts: &ThreadState) {
    let new = |id: u16, flags: c_int, value: *const c_void| PySlot {
        sl_id: id,
        sl_flags: flags as u16,
        sl_reserved: 0,
        sl_ptr: value.cast_mut(),
    };
    let make = |slots: &[PySlot]| {
        let mut all = slots.to_vec();
        all.push(new(Py_slot_end, 0, ptr::null()));
        // SAFETY: an array that ends with slot 0.
        outcome(ts, unsafe { PyType_FromSlots(all.as_mut_ptr()) })
    };
    let size = |n: isize| ptr::without_provenance::<c_void>(n as usize);
    let named = new(Py_tp_name, PySlot_STATIC, c"m.T".as_ptr().cast());
    assert_eq!(make(&[]), "SystemError: Py_tp_name slot is required.");
    assert_eq!(make(&[named]), "<class 'm.T'>");
    assert_eq!(make(&[named, named]), "SystemError: type m.T has multiple Py_tp_name (95) slots");
    assert_eq!(make(&[named, new(300, 0, ptr::null())]), "SystemError: unknown type slot ID 300");
    assert_eq!(make(&[named, new(300, PySlot_OPTIONAL, ptr::null())]), "<class 'm.T'>");
    assert_eq!(make(&[named, new(Py_tp_basicsize, 0, size(-3))]), "SystemError: Py_tp_basicsize must be positive");
    assert_eq!(
        make(&[named, new(Py_tp_extra_basicsize, 0, size(3)), new(Py_tp_basicsize, 0, size(32))]),
        "SystemError: type m.T: Py_tp_basicsize and Py_tp_extra_basicsize are mutually exclusive"
    );
    assert_eq!(make(&[named, new(Py_tp_methods, 0, ptr::null())]), "SystemError: Py_tp_methods requires PySlot_STATIC");
    let inner = [named, new(Py_slot_end, 0, ptr::null())];
    assert_eq!(make(&[new(Py_slot_subslots, 0, inner.as_ptr().cast())]), "<class 'm.T'>");
}

fn static_types(ts: &ThreadState) {
    let make = |name: &'static CStr, flags: u64| {
        let mut ty = Box::new(PyTypeObject::EMPTY);
        ty.tp_name = name.as_ptr();
        ty.tp_flags.set(flags);
        ty.ob_base.ob_base.ob_type.set(ptr::null());
        Box::leak(ty)
    };
    let plain = make(c"m.St", 0);
    // SAFETY: a static type, by leaking.
    unsafe {
        assert_eq!(PyType_Ready(plain), 0);
        assert!(core::ptr::eq(plain.as_object().ty(), &deathless::types::type_::PyType_Type));
        assert_eq!(plain.tp_basicsize, 16);
        assert!(call(ts, plain.as_object(), &[]).is_err());
        assert_eq!(raised(ts), "TypeError: cannot create 'm.St' instances");
        let gc = make(c"m.Gc", Py_TPFLAGS_HAVE_GC);
        assert_eq!(PyType_Ready(gc), -1);
        assert_eq!(raised(ts), "SystemError: type m.Gc has the Py_TPFLAGS_HAVE_GC flag but has no traverse function");
        let derived = make(c"m.Base", Py_TPFLAGS_BASETYPE);
        derived.tp_new.set(PyBaseObject_Type.tp_new.get());
        assert_eq!(PyType_Ready(derived), 0);
        let instance = call(ts, derived.as_object(), &[]).expect("an instance");
        assert!(instance.ty().is_subtype_of(derived));
    }
}
