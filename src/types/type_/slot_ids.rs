//! Slot numbers and the places in a type that they mean.

use core::mem::offset_of;

use crate::ffi::slots::*;
use crate::ffi::*;

/// The number that 3.15 gives a slot which older limited APIs number otherwise.
pub fn modern(id: u16) -> u16 {
    match id {
        OLD_Py_bf_getbuffer => Py_bf_getbuffer,
        OLD_Py_bf_releasebuffer => Py_bf_releasebuffer,
        OLD_Py_mp_ass_subscript => Py_mp_ass_subscript,
        OLD_Py_mp_length => Py_mp_length,
        other => other,
    }
}

/// What a function in a field of that type gives.
#[cfg(feature = "ledger")]
fn gives_of<F: Field>(_field: impl FnOnce(&PyHeapTypeObject) -> &F) -> crate::runtime::ledger::Gives {
    F::GIVES
}

/// The type of a slot's field.
#[cfg(feature = "ledger")]
trait Field {
    const GIVES: crate::runtime::ledger::Gives;
}

#[cfg(feature = "ledger")]
impl<F: crate::runtime::ledger::Function> Field for Slot<F> {
    const GIVES: crate::runtime::ledger::Gives = F::GIVES;
}

/// A table is no function.
#[cfg(feature = "ledger")]
impl<T> Field for *mut T {
    const GIVES: crate::runtime::ledger::Gives = crate::runtime::ledger::Gives::Nothing;
}

/// ```ignore
/// places! { ht_type: Py_tp_repr tp_repr; as_number: Py_nb_add nb_add; }
/// ```
macro_rules! places {
    ($($part:ident: $($id:ident $slot:ident),*;)*) => {
        /// Where in `PyHeapTypeObject` a function slot stands.
        pub fn offset(id: u16) -> Option<usize> {
            Some(match id {
                $($($id => offset_of!(PyHeapTypeObject, $part.$slot),)*)*
                _ => return None,
            })
        }

        /// What the result of a slot's function is, by its type.
        #[cfg(feature = "ledger")]
        fn function_gives(id: u16) -> Option<crate::runtime::ledger::Gives> {
            Some(match id {
                $($($id => gives_of(|ty: &PyHeapTypeObject| &ty.$part.$slot),)*)*
                _ => return None,
            })
        }

        fn function_name(id: u16) -> Option<&'static str> {
            Some(match id {
                $($($id => stringify!($id),)*)*
                _ => return None,
            })
        }
    };
}

places! {
    ht_type: Py_tp_alloc tp_alloc, Py_tp_call tp_call, Py_tp_clear tp_clear, Py_tp_dealloc tp_dealloc,
        Py_tp_del tp_del, Py_tp_descr_get tp_descr_get, Py_tp_descr_set tp_descr_set, Py_tp_getattr tp_getattr,
        Py_tp_getattro tp_getattro, Py_tp_hash tp_hash, Py_tp_init tp_init, Py_tp_is_gc tp_is_gc,
        Py_tp_iter tp_iter, Py_tp_iternext tp_iternext, Py_tp_methods tp_methods, Py_tp_new tp_new,
        Py_tp_repr tp_repr, Py_tp_richcompare tp_richcompare, Py_tp_setattr tp_setattr,
        Py_tp_setattro tp_setattro, Py_tp_str tp_str, Py_tp_traverse tp_traverse, Py_tp_getset tp_getset,
        Py_tp_free tp_free, Py_tp_finalize tp_finalize, Py_tp_vectorcall tp_vectorcall;
    as_async: Py_am_await am_await, Py_am_aiter am_aiter, Py_am_anext am_anext, Py_am_send am_send;
    as_buffer: Py_bf_getbuffer bf_getbuffer, Py_bf_releasebuffer bf_releasebuffer;
    as_mapping: Py_mp_subscript mp_subscript, Py_mp_ass_subscript mp_ass_subscript, Py_mp_length mp_length;
    as_sequence: Py_sq_ass_item sq_ass_item, Py_sq_concat sq_concat, Py_sq_contains sq_contains,
        Py_sq_inplace_concat sq_inplace_concat, Py_sq_inplace_repeat sq_inplace_repeat, Py_sq_item sq_item,
        Py_sq_length sq_length, Py_sq_repeat sq_repeat;
    as_number: Py_nb_absolute nb_absolute, Py_nb_add nb_add, Py_nb_and nb_and, Py_nb_bool nb_bool,
        Py_nb_divmod nb_divmod, Py_nb_float nb_float, Py_nb_floor_divide nb_floor_divide, Py_nb_index nb_index,
        Py_nb_inplace_add nb_inplace_add, Py_nb_inplace_and nb_inplace_and,
        Py_nb_inplace_floor_divide nb_inplace_floor_divide, Py_nb_inplace_lshift nb_inplace_lshift,
        Py_nb_inplace_multiply nb_inplace_multiply, Py_nb_inplace_or nb_inplace_or,
        Py_nb_inplace_power nb_inplace_power, Py_nb_inplace_remainder nb_inplace_remainder,
        Py_nb_inplace_rshift nb_inplace_rshift, Py_nb_inplace_subtract nb_inplace_subtract,
        Py_nb_inplace_true_divide nb_inplace_true_divide, Py_nb_inplace_xor nb_inplace_xor, Py_nb_int nb_int,
        Py_nb_invert nb_invert, Py_nb_lshift nb_lshift, Py_nb_multiply nb_multiply, Py_nb_negative nb_negative,
        Py_nb_or nb_or, Py_nb_positive nb_positive, Py_nb_power nb_power, Py_nb_remainder nb_remainder,
        Py_nb_rshift nb_rshift, Py_nb_subtract nb_subtract, Py_nb_true_divide nb_true_divide, Py_nb_xor nb_xor,
        Py_nb_matrix_multiply nb_matrix_multiply, Py_nb_inplace_matrix_multiply nb_inplace_matrix_multiply;
}

/// Lets the runtime enter the functions that a module's type brings through the ledger's thunks.
#[cfg(feature = "ledger")]
pub fn enter_in_ledger(ty: &PyTypeObject) {
    use crate::runtime::ledger;
    for id in 0..=LAST {
        let (Some(offset), Some(gives)) = (offset(id), gives(id, ty)) else { continue };
        if let Some(cell) = super::slotdefs::slot_cell(ty, offset) {
            cell.set(ledger::entry_raw(cell.get(), gives, || {
                format!("{} of {}", name(id).trim_start_matches("Py_"), ty.full_name())
            }));
        }
    }
}

/// See the ledger's own.
#[cfg(not(feature = "ledger"))]
#[inline(always)]
pub fn enter_in_ledger(_ty: &PyTypeObject) {}

/// What a function in the slot gives; `None` where it has no business with references, or there is no function.
#[cfg(feature = "ledger")]
fn gives(id: u16, ty: &PyTypeObject) -> Option<crate::runtime::ledger::Gives> {
    use crate::runtime::ledger::Gives;
    match id {
        Py_tp_methods | Py_tp_getset | Py_tp_traverse | Py_tp_free | Py_tp_is_gc => None,
        Py_bf_getbuffer => Some(Gives::View),
        Py_am_send => Some(Gives::Sent),
        Py_tp_dealloc if ty.tp_flags.get() & Py_TPFLAGS_HEAPTYPE != 0 => Some(Gives::End),
        _ => function_gives(id),
    }
}

macro_rules! names {
    ($($id:ident)*) => {
        /// A slot's name, for messages.
        pub fn name(id: u16) -> &'static str {
            match id {
                $($id => stringify!($id),)*
                _ => function_name(id).unwrap_or("Py_slot_invalid"),
            }
        }
    };
}

names! {
    Py_slot_end Py_tp_base Py_tp_bases Py_tp_doc Py_tp_members Py_tp_token Py_mod_create Py_mod_exec
    Py_mod_multiple_interpreters Py_mod_gil Py_slot_subslots Py_tp_slots Py_mod_slots Py_tp_name Py_tp_basicsize
    Py_tp_extra_basicsize Py_tp_itemsize Py_tp_flags Py_mod_name Py_mod_doc Py_mod_state_size Py_mod_methods
    Py_mod_state_traverse Py_mod_state_clear Py_mod_state_free Py_tp_metaclass Py_tp_module Py_mod_abi Py_mod_token
}

/// The highest slot number there is.
pub const LAST: u16 = Py_mod_token;
