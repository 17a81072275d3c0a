//! `types.CodeType(…)` and `code.replace(…)`.

use super::{CELL, CODE_TYPE, Code, FREE, LOCAL};
use crate::object::{Class, Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::args::{Args, Signature, as_c_int, bad_argument, with_tuple_and_dict};
use crate::runtime::ThreadState;
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::{Bytes, Dict, Str, Tuple};

/// What a code object is made of.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// Arguments, those of them by place alone, those by name alone, local variables, stack, flags.
    pub counts: [i32; 6],
    pub code: &'a [u8],
    pub consts: &'a Tuple,
    pub names: &'a Tuple,
    pub varnames: &'a Tuple,
    pub filename: &'a Str,
    pub name: &'a Str,
    pub qualname: &'a Str,
    pub first_line: i32,
    pub lines: &'a Bytes,
    pub exceptions: &'a Bytes,
    pub freevars: &'a Tuple,
    pub cellvars: &'a Tuple,
}

/// `CO_VARARGS | CO_VARKEYWORDS`: each flag is one more argument.
const STARRED: i32 = 4 | 8;

impl Code {
    /// `ValueError` where the parts do not fit each other.
    pub fn new(ts: &ThreadState, parts: &Parts<'_>) -> Result<Owned<Code>> {
        check(ts, parts)?;
        let (names, kinds) = variables(ts, parts)?;
        let [argcount, posonly, kwonly, nlocals, stack, flags] = parts.counts;
        let n_of = |kind: u8| kinds.as_slice().iter().filter(|k| *k & kind != 0).count() as i32;
        // SAFETY: the type's instances have this layout, with room for that many units.
        let this = unsafe { ts.alloc_instance(&CODE_TYPE, (parts.code.len() / 2) as isize)?.cast_owned::<Code>() };
        // SAFETY: the room behind the header, of the instance just made.
        unsafe {
            let to = this.co_code_adaptive.as_ptr().cast::<u8>();
            core::ptr::copy_nonoverlapping(parts.code.as_ptr(), to, parts.code.len());
        }
        let numbers = [
            (&this.co_argcount, argcount),
            (&this.co_posonlyargcount, posonly),
            (&this.co_kwonlyargcount, kwonly),
            (&this.co_nlocals, nlocals),
            (&this.co_stacksize, stack),
            (&this.co_flags, flags),
            (&this.co_firstlineno, parts.first_line),
            (&this.co_nlocalsplus, kinds.len() as i32),
            (&this.co_ncellvars, n_of(CELL)),
            (&this.co_nfreevars, n_of(FREE)),
        ];
        numbers.into_iter().for_each(|(field, number)| field.set(number));
        let objects: [&Object; 9] = [
            parts.consts,
            parts.names,
            parts.exceptions,
            &names,
            &kinds,
            parts.filename,
            parts.name,
            parts.qualname,
            parts.lines,
        ];
        this.object_fields().into_iter().zip(objects).for_each(|(f, o)| f.set(Owned::new(o).into_raw()));
        Ok(this)
    }

    pub(super) fn construct(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result<Owned<Code>> {
        with_tuple_and_dict(ts, args, kwargs, |args| Code::from_arguments(ts, args))
    }

    fn from_arguments(ts: &ThreadState, args: Args<'_>) -> Result<Owned<Code>> {
        args.no_keywords(ts, "code")?;
        args.expect_positional(ts, "code", 16, 18)?;
        let place = |i: usize| format!("argument {}", i + 1);
        let int = |i: usize| as_c_int(ts, args.positional[i]);
        let text = |i: usize| given::<Str>(ts, "code", &place(i), args.positional[i]);
        let bytes = |i: usize| given::<Bytes>(ts, "code", &place(i), args.positional[i]);
        let tuple = |i: usize| match args.get(i) {
            None => Ok(Tuple::empty_ref()),
            Some(value) => given::<Tuple>(ts, "code", &place(i), value),
        };
        let parts = Parts {
            counts: [int(0)?, int(1)?, int(2)?, int(3)?, int(4)?, int(5)?],
            code: bytes(6)?.as_slice(),
            consts: tuple(7)?,
            names: tuple(8)?,
            varnames: tuple(9)?,
            filename: text(10)?,
            name: text(11)?,
            qualname: text(12)?,
            first_line: int(13)?,
            lines: bytes(14)?,
            exceptions: bytes(15)?,
            freevars: tuple(16)?,
            cellvars: tuple(17)?,
        };
        let names = ["argcount", "posonlyargcount", "kwonlyargcount", "nlocals"];
        if let Some((name, _)) = names.iter().zip(parts.counts).find(|(_, count)| *count < 0) {
            return Err(ts.raise(&VALUE_ERROR, format_args!("code: {name} must not be negative")));
        }
        for names in [parts.names, parts.varnames, parts.freevars, parts.cellvars] {
            if let Some(other) = names.as_slice().iter().find(|name| name.downcast::<Str>().is_none()) {
                let ty = other.ty().full_name();
                let message = format_args!("name tuples must contain only strings, not '{ty}'");
                return Err(ts.raise(&TYPE_ERROR, message));
            }
        }
        Code::new(ts, &parts)
    }

    pub(super) fn replace(ts: &ThreadState, this: &Code, args: Args<'_>) -> Result<Owned<Code>> {
        let given: Given<'_> = REPLACE.bind(ts, args)?;
        let (varnames, freevars, cellvars) =
            (this.variables(ts, LOCAL)?, this.variables(ts, FREE)?, this.variables(ts, CELL)?);
        let old = this.parts(&varnames, &freevars, &cellvars);
        let mut numbers = [0; 7];
        let [a, b, c, d, e, f] = old.counts;
        for (i, (number, old)) in numbers.iter_mut().zip([a, b, c, d, e, f, old.first_line]).enumerate() {
            *number = given[i].map_or(Ok(old), |value| as_c_int(ts, value))?;
        }
        let [counts @ .., first_line] = numbers;
        let parts = Parts {
            counts,
            first_line,
            code: match given[7] {
                Some(value) => named::<Bytes>(ts, 7, value)?.as_slice(),
                None => old.code,
            },
            consts: changed(ts, &given, 8, old.consts)?,
            names: changed(ts, &given, 9, old.names)?,
            varnames: changed(ts, &given, 10, old.varnames)?,
            freevars: changed(ts, &given, 11, old.freevars)?,
            cellvars: changed(ts, &given, 12, old.cellvars)?,
            filename: changed(ts, &given, 13, old.filename)?,
            name: changed(ts, &given, 14, old.name)?,
            qualname: changed(ts, &given, 15, old.qualname)?,
            lines: changed(ts, &given, 16, old.lines)?,
            exceptions: changed(ts, &given, 17, old.exceptions)?,
        };
        if let Some((name, _)) = REPLACE.params.iter().zip(numbers).find(|(_, number)| *number < 0) {
            return Err(ts.raise(&VALUE_ERROR, format_args!("{name} must be a positive integer")));
        }
        Code::new(ts, &parts)
    }

    fn parts<'a>(&'a self, varnames: &'a Tuple, freevars: &'a Tuple, cellvars: &'a Tuple) -> Parts<'a> {
        let counts = [
            &self.co_argcount,
            &self.co_posonlyargcount,
            &self.co_kwonlyargcount,
            &self.co_nlocals,
            &self.co_stacksize,
            &self.co_flags,
        ];
        let [consts, names, exceptions, _, _, filename, name, qualname, lines] =
            self.object_fields().map(|field| ObjectCell::peek(field).expect("written when it was made"));
        // SAFETY: of these types, as `new` wrote them; they are never replaced.
        unsafe {
            Parts {
                counts: counts.map(core::cell::Cell::get),
                code: self.bytes(),
                consts: consts.cast(),
                names: names.cast(),
                varnames,
                filename: filename.cast(),
                name: name.cast(),
                qualname: qualname.cast(),
                first_line: self.co_firstlineno.get(),
                lines: lines.cast(),
                exceptions: exceptions.cast(),
                freevars,
                cellvars,
            }
        }
    }
}

static REPLACE: Signature = Signature {
    name: "replace",
    params: &[
        "co_argcount",
        "co_posonlyargcount",
        "co_kwonlyargcount",
        "co_nlocals",
        "co_stacksize",
        "co_flags",
        "co_firstlineno",
        "co_code",
        "co_consts",
        "co_names",
        "co_varnames",
        "co_freevars",
        "co_cellvars",
        "co_filename",
        "co_name",
        "co_qualname",
        "co_linetable",
        "co_exceptiontable",
    ],
    required: 0,
    max_positional: 0,
};

/// An argument of a type that its name in messages is that of.
fn given<'a, T: Class>(ts: &ThreadState, function: &str, place: &str, value: &'a Object) -> Result<&'a T> {
    value.downcast::<T>().ok_or_else(|| bad_argument(ts, function, place, T::class().full_name(), value))
}

/// What `replace` was given, in the order of its parameters.
type Given<'a> = [Option<&'a Object>; 18];

/// Argument `i` of `replace`, of the type that it must have.
fn named<'a, T: Class>(ts: &ThreadState, i: usize, value: &'a Object) -> Result<&'a T> {
    given(ts, "replace", &format!("argument '{}'", REPLACE.params[i]), value)
}

/// The same, or what was there before.
fn changed<'a, T: Class>(ts: &ThreadState, given: &Given<'a>, i: usize, old: &'a T) -> Result<&'a T> {
    given[i].map_or(Ok(old), |value| named(ts, i, value))
}

fn check(ts: &ThreadState, parts: &Parts<'_>) -> Result<()> {
    let [argcount, posonly, kwonly, nlocals, stack, flags] = parts.counts;
    let refuse = |message: &str| -> Result<()> { Err(ts.raise_str(&VALUE_ERROR, message)) };
    if nlocals as usize != parts.varnames.len() {
        return refuse("code: co_nlocals != len(co_varnames)");
    }
    if argcount < posonly || posonly < 0 || kwonly < 0 || stack < 0 || flags < 0 {
        return Err(internal(ts));
    }
    if !parts.code.len().is_multiple_of(2) {
        return refuse("code: co_code is malformed");
    }
    let starred = (flags & STARRED).count_ones() as usize;
    if argcount as usize + kwonly as usize + starred > parts.varnames.len() {
        return refuse("code: co_varnames is too small");
    }
    Ok(())
}

#[cold]
fn internal(ts: &ThreadState) -> Raised {
    ts.raise_str(&SYSTEM_ERROR, "bad argument to internal function")
}

/// All variables with what each is: a local one that functions within see is listed once.
fn variables(ts: &ThreadState, parts: &Parts<'_>) -> Result<(Owned<Tuple>, Owned<Bytes>)> {
    let same = |a: &Object, b: &Object| match (a.downcast::<Str>(), b.downcast::<Str>()) {
        (Some(a), Some(b)) => a.equals(b),
        _ => false,
    };
    let mut names: Vec<&Object> = parts.varnames.as_slice().to_vec();
    let mut kinds = vec![LOCAL; names.len()];
    for cell in parts.cellvars.as_slice() {
        match parts.varnames.as_slice().iter().position(|name| same(name, cell)) {
            Some(i) => kinds[i] |= CELL,
            None => {
                names.push(cell);
                kinds.push(CELL);
            }
        }
    }
    names.extend_from_slice(parts.freevars.as_slice());
    kinds.resize(names.len(), FREE);
    Ok((Tuple::new(ts, &names)?, Bytes::new(ts, &kinds)?))
}
