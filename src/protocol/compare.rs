//! The six comparisons.

use core::cmp::Ordering;
use core::ffi::c_int;

use crate::object::Result;
use crate::runtime::ThreadState;
use crate::types::exceptions::SYSTEM_ERROR;

/// `Py_LT` … `Py_GE`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(i32)]
pub enum CompareOp {
    Lt = 0,
    Le = 1,
    Eq = 2,
    Ne = 3,
    Gt = 4,
    Ge = 5,
}

/// Each comparison with the operands exchanged, for C.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
pub static _Py_SwappedOp: [CompareOp; 6] =
    [CompareOp::Gt, CompareOp::Ge, CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le];

impl CompareOp {
    #[inline(always)]
    pub fn from_c(ts: &ThreadState, op: c_int) -> Result<CompareOp> {
        use CompareOp::*;
        match op {
            0 => Ok(Lt),
            1 => Ok(Le),
            2 => Ok(Eq),
            3 => Ok(Ne),
            4 => Ok(Gt),
            5 => Ok(Ge),
            _ => Err(ts.raise_str(&SYSTEM_ERROR, "bad internal call")),
        }
    }

    /// With the operands exchanged: `a < b` is `b > a`.
    pub fn swapped(self) -> CompareOp {
        _Py_SwappedOp[self as usize]
    }

    pub fn symbol(self) -> &'static str {
        ["<", "<=", "==", "!=", ">", ">="][self as usize]
    }

    /// What the comparison says about operands in this order.
    #[inline]
    pub fn of(self, ordering: Ordering) -> bool {
        use CompareOp::*;
        match self {
            Lt => ordering.is_lt(),
            Le => ordering.is_le(),
            Eq => ordering.is_eq(),
            Ne => ordering.is_ne(),
            Gt => ordering.is_gt(),
            Ge => ordering.is_ge(),
        }
    }
}
