//! Attribute lookup on built-in types.

use deathless::protocol::object::{getattr, repr};
use deathless::runtime::{ThreadState, lifecycle};
use deathless::types::{Str, builtin_types};

fn show(ts: &ThreadState, ty: &deathless::object::Type, name: &str) -> String {
    let name = Str::interned(ts, name).expect("a name");
    match getattr(ts, ty, &name).and_then(|v| repr(ts, &v)) {
        Ok(text) => text.to_string(),
        Err(_) => ts.take_raised().map_or(String::new(), |e| e.ty().full_name().to_owned()),
    }
}

#[test]
fn built_in_types_have_their_attributes() {
    let start = std::time::Instant::now();
    lifecycle::initialize(false);
    eprintln!("started in {:?}", start.elapsed());
    let ts = ThreadState::current();
    for ty in builtin_types() {
        for name in ["__repr__", "__doc__", "__new__", "__init__", "__hash__", "__eq__", "nope"] {
            eprintln!("{}.{name}: {}", ty.full_name(), show(ts, ty, name));
        }
    }
    assert_eq!(show(ts, &deathless::types::bool::PyBool_Type, "nope"), "AttributeError");
}
