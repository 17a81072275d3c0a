//! The `builtins` module: the functions that need no compiler, the types, the exceptions and the singletons.
//!
//! * [`attributes`] `getattr` and its kin, `isinstance`, `repr`, `hash`, …
//! * [`iteration`]  `iter`, `next`, `max`, `sorted`, …
//! * [`numbers`]    `abs`, `bin`, `pow`, `round`, `sum`, …
//! * [`print`]      `print`

mod attributes;
mod iteration;
mod numbers;
mod print;

use crate::ffi::PyMethodDef;
use crate::modules::import::{self, Importer};
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::args::{Args, Signature};
use crate::runtime::ThreadState;
use crate::types::exceptions::{self, OVERFLOW_ERROR};
use crate::types::{Str, method, singletons, slot};

fn import(ts: &ThreadState, args: Args<'_>) -> Result {
    const SIGNATURE: Signature = Signature {
        name: "__import__",
        params: &["name", "globals", "locals", "fromlist", "level"],
        required: 1,
        max_positional: 5,
    };
    let [name, globals, _locals, from, level] = SIGNATURE.bind(ts, args)?;
    let level = match level {
        Some(level) => crate::protocol::number::as_ssize(ts, level, Some(&OVERFLOW_ERROR))?,
        None => 0,
    };
    let level =
        i32::try_from(level).map_err(|_| ts.raise_str(&OVERFLOW_ERROR, "Python int too large to convert to C int"))?;
    let importer = Importer { globals: globals.filter(|g| !singletons::is_none(*g)), from, level };
    import::import_level(ts, name.expect("required"), importer)
}

static METHODS: [PyMethodDef; 35] = [
    method::static_keywords(
        c"__import__",
        import,
        c"__import__($module, /, name, globals=None, locals=None, fromlist=(),\n           level=0)\n--\n\nImport a module; the topmost package unless fromlist says otherwise.",
    ),
    numbers::ABS,
    iteration::ALL,
    iteration::ANY,
    attributes::ASCII,
    numbers::BIN,
    attributes::CALLABLE,
    numbers::CHR,
    attributes::DELATTR,
    attributes::DIR,
    numbers::DIVMOD,
    attributes::FORMAT,
    attributes::GETATTR,
    attributes::HASATTR,
    attributes::HASH,
    numbers::HEX,
    attributes::ID,
    attributes::ISINSTANCE,
    attributes::ISSUBCLASS,
    iteration::ITER,
    iteration::LEN,
    iteration::MAX,
    iteration::MIN,
    iteration::NEXT,
    numbers::OCT,
    numbers::ORD,
    numbers::POW,
    print::PRINT,
    attributes::REPR,
    numbers::ROUND,
    attributes::SETATTR,
    iteration::SORTED,
    numbers::SUM,
    attributes::VARS,
    slot::METHODS_END,
];

/// What the built-in types are called where everybody sees them.
const TYPE_NAMES: [&str; 28] = [
    "bool",
    "bytearray",
    "bytes",
    "classmethod",
    "complex",
    "dict",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "frozendict",
    "int",
    "list",
    "map",
    "memoryview",
    "object",
    "property",
    "range",
    "reversed",
    "set",
    "slice",
    "staticmethod",
    "str",
    "super",
    "tuple",
    "type",
    "zip",
    "sentinel",
];

/// Makes the module and enters it.
pub fn start(ts: &ThreadState) -> Result<()> {
    let name = Str::interned(ts, "builtins")?;
    let module = super::make(ts, &name, c"The functions, types and exceptions that every program has.", &METHODS, 160)?;
    let dict = module.dict();
    ts.interp().builtins.store(Some(dict.clone()));
    let put = |name: &str, value: &Object| dict.set_name(ts, &*Str::interned(ts, name)?, value);
    for ty in crate::types::builtin_types().filter(|ty| is_named(ty)) {
        put(ty.full_name(), ty)?;
    }
    for alias in ["EnvironmentError", "IOError"] {
        put(alias, &exceptions::OS_ERROR)?;
    }
    let constants: [(&str, &Object); 6] = [
        ("None", singletons::none_ref()),
        ("Ellipsis", singletons::ellipsis_ref()),
        ("NotImplemented", singletons::not_implemented_ref()),
        ("False", crate::types::bool::bool_ref(false)),
        ("True", crate::types::bool::bool_ref(true)),
        ("__debug__", crate::types::bool::bool_ref(true)),
    ];
    for (name, value) in constants {
        put(name, value)?;
    }
    import::builtin::enter(ts, &name, &module)
}

fn is_named(ty: &Type) -> bool {
    ty.is_subtype_of(&exceptions::BASE_EXCEPTION) || TYPE_NAMES.contains(&ty.full_name())
}

/// An argument that must be a str to be an attribute's name.
fn attribute_name<'a>(ts: &ThreadState, name: &'a Object) -> Result<&'a Str> {
    match name.downcast::<Str>() {
        Some(name) => Ok(name),
        None => {
            let ty = name.ty().full_name();
            Err(ts.raise(&exceptions::TYPE_ERROR, format_args!("attribute name must be string, not '{ty}'")))
        }
    }
}

/// The same, interned: attributes are found by identity first.
fn interned_name(ts: &ThreadState, name: &Object) -> Result<Owned<Str>> {
    Str::intern(ts, Owned::new(attribute_name(ts, name)?))
}
