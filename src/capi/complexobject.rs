//! complexobject.h

use core::ffi::c_double;

use super::required;
use crate::ffi::PyObject;
use crate::runtime::boundary;
use crate::types::Complex;
use crate::types::complex::construct;
use crate::types::complex::kernel::of;

/// The complex number of these parts. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyComplex_FromDoubles(real: c_double, imag: c_double) -> *mut PyObject {
    boundary(|ts| Complex::new(ts, of(real, imag)))
}

/// The real part of a complex number, or of what `__complex__`, `__float__` or `__index__` says.
///
/// -1.0 on failure, which is also a value. `TypeError` for what is no number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyComplex_RealAsDouble(object: *mut PyObject) -> c_double {
    // SAFETY: [live]
    boundary(|ts| Ok(construct::as_complex(ts, unsafe { required(ts, object)? })?.real))
}

/// The imaginary part of a complex number, or of what `__complex__` says; 0.0 of another number.
///
/// -1.0 on failure, which is also a value. `TypeError` for what is no number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyComplex_ImagAsDouble(object: *mut PyObject) -> c_double {
    // SAFETY: [live]
    boundary(|ts| Ok(construct::as_complex(ts, unsafe { required(ts, object)? })?.imag))
}
