//! `traceback`: where an exception passed through.
//!
//! The runtime runs no Python code, so it has no frames, and nothing here makes a traceback. The type exists
//! for what is handed in and for what asks about it.

use core::cell::Cell;

use super::{Dict, STATIC_FLAGS, STATIC_TYPE, Tuple, slot};
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Signature, with_tuple_and_dict};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::singletons;

pub fn is_traceback(object: &Object) -> bool {
    core::ptr::eq(object.ty(), &PyTraceBack_Type)
}

static NEW: Signature = Signature {
    name: "traceback",
    params: &["tb_next", "tb_frame", "tb_lasti", "tb_lineno"],
    required: 4,
    max_positional: 4,
};

/// `traceback(tb_next, tb_frame, tb_lasti, tb_lineno)`: there is no frame to give it.
fn new(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    with_tuple_and_dict(ts, args, kwargs, |args| -> Result<Owned<Object>> {
        let [next, frame, ..]: [Option<&Object>; 4] = NEW.bind(ts, args)?;
        if let Some(next) = next.filter(|n| !singletons::is_none(*n) && !is_traceback(n)) {
            let name = next.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("expected traceback object or None, got '{name}'")));
        }
        let name = frame.map_or("NoneType", |f| f.ty().full_name());
        Err(ts.raise(&TYPE_ERROR, format_args!("traceback() argument 'tb_frame' must be frame, not {name}")))
    })
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyTraceBack_Type: Type = Type {
    tp_name: c"traceback".as_ptr(),
    tp_basicsize: size_of::<Object>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS),
    tp_doc: Cell::new(
        c"traceback(tb_next, tb_frame, tb_lasti, tb_lineno)\n--\n\nWhere an exception passed through.".as_ptr(),
    ),
    tp_new: slot::new(new),
    ..STATIC_TYPE
};
