//! The constants that C asks for by number.

use super::{Int, Str, Tuple, bool as boolean, singletons};
use crate::object::Object;

/// `Py_CONSTANT_NONE` (0) to `Py_CONSTANT_EMPTY_TUPLE` (9).
pub fn by_number(id: u32) -> Option<&'static Object> {
    Some(match id {
        0 => singletons::none_ref(),
        1 => boolean::bool_ref(false),
        2 => boolean::bool_ref(true),
        3 => singletons::ellipsis_ref(),
        4 => singletons::not_implemented_ref(),
        5 => Int::small(0)?,
        6 => Int::small(1)?,
        7 => Str::empty_ref(),
        8 => super::bytes::empty_ref(),
        9 => Tuple::empty_ref(),
        _ => return None,
    })
}
