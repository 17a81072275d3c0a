//! `sys.int_info`, `sys.float_info` and `sys.thread_info`, made when C first asks for them.

use core::ffi::CStr;

use crate::ffi::{PyStructSequence_Desc, PyStructSequence_Field};
use crate::object::{Object, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::int::digits::{DEFAULT_MAX_STR_DIGITS, SHIFT, STR_DIGITS_CHECK_THRESHOLD};
use crate::types::{Float, Int, Str, struct_sequence};

/// What an int is made of.
pub fn int_info(ts: &ThreadState) -> Result {
    let doc = c"sys.int_info\n\nHow ints are represented, as a named tuple.";
    let names = [c"bits_per_digit", c"sizeof_digit", c"default_max_str_digits", c"str_digits_check_threshold"];
    let values = [SHIFT as usize, size_of::<u32>(), DEFAULT_MAX_STR_DIGITS, STR_DIGITS_CHECK_THRESHOLD];
    kept(ts, "int_info", |ts| {
        let values: Result<Vec<_>> = values.iter().map(|&n| Int::from_i64(ts, n as i64).map(Owned::upcast)).collect();
        make(ts, c"sys.int_info", doc, &names, values?)
    })
}

/// What floats there are.
pub fn float_info(ts: &ThreadState) -> Result {
    let doc = c"sys.float_info\n\nWhat C's float.h says of double, as a named tuple.";
    let names = [
        c"max",
        c"max_exp",
        c"max_10_exp",
        c"min",
        c"min_exp",
        c"min_10_exp",
        c"dig",
        c"mant_dig",
        c"epsilon",
        c"radix",
        c"rounds",
    ];
    let int = |n: i32| Int::from_i64(ts, i64::from(n)).map(Owned::upcast);
    let float = |x: f64| Float::new(ts, x).map(Owned::upcast);
    kept(ts, "float_info", |ts| {
        let values = vec![
            float(f64::MAX)?,
            int(f64::MAX_EXP)?,
            int(f64::MAX_10_EXP)?,
            float(f64::MIN_POSITIVE)?,
            int(f64::MIN_EXP)?,
            int(f64::MIN_10_EXP)?,
            int(f64::DIGITS as i32)?,
            int(f64::MANTISSA_DIGITS as i32)?,
            float(f64::EPSILON)?,
            int(f64::RADIX as i32)?,
            // FLT_ROUNDS: to nearest.
            int(1)?,
        ];
        make(ts, c"sys.float_info", doc, &names, values)
    })
}

/// How threads are made: POSIX's, with locks of the runtime's own.
pub fn thread_info(ts: &ThreadState) -> Result {
    let text = |text: &str| Str::new(ts, text).map(Owned::upcast);
    kept(ts, "thread_info", |ts| {
        let values = vec![text("pthread")?, text("futex")?, text(&pthread_version())?];
        let doc = c"sys.thread_info\n\nThe thread implementation, as a named tuple.";
        make(ts, c"sys.thread_info", doc, &[c"name", c"lock", c"version"], values)
    })
}

fn pthread_version() -> String {
    let mut text = [0u8; 64];
    // SAFETY: room for as many bytes as said.
    unsafe { libc::confstr(libc::_CS_GNU_LIBPTHREAD_VERSION, text.as_mut_ptr().cast(), text.len()) };
    CStr::from_bytes_until_nul(&text).map(|text| text.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The attribute of `sys`, made and set if it is not there.
fn kept(ts: &ThreadState, name: &str, make: impl FnOnce(&ThreadState) -> Result) -> Result {
    if let Some(found) = super::get(ts, name) {
        return Ok(found);
    }
    let made = make(ts)?;
    super::set(ts, name, Some(&made))?;
    Ok(made)
}

fn make(
    ts: &ThreadState,
    name: &'static CStr,
    doc: &'static CStr,
    names: &[&'static CStr],
    values: Vec<Owned<Object>>,
) -> Result {
    let field = |name: *const core::ffi::c_char| PyStructSequence_Field { name, doc: core::ptr::null() };
    let mut fields: Vec<_> = names.iter().map(|name| field(name.as_ptr())).collect();
    fields.push(field(core::ptr::null()));
    let n = names.len() as i32;
    let desc =
        PyStructSequence_Desc { name: name.as_ptr(), doc: doc.as_ptr(), fields: fields.as_mut_ptr(), n_in_sequence: n };
    // SAFETY: the texts are static; the fields end with one without a name.
    let ty = unsafe { struct_sequence::new_type(ts, &desc)? };
    // SAFETY: a type was asked for.
    let this = struct_sequence::unfilled(ts, unsafe { ty.cast::<Type>() })?;
    for (i, value) in values.into_iter().enumerate() {
        // SAFETY: as many fields as names and values.
        unsafe { struct_sequence::place(&this, i).write(value.into_raw()) };
    }
    Ok(this.upcast())
}
