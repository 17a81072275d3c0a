//! What Python sees of a complex number by name.

use core::mem::offset_of;

use super::arithmetic::itself;
use super::construct::from_number;
use super::kernel::of;
use super::{Complex, text};
use crate::ffi::*;
use crate::object::{Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::method::{class, noargs, one};
use crate::types::{Float, Tuple, slot};

fn conjugate(ts: &ThreadState, this: &Complex) -> Result<Owned<Complex>> {
    Complex::new(ts, of(this.value().real, -this.value().imag))
}

fn getnewargs(ts: &ThreadState, this: &Complex) -> Result<Owned<Tuple>> {
    let (real, imag) = (Float::new(ts, this.value().real)?, Float::new(ts, this.value().imag)?);
    Tuple::new(ts, &[&real, &imag])
}

pub(super) static METHODS: [PyMethodDef; 6] = [
    class(one::<Type, _, _>(
        c"from_number",
        from_number,
        c"from_number($type, number, /)\n--\n\nThe complex number that a number is. Text is none.",
    )),
    noargs(
        c"conjugate",
        conjugate,
        c"conjugate($self, /)\n--\n\nThe same with the imaginary part's sign turned round.",
    ),
    noargs(c"__complex__", itself, c"__complex__($self, /)\n--\n\nThe number itself, as an exact complex."),
    noargs(c"__getnewargs__", getnewargs, c"__getnewargs__($self, /)\n--\n\n"),
    one(
        c"__format__",
        text::format,
        c"__format__($self, format_spec, /)\n--\n\nThe complex number as text, after a format spec.",
    ),
    slot::METHODS_END,
];

const PARTS: usize = offset_of!(Complex, cval);

pub(super) static MEMBERS: [PyMemberDef; 3] = [
    PyMemberDef {
        doc: c"The real part.".as_ptr(),
        ..slot::member(c"real", Py_T_DOUBLE, PARTS + offset_of!(Py_complex, real), Py_READONLY)
    },
    PyMemberDef {
        doc: c"The imaginary part.".as_ptr(),
        ..slot::member(c"imag", Py_T_DOUBLE, PARTS + offset_of!(Py_complex, imag), Py_READONLY)
    },
    slot::MEMBERS_END,
];
