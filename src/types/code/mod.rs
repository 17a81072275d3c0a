//! `code`: what a frame runs, by name, file and line.
//!
//! The runtime has no compiler and runs no instructions: a code object is what tracebacks name their entries by. C
//! code makes empty ones ([`Code::empty`]), `types.CodeType` and `replace` any other; their instructions are bytes
//! that nobody reads but for one text's. `co_branches`, which would have to, is not there.
//!
//! * [`call`]      the one text that can be compiled
//! * [`construct`] `types.CodeType(…)`, `replace`, and what both check
//! * [`lines`]     the table from instructions to lines and columns

pub mod call;
mod construct;
pub mod lines;

use core::cell::Cell;
use core::mem::offset_of;

use super::{Bytes, Complex, Int, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, method, slot};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::bool::from_bool;
use crate::types::float::Float;
use crate::types::{singletons, tuple};

pub use construct::Parts;

layout!(Code = PyCodeObject, CODE_TYPE);

/// The instructions that CPython gives code without any, and the line table for them: all on the first line.
const EMPTY_CODE: &[u8] = b"\x80\x00\x00\x00P\x00g\x01";
const EMPTY_LINES: &[u8] = b"\xeb\x00";

/// What kind of variable a slot is for: an ordinary one, one that functions within see, one from outside.
const LOCAL: u8 = 0x20;
const CELL: u8 = 0x40;
const FREE: u8 = 0x80;

impl Code {
    /// Code without instructions, which stands for a function in another language.
    pub fn empty(ts: &ThreadState, filename: &Str, name: &Str, line: i32) -> Result<Owned<Code>> {
        let (lines, none) = (Bytes::new(ts, EMPTY_LINES)?, Tuple::empty_ref());
        Code::new(
            ts,
            &Parts {
                counts: [0, 0, 0, 0, 1, 0],
                code: EMPTY_CODE,
                consts: none,
                names: none,
                varnames: none,
                filename,
                name,
                qualname: name,
                first_line: line,
                lines: &lines,
                exceptions: super::bytes::empty_ref(),
                freevars: none,
                cellvars: none,
            },
        )
    }

    /// The instructions.
    fn bytes(&self) -> &[u8] {
        let units = self.ob_base.ob_size.get() as usize;
        // SAFETY: that many units were written behind the header when it was made.
        unsafe { core::slice::from_raw_parts(self.co_code_adaptive.as_ptr().cast(), units * 2) }
    }

    fn object_fields(&self) -> [&Cell<*mut PyObject>; 9] {
        [
            &self.co_consts,
            &self.co_names,
            &self.co_exceptiontable,
            &self.co_localsplusnames,
            &self.co_localspluskinds,
            &self.co_filename,
            &self.co_name,
            &self.co_qualname,
            &self.co_linetable,
        ]
    }

    /// What identical code agrees in; the file's name is not among it.
    fn numbers(&self) -> [i32; 5] {
        [&self.co_argcount, &self.co_posonlyargcount, &self.co_kwonlyargcount, &self.co_flags, &self.co_firstlineno]
            .map(Cell::get)
    }

    fn compared_fields(&self) -> [&Object; 5] {
        [&self.co_name, &self.co_names, &self.co_localsplusnames, &self.co_linetable, &self.co_exceptiontable]
            .map(|field| field.peek().expect("written when it was made"))
    }

    pub fn name(&self) -> &Str {
        // SAFETY: a str, written when it was made and never replaced.
        unsafe { self.co_name.peek().expect("written when it was made").cast() }
    }

    pub fn filename(&self) -> &Str {
        // SAFETY: as above.
        unsafe { self.co_filename.peek().expect("written when it was made").cast() }
    }

    pub fn line_table(&self) -> &[u8] {
        // SAFETY: a bytes object, as above.
        unsafe { self.co_linetable.peek().expect("written when it was made").cast::<Bytes>() }.as_slice()
    }

    /// The line of the instruction at that offset, the first line for a negative one; `None` where it has none.
    pub fn line_at(&self, offset: i32) -> Option<i32> {
        let line = match usize::try_from(offset) {
            Err(_) => Some(self.co_firstlineno.get()),
            Ok(offset) => lines::entries(self).find(|entry| entry.range.contains(&offset)).and_then(|e| e.line),
        };
        line.filter(|&line| line >= 0)
    }

    fn repr(ts: &ThreadState, this: &Code) -> Result<Owned<Str>> {
        // As in CPython, where line 0 is none.
        let line = if this.co_firstlineno.get() == 0 { -1 } else { this.co_firstlineno.get() };
        Str::build(ts, |text| {
            text.extend_str("<code object ")?;
            text.extend(this.name().chars())?;
            text.extend_str(&format!(" at {:p}, file \"", this.as_ptr()))?;
            text.extend(this.filename().chars())?;
            text.extend_str(&format!("\", line {line}>"))
        })
    }

    fn hash(ts: &ThreadState, this: &Code) -> Result<isize> {
        let consts = this.co_consts.peek().expect("written when it was made");
        let [a, b, c, d, e] = this.compared_fields();
        let mut hash = tuple::hash_parts(ts, &[a, b, c, d, e, consts])? as u64;
        for number in this.numbers() {
            hash = (hash ^ number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
        Ok(match hash as isize {
            -1 => -2,
            hash => hash,
        })
    }

    fn compare(ts: &ThreadState, this: &Code, other: &Object, op: CompareOp) -> Result {
        let other = match (other.downcast::<Code>(), op) {
            (Some(other), CompareOp::Eq | CompareOp::Ne) => other,
            _ => return Ok(singletons::not_implemented()),
        };
        let same = core::ptr::eq(this, other) || Code::same(ts, this, other)?;
        Ok(from_bool(same == (op == CompareOp::Eq)))
    }

    fn same(ts: &ThreadState, this: &Code, other: &Code) -> Result<bool> {
        if this.numbers() != other.numbers() || this.bytes() != other.bytes() {
            return Ok(false);
        }
        for (a, b) in this.compared_fields().into_iter().zip(other.compared_fields()) {
            if !object::equal(ts, a, b)? {
                return Ok(false);
            }
        }
        let consts = |code: &Code| code.co_consts.load().expect("written when it was made");
        same_constant(ts, &consts(this), &consts(other))
    }

    fn variables(&self, ts: &ThreadState, kind: u8) -> Result<Owned<Tuple>> {
        // SAFETY: a tuple and a bytes object of the same length, written when it was made.
        let (names, kinds) = unsafe {
            let [names, kinds] =
                [&self.co_localsplusnames, &self.co_localspluskinds].map(|f| f.peek().expect("written"));
            (names.cast::<Tuple>(), kinds.cast::<Bytes>())
        };
        let chosen = names.as_slice().iter().zip(kinds.as_slice()).filter(|(_, k)| *k & kind != 0);
        Tuple::new(ts, &chosen.map(|(name, _)| *name).collect::<Vec<_>>())
    }

    fn varnames(ts: &ThreadState, this: &Code) -> Result<Owned<Tuple>> {
        this.variables(ts, LOCAL)
    }

    fn cellvars(ts: &ThreadState, this: &Code) -> Result<Owned<Tuple>> {
        this.variables(ts, CELL)
    }

    fn freevars(ts: &ThreadState, this: &Code) -> Result<Owned<Tuple>> {
        this.variables(ts, FREE)
    }

    fn code(ts: &ThreadState, this: &Code) -> Result<Owned<Bytes>> {
        Bytes::new(ts, this.bytes())
    }

    fn co_lines(ts: &ThreadState, this: &Code) -> Result {
        let mut found = Vec::new();
        for (range, line) in lines::by_line(this) {
            let parts = [Some(range.start as i32), Some(range.end as i32), line];
            found.push(numbers_or_none(ts, parts)?.upcast());
        }
        tuple::iterator::new(ts, &*Tuple::from_owned(ts, found)?)
    }

    fn co_positions(ts: &ThreadState, this: &Code) -> Result {
        let mut found = Vec::new();
        for entry in lines::entries(this) {
            let parts = [entry.line, entry.end_line, entry.column, entry.end_column];
            let position = numbers_or_none(ts, parts)?.upcast();
            found.extend(entry.range.step_by(2).map(|_| position.clone()));
        }
        tuple::iterator::new(ts, &*Tuple::from_owned(ts, found)?)
    }

    fn drop_fields(ts: &ThreadState, this: &Code) {
        if !this.co_weakreflist.get().is_null() {
            super::weakref::clear_references(ts, this);
        }
        this.object_fields().into_iter().for_each(|field| drop(field.take_owned()));
    }

    /// Not for the collector, which does not know of code, but for whoever wants to know what an object holds.
    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        self.object_fields().into_iter().try_for_each(|field| visitor.field(field))
    }
}

fn numbers_or_none<const N: usize>(ts: &ThreadState, numbers: [Option<i32>; N]) -> Result<Owned<Tuple>> {
    let mut items = Vec::with_capacity(N);
    for number in numbers {
        items.push(match number {
            Some(number) => Int::from_i64(ts, number.into())?.upcast(),
            None => singletons::none(),
        });
    }
    Tuple::from_owned(ts, items)
}

/// Equal, and of the same types all the way down: `0`, `0.0`, `-0.0` and `False` are four constants.
fn same_constant(ts: &ThreadState, a: &Object, b: &Object) -> Result<bool> {
    if !core::ptr::eq(a.ty(), b.ty()) {
        return Ok(false);
    }
    if let (Some(a), Some(b)) = (a.downcast_exact::<Float>(), b.downcast_exact::<Float>()) {
        return Ok(a.value().to_bits() == b.value().to_bits());
    }
    if let (Some(a), Some(b)) = (a.downcast_exact::<Complex>(), b.downcast_exact::<Complex>()) {
        let bits = |c: &Complex| [c.cval.get().real.to_bits(), c.cval.get().imag.to_bits()];
        return Ok(bits(a) == bits(b));
    }
    let (Some(first), Some(second)) = (a.downcast_exact::<Tuple>(), b.downcast_exact::<Tuple>()) else {
        return object::equal(ts, a, b);
    };
    ts.check_recursion(" in comparison")?;
    let mut pairs = first.as_slice().iter().zip(second.as_slice());
    Ok(first.len() == second.len() && pairs.try_fold(true, |same, (a, b)| Ok(same && same_constant(ts, a, b)?))?)
}

macro_rules! member {
    ($name:literal, $field:ident, $kind:expr) => {
        slot::member($name, $kind, offset_of!(PyCodeObject, $field), Py_READONLY)
    };
}

static MEMBERS: [PyMemberDef; 15] = [
    member!(c"co_argcount", co_argcount, Py_T_INT),
    member!(c"co_posonlyargcount", co_posonlyargcount, Py_T_INT),
    member!(c"co_kwonlyargcount", co_kwonlyargcount, Py_T_INT),
    member!(c"co_stacksize", co_stacksize, Py_T_INT),
    member!(c"co_flags", co_flags, Py_T_INT),
    member!(c"co_nlocals", co_nlocals, Py_T_INT),
    member!(c"co_consts", co_consts, _Py_T_OBJECT),
    member!(c"co_names", co_names, _Py_T_OBJECT),
    member!(c"co_filename", co_filename, _Py_T_OBJECT),
    member!(c"co_name", co_name, _Py_T_OBJECT),
    member!(c"co_qualname", co_qualname, _Py_T_OBJECT),
    member!(c"co_firstlineno", co_firstlineno, Py_T_INT),
    member!(c"co_linetable", co_linetable, _Py_T_OBJECT),
    member!(c"co_exceptiontable", co_exceptiontable, _Py_T_OBJECT),
    slot::MEMBERS_END,
];

static GETSET: [PyGetSetDef; 6] = [
    slot::getter(c"_co_code_adaptive", Code::code, c""),
    slot::getter(c"co_varnames", Code::varnames, c""),
    slot::getter(c"co_cellvars", Code::cellvars, c""),
    slot::getter(c"co_freevars", Code::freevars, c""),
    slot::getter(c"co_code", Code::code, c""),
    slot::GETSET_END,
];

static METHODS: [PyMethodDef; 5] = [
    method::noargs(
        c"co_lines",
        Code::co_lines,
        c"co_lines($self, /)\n--\n\nFirst and last offset of each line's instructions, and the line.",
    ),
    method::noargs(
        c"co_positions",
        Code::co_positions,
        c"co_positions($self, /)\n--\n\nFirst and last line and column of each instruction.",
    ),
    method::keywords(
        c"replace",
        Code::replace,
        c"replace($self, /, **changes)\n--\n\nA copy with some fields set anew.",
    ),
    method::keywords(c"__replace__", Code::replace, c"__replace__($self, /, **changes)\n--\n\nThe same as replace()."),
    slot::METHODS_END,
];

#[unsafe(link_section = "immortal")]
pub static CODE_TYPE: Type = Type {
    tp_name: c"code".as_ptr(),
    tp_basicsize: offset_of!(PyCodeObject, co_code_adaptive) as isize,
    tp_itemsize: 2,
    tp_weaklistoffset: offset_of!(PyCodeObject, co_weakreflist) as isize,
    tp_flags: Cell::new(STATIC_FLAGS),
    tp_doc: Cell::new(
        c"code(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize,\n     flags, codestring, constants, names, varnames, filename, name,\n     qualname, firstlineno, linetable, exceptiontable, freevars=(),\n     cellvars=(), /)\n--\n\nWhat a frame runs, by name, file and line."
            .as_ptr(),
    ),
    tp_dealloc: slot::dealloc(Code::drop_fields),
    tp_traverse: slot::traverse(Code::visit),
    tp_repr: slot::unary(Code::repr),
    tp_hash: slot::hash(Code::hash),
    tp_richcompare: slot::richcompare(Code::compare),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    tp_getset: entries(&GETSET),
    tp_new: slot::new(Code::construct),
    ..STATIC_TYPE
};
