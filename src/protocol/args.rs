//! The arguments of a call, as the vectorcall protocol hands them over, and binding them to parameters.
//!
//! Nothing is allocated: arguments stay where the caller put them. [`Signature::bind`] sorts them into an
//! array with one place for each parameter, with the messages that CPython gives.

use crate::ffi::{PY_VECTORCALL_ARGUMENTS_OFFSET, PyObject};
use crate::object::{Object, Result};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::{Dict, Str, Tuple};

#[derive(Clone, Copy)]
pub struct Args<'a> {
    /// Positional arguments.
    pub positional: &'a [&'a Object],
    /// Values of keyword arguments, in the order of `names`.
    pub values: &'a [&'a Object],
    /// Names of keyword arguments: exact strs, or NULL for none.
    pub names: Option<&'a Tuple>,
}

impl<'a> Args<'a> {
    pub const EMPTY: Args<'static> = Args { positional: &[], values: &[], names: None };

    /// # Safety
    /// The vectorcall protocol: `nargsf` positional arguments, then one value for each name.
    #[inline(always)]
    pub unsafe fn from_vectorcall(args: *const *mut PyObject, nargsf: usize, kwnames: *mut PyObject) -> Args<'a> {
        let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
        if n == 0 && kwnames.is_null() {
            return Args::EMPTY;
        }
        // SAFETY: the caller's promise; a non-NULL pointer and a reference look alike.
        unsafe {
            let names = kwnames.cast::<Tuple>().as_ref();
            let base = args.cast::<&'a Object>();
            let n_names = names.map_or(0, Tuple::len);
            Args {
                positional: core::slice::from_raw_parts(base, n),
                values: if n_names == 0 { &[] } else { core::slice::from_raw_parts(base.add(n), n_names) },
                names,
            }
        }
    }

    pub fn positional(args: &'a [&'a Object]) -> Args<'a> {
        Args { positional: args, values: &[], names: None }
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.positional.len()
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.positional.is_empty() && self.values.is_empty()
    }

    #[inline]
    pub fn get(&self, i: usize) -> Option<&'a Object> {
        self.positional.get(i).copied()
    }

    /// Keyword arguments with their names.
    pub fn keywords(&self) -> impl Iterator<Item = (&'a Str, &'a Object)> + 'a {
        let names = self.names;
        self.values.iter().enumerate().map(move |(i, &value)| {
            let name = names.and_then(|n| n.get(i)).expect("one name a value");
            // SAFETY: the protocol: names are strs.
            (unsafe { name.cast::<Str>() }, value)
        })
    }

    /// `f expected at least 1 argument, got 0` and its kin.
    #[inline]
    pub fn expect_positional(&self, ts: &ThreadState, name: &str, min: usize, max: usize) -> Result<()> {
        let n = self.len();
        if n >= min && n <= max { Ok(()) } else { Err(wrong_count(ts, name, n, min, max)) }
    }

    /// `f() takes no keyword arguments`.
    #[inline]
    pub fn no_keywords(&self, ts: &ThreadState, name: &str) -> Result<()> {
        if self.values.is_empty() {
            return Ok(());
        }
        Err(ts.raise(&TYPE_ERROR, format_args!("{name}() takes no keyword arguments")))
    }
}

#[cold]
fn wrong_count(ts: &ThreadState, name: &str, n: usize, min: usize, max: usize) -> crate::object::Raised {
    let (bound, wanted) = if min == max {
        ("", min)
    } else if n < min {
        ("at least ", min)
    } else {
        ("at most ", max)
    };
    let s = if wanted == 1 { "" } else { "s" };
    ts.raise(&TYPE_ERROR, format_args!("{name} expected {bound}{wanted} argument{s}, got {n}"))
}

/// Arguments as `tp_new`, `tp_init` and `tp_call` get them: a tuple and a dict. The values are borrowed
/// from both, so the caller keeps them while the arguments are used.
pub fn with_tuple_and_dict<R>(
    ts: &ThreadState,
    args: &Tuple,
    kwargs: Option<&Dict>,
    f: impl FnOnce(Args<'_>) -> Result<R>,
) -> Result<R> {
    let positional = args.as_slice();
    let Some(kwargs) = kwargs.filter(|d| !d.is_empty()) else {
        return f(Args { positional, values: &[], names: None });
    };
    let mut keys = Vec::with_capacity(kwargs.len());
    let mut values = Vec::with_capacity(kwargs.len());
    for (key, value) in kwargs.items_vec() {
        if key.downcast::<Str>().is_none() {
            return Err(ts.raise_str(&TYPE_ERROR, "keywords must be strings"));
        }
        keys.push(key);
        values.push(value);
    }
    let names = Tuple::from_owned(ts, keys)?;
    let values: Vec<&Object> = values.iter().map(|v| &**v).collect();
    f(Args { positional, values: &values, names: Some(&names) })
}

/// The parameters of a function, for binding arguments to them.
pub struct Signature {
    pub name: &'static str,
    /// All parameters that can be named or placed; positional-only ones have the name `""`.
    pub params: &'static [&'static str],
    /// How many must be given.
    pub required: usize,
    /// How many may be given by place.
    pub max_positional: usize,
}

impl Signature {
    /// Sorts `args` into one place for each parameter.
    #[inline]
    pub fn bind<'a, const N: usize>(&self, ts: &ThreadState, args: Args<'a>) -> Result<[Option<&'a Object>; N]> {
        debug_assert_eq!(self.params.len(), N);
        let mut bound = [None; N];
        if args.values.is_empty() && args.len() >= self.required && args.len() <= self.max_positional {
            for (place, &arg) in bound.iter_mut().zip(args.positional) {
                *place = Some(arg);
            }
            return Ok(bound);
        }
        self.bind_slow(ts, args, &mut bound)?;
        Ok(bound)
    }

    fn bind_slow<'a>(&self, ts: &ThreadState, args: Args<'a>, bound: &mut [Option<&'a Object>]) -> Result<()> {
        let n = args.len();
        let total = n + args.values.len();
        if total > self.params.len() {
            return Err(self.too_many(ts, total, n, self.params.len(), args.values.is_empty()));
        }
        if n > self.max_positional {
            return Err(self.too_many_positional(ts, n));
        }
        let n_unnamed = self.params.iter().take_while(|p| p.is_empty()).count();
        if n < n_unnamed.min(self.required) {
            return Err(self.too_few_positional(ts, n, n_unnamed));
        }
        for (place, &arg) in bound.iter_mut().zip(args.positional) {
            *place = Some(arg);
        }
        // A missing argument is reported before a name that nobody wants.
        let mut stray = None;
        for (name, value) in args.keywords() {
            match self.position(name) {
                Some(i) if i >= n => bound[i] = Some(value),
                found => stray = stray.or(Some((name, found))),
            }
        }
        if let Some(i) = (0..self.required).find(|&i| bound[i].is_none()) {
            return Err(ts.raise(
                &TYPE_ERROR,
                format_args!("{}() missing required argument '{}' (pos {})", self.name, self.params[i], i + 1),
            ));
        }
        match stray {
            None => Ok(()),
            Some((name, found)) => Err(self.stray_keyword(ts, name, found)),
        }
    }

    fn position(&self, name: &Str) -> Option<usize> {
        self.params.iter().position(|p| !p.is_empty() && name.equals_text(p))
    }

    #[cold]
    fn stray_keyword(&self, ts: &ThreadState, name: &Str, found: Option<usize>) -> crate::object::Raised {
        match found {
            Some(i) => ts.raise(
                &TYPE_ERROR,
                format_args!("argument for {}() given by name ('{}') and position ({})", self.name, name, i + 1),
            ),
            None => {
                ts.raise(&TYPE_ERROR, format_args!("{}() got an unexpected keyword argument '{}'", self.name, name))
            }
        }
    }

    #[cold]
    fn too_many(
        &self,
        ts: &ThreadState,
        total: usize,
        n: usize,
        max: usize,
        only_positional: bool,
    ) -> crate::object::Raised {
        let s = if max == 1 { "" } else { "s" };
        let kind = match (only_positional, n) {
            (_, 0) => "keyword ",
            _ => "",
        };
        ts.raise(&TYPE_ERROR, format_args!("{}() takes at most {max} {kind}argument{s} ({total} given)", self.name))
    }

    #[cold]
    fn too_many_positional(&self, ts: &ThreadState, n: usize) -> crate::object::Raised {
        let max = self.max_positional;
        if max == 0 {
            return ts.raise(&TYPE_ERROR, format_args!("{}() takes no positional arguments", self.name));
        }
        let s = if max == 1 { "" } else { "s" };
        let most = if self.required < max { "at most" } else { "exactly" };
        ts.raise(&TYPE_ERROR, format_args!("{}() takes {most} {max} positional argument{s} ({n} given)", self.name))
    }

    #[cold]
    fn too_few_positional(&self, ts: &ThreadState, n: usize, unnamed: usize) -> crate::object::Raised {
        let min = unnamed.min(self.required);
        let s = if min == 1 { "" } else { "s" };
        let least = if min < self.max_positional { "at least" } else { "exactly" };
        ts.raise(&TYPE_ERROR, format_args!("{}() takes {least} {min} positional argument{s} ({n} given)", self.name))
    }
}

/// `f() argument 1 must be str, not int`; `place` is `argument`, `argument 1` or `argument 'name'`.
#[cold]
pub fn bad_argument(
    ts: &ThreadState,
    function: &str,
    place: &str,
    expected: &str,
    given: &Object,
) -> crate::object::Raised {
    let name = if crate::types::singletons::is_none(given) { "None" } else { given.ty().full_name() };
    ts.raise(&TYPE_ERROR, format_args!("{function}() {place} must be {expected}, not {name}"))
}

/// An argument that must be a str.
#[inline]
pub fn expect_str<'a>(ts: &ThreadState, function: &str, place: &str, given: &'a Object) -> Result<&'a Str> {
    given.downcast::<Str>().ok_or_else(|| bad_argument(ts, function, place, "str", given))
}

/// An argument that becomes a C `Py_ssize_t`.
pub fn as_c_ssize(ts: &ThreadState, given: &Object) -> Result<isize> {
    let int = crate::protocol::number::index(ts, given)?;
    match int.to_i64() {
        Some(value) => Ok(value as isize),
        None => {
            Err(ts.raise_str(&crate::types::exceptions::OVERFLOW_ERROR, "Python int too large to convert to C ssize_t"))
        }
    }
}

/// What `__setstate__` of an iterator gets.
pub fn as_state_index(ts: &ThreadState, given: &Object) -> Result<isize> {
    if !crate::protocol::number::is_index(given) {
        return Err(ts.raise_str(&TYPE_ERROR, "an integer is required"));
    }
    as_c_ssize(ts, given)
}

/// An argument that becomes a C `int`.
pub fn as_c_int(ts: &ThreadState, given: &Object) -> Result<i32> {
    let overflow = &crate::types::exceptions::OVERFLOW_ERROR;
    let int = crate::protocol::number::index(ts, given)?;
    let value = int.to_i64().and_then(|value| i32::try_from(value).ok());
    value.ok_or_else(|| ts.raise_str(overflow, "Python int too large to convert to C int"))
}
