//! `PyBytes_FromFormat`: fewer conversions, widths and flags passed over, and the rest of the format copied as it is
//! from the first conversion that is none.

use core::ffi::{CStr, c_char};
use std::io::Write;

use smallvec::SmallVec;

use crate::format::cursor::Cursor;
use crate::format::va::VaSource;
use crate::object::{Owned, Result};
use crate::runtime::ThreadState;
use crate::types::Bytes;
use crate::types::exceptions::OVERFLOW_ERROR;

type Buf = SmallVec<[u8; 256]>;

/// # Safety
/// `va` holds what the format asks for.
pub unsafe fn format_bytes<V: VaSource>(ts: &ThreadState, mut format: Cursor<'_>, va: &mut V) -> Result<Owned<Bytes>> {
    let mut out = Buf::new();
    loop {
        let start = format;
        while !matches!(format.peek(), 0 | b'%') {
            format.skip();
        }
        append(ts, &mut out, start.bytes_until(format))?;
        if format.peek() == 0 {
            break;
        }
        let start = format;
        format.skip();
        // SAFETY: the caller's promise.
        if !unsafe { one(ts, &mut format, va, &mut out)? } {
            append(ts, &mut out, start.rest().to_bytes())?;
            break;
        }
    }
    Bytes::new(ts, &out)
}

fn append(ts: &ThreadState, out: &mut Buf, bytes: &[u8]) -> Result<()> {
    out.try_reserve(bytes.len()).map_err(|_| ts.no_memory())?;
    out.extend_from_slice(bytes);
    Ok(())
}

/// # Safety
/// `va` holds what the conversion asks for.
unsafe fn one<V: VaSource>(ts: &ThreadState, format: &mut Cursor<'_>, va: &mut V, out: &mut Buf) -> Result<bool> {
    while format.peek().is_ascii_digit() {
        format.skip();
    }
    let mut precision = 0usize;
    if format.eat(b'.') {
        while format.peek().is_ascii_digit() {
            precision = precision.saturating_mul(10).saturating_add(usize::from(format.take() - b'0'));
        }
    }
    while format.peek() != 0 && format.peek() != b'%' && !format.peek().is_ascii_alphabetic() {
        format.skip();
    }
    // `l` and `z` go with `d` and `u` only.
    let modifier = *format;
    let wide = (format.eat(b'l') || format.eat(b'z')) && matches!(format.peek(), b'd' | b'u');
    if !wide {
        *format = modifier;
    }
    let letter = format.take();
    let mut number = |value: core::fmt::Arguments<'_>| {
        let mut room = [0u8; 32];
        let len = {
            let mut rest = &mut room[..];
            let _fits = rest.write_fmt(value);
            32 - rest.len()
        };
        append(ts, out, &room[..len])
    };
    match letter {
        b'd' if wide => number(format_args!("{}", va.long()))?,
        b'u' if wide => number(format_args!("{}", va.long() as u64))?,
        b'd' | b'i' => number(format_args!("{}", va.int()))?,
        b'u' => number(format_args!("{}", va.int() as u32))?,
        b'x' => number(format_args!("{:x}", va.int()))?,
        b'p' => match va.pointer().addr() {
            0 => append(ts, out, b"0x(nil)")?,
            address => number(format_args!("{address:#x}"))?,
        },
        b'c' => match u8::try_from(va.int()) {
            Ok(byte) => append(ts, out, &[byte])?,
            Err(_) => {
                let message = "PyBytes_FromFormatV(): %c format expects an integer in range [0; 255]";
                return Err(ts.raise_str(&OVERFLOW_ERROR, message));
            }
        },
        b's' => {
            let text = va.ptr::<c_char>();
            // SAFETY: [cstr] the format says so, or that it is as long as the precision.
            let bytes = unsafe {
                match precision {
                    0 => CStr::from_ptr(text).to_bytes(),
                    max => core::slice::from_raw_parts(text.cast(), libc::strnlen(text, max)),
                }
            };
            append(ts, out, bytes)?;
        }
        b'%' => append(ts, out, b"%")?,
        _ => return Ok(false),
    }
    Ok(true)
}
