//! Text, bytes and buffers.

use core::ffi::{CStr, c_char};
use core::mem::MaybeUninit;
use core::ptr;

use super::convert::{Converter, put};
use super::{Converted, Failure};
use crate::ffi::*;
use crate::format::va::VaSource;
use crate::object::heap::book::Kind;
use crate::object::{Object, Raised};
use crate::protocol::{buffer, view};
use crate::runtime::ledger;
use crate::types::bytes::content_of;
use crate::types::exceptions::VALUE_ERROR;
use crate::types::singletons::is_none;
use crate::types::str::codecs;
use crate::types::{Bytes, Str};

/// The content of a bytes.
fn bytes_of(arg: &Object) -> Option<&[u8]> {
    arg.downcast::<Bytes>().map(Bytes::as_slice)
}

impl<V: VaSource> Converter<'_, '_, V> {
    /// `s` and `z`, `s#` and `z#`, `s*` and `z*`: text, or bytes for those with a length; None for `z`.
    #[inline]
    pub(super) fn text(&mut self, arg: &Object, or_none: bool) -> Converted {
        let nothing = or_none && is_none(arg);
        match self.format.peek() {
            b'#' => self.sized_text(arg, nothing),
            b'*' => self.text_view(arg, nothing),
            _ if nothing => put!(self, *const c_char, ptr::null()),
            _ => self.plain_text(arg, or_none),
        }
    }

    #[inline]
    fn plain_text(&mut self, arg: &Object, or_none: bool) -> Converted {
        let variable = self.va.ptr::<*const c_char>();
        let Some(text) = arg.downcast::<Str>() else {
            return Err(Failure::must_be(if or_none { "str or None" } else { "str" }, arg));
        };
        let utf8 = text.utf8(self.ts)?;
        if memchr::memchr(0, utf8).is_some() {
            return Err(self.ts.raise_str(&VALUE_ERROR, "embedded null character").into());
        }
        // SAFETY: [out] see `Converter`.
        unsafe { variable.write(utf8.as_ptr().cast()) };
        Ok(())
    }

    fn sized_text(&mut self, arg: &Object, nothing: bool) -> Converted {
        self.format.skip();
        let text = self.va.ptr::<*const c_char>();
        let len = self.va.ptr::<Py_ssize_t>();
        let (data, n) = match arg.downcast::<Str>() {
            _ if nothing => (ptr::null(), 0),
            Some(text) => {
                let utf8 = text.utf8(self.ts)?;
                (utf8.as_ptr(), utf8.len())
            }
            // SAFETY: [out] see `Converter`.
            None => unsafe { self.read_only(arg, text)? },
        };
        // SAFETY: [out] see `Converter`.
        unsafe {
            text.write(data.cast());
            len.write(n as isize);
        }
        Ok(())
    }

    fn text_view(&mut self, arg: &Object, nothing: bool) -> Converted {
        self.format.skip();
        let out = self.va.ptr::<Py_buffer>();
        let (data, len): (*const u8, usize) = match arg.downcast::<Str>() {
            _ if nothing => (ptr::null(), 0),
            Some(text) => {
                let utf8 = text.utf8(self.ts)?;
                (utf8.as_ptr(), utf8.len())
            }
            None => return self.view(arg, out),
        };
        let object = if nothing { None } else { Some(arg) };
        // SAFETY: [out] see `Converter`; the text lives as long as the str, which the view holds.
        unsafe { buffer::fill(self.ts, out, object, data.cast_mut(), len, true, PyBUF_SIMPLE)? };
        if !nothing {
            self.keep_view(out);
        }
        Ok(())
    }

    /// `y`, `y#`, `y*`: bytes and what is like them.
    pub(super) fn bytes(&mut self, arg: &Object) -> Converted {
        if self.format.eat(b'*') {
            let out = self.va.ptr::<Py_buffer>();
            return self.view(arg, out);
        }
        let variable = self.va.ptr::<*const c_char>();
        // SAFETY: [out] see `Converter`.
        let (data, len) = unsafe { self.read_only(arg, variable)? };
        if self.format.eat(b'#') {
            let n = self.va.ptr::<Py_ssize_t>();
            // SAFETY: [out] see `Converter`.
            unsafe { n.write(len as isize) };
        // SAFETY: [span] what the exporter gave.
        } else if len != 0 && memchr::memchr(0, unsafe { core::slice::from_raw_parts(data, len) }).is_some() {
            return Err(self.ts.raise_str(&VALUE_ERROR, "embedded null byte").into());
        }
        Ok(())
    }

    /// The memory of something that need not be told when it is not looked at any more: bytes, or what exports a
    /// buffer and has nothing to do on its release. `variable` gets the address, or NULL if there is none.
    ///
    /// # Safety
    /// `variable` is valid for a write.
    unsafe fn read_only(
        &self,
        arg: &Object,
        variable: *mut *const c_char,
    ) -> core::result::Result<(*const u8, usize), Failure> {
        let span = self.read_only_span(arg);
        // SAFETY: the caller's promise.
        unsafe { variable.write(span.as_ref().map_or(ptr::null(), |(data, _)| data.cast())) };
        span
    }

    fn read_only_span(&self, arg: &Object) -> core::result::Result<(*const u8, usize), Failure> {
        if let Some(bytes) = bytes_of(arg) {
            return Ok((bytes.as_ptr(), bytes.len()));
        }
        if buffer::exporter_of(arg).is_some_and(|procs| procs.bf_releasebuffer.get().is_some()) {
            return Err(Failure::must_be("read-only bytes-like object", arg));
        }
        let mut room = MaybeUninit::<Py_buffer>::zeroed();
        // SAFETY: [out] our own room; filled in when this succeeds.
        unsafe {
            buffer::get(self.ts, arg, room.as_mut_ptr(), PyBUF_SIMPLE)?;
            let mut filled = room.assume_init();
            let span = (filled.buf.cast::<u8>().cast_const(), filled.len as usize);
            buffer::release(&mut filled);
            Ok(span)
        }
    }

    /// A view that the caller releases.
    fn view(&mut self, arg: &Object, out: *mut Py_buffer) -> Converted {
        // SAFETY: [out] see `Converter`; filled in when the first succeeds.
        unsafe {
            buffer::get(self.ts, arg, out, PyBUF_SIMPLE)?;
            if !view::is_contiguous(&*out, b'C') {
                buffer::release(out);
                return Err(Failure::must_be("contiguous buffer", arg));
            }
        }
        self.keep_view(out);
        Ok(())
    }

    /// The caller has the view, and releases it unless a later item fails.
    fn keep_view(&mut self, out: *mut Py_buffer) {
        // SAFETY: filled in.
        ledger::handed(unsafe { (*out).obj });
        self.cleanup.view(out);
    }

    /// `w*`: memory to write to.
    pub(super) fn writable(&mut self, arg: &Object) -> Converted {
        if !self.format.eat(b'*') {
            return Err(Failure::format("invalid use of 'w' format character"));
        }
        let out = self.va.ptr::<Py_buffer>();
        // SAFETY: [out] see `Converter`.
        if unsafe { buffer::get(self.ts, arg, out, PyBUF_WRITABLE) }.is_err() {
            self.ts.error.clear();
            return Err(Failure::must_be("read-write bytes-like object", arg));
        }
        // SAFETY: filled in just now.
        unsafe {
            if !view::is_contiguous(&*out, b'C') {
                buffer::release(out);
                return Err(Failure::must_be("contiguous buffer", arg));
            }
        }
        self.keep_view(out);
        Ok(())
    }

    /// `es`, `et`, `es#`, `et#`: text in an encoding, in memory that the caller frees or brought.
    pub(super) fn encoded(&mut self, arg: &Object) -> Converted {
        let encoding = self.va.ptr::<c_char>();
        let raw = match self.format.peek() {
            b's' => false,
            b't' => true,
            _ => return Err(Failure::format("unknown parser marker combination")),
        };
        self.format.skip();
        let buffer = self.va.ptr::<*mut c_char>();
        if buffer.is_null() {
            return Err(Failure::format("buffer is NULL"));
        }
        let sized = self.format.eat(b'#');
        let len = if sized { self.va.ptr::<Py_ssize_t>() } else { ptr::null_mut() };
        let owned;
        let bytes = match (content_of(arg).filter(|_| raw), arg.downcast::<Str>()) {
            (Some((_, content)), _) => content,
            (None, Some(text)) => {
                // SAFETY: [cstr] NULL or an encoding's name.
                let name = if encoding.is_null() { c"utf-8" } else { unsafe { CStr::from_ptr(encoding) } };
                let name = name.to_string_lossy();
                owned = codecs::encode(self.ts, text, Some(&*name), None)?;
                owned.as_slice()
            }
            (None, None) => {
                let expected = if raw { "str, bytes or bytearray" } else { "str" };
                return Err(Failure::must_be(expected, arg));
            }
        };
        if sized && len.is_null() {
            return Err(Failure::format("buffer_len is NULL"));
        }
        if !sized && memchr::memchr(0, bytes).is_some() {
            return Err(Failure::must_be("encoded string without null bytes", arg));
        }
        // SAFETY: [out] see `Converter`.
        unsafe { self.hand_over(bytes, buffer, len) }
    }

    /// Copies encoded text into the caller's room, or into new memory where there is none.
    ///
    /// # Safety
    /// Both are valid for a write, `len` may be NULL; otherwise `*buffer` is NULL or has room for `*len` bytes.
    unsafe fn hand_over(&mut self, bytes: &[u8], buffer: *mut *mut c_char, len: *mut Py_ssize_t) -> Converted {
        // SAFETY: the caller's promise.
        unsafe {
            if len.is_null() || (*buffer).is_null() {
                let room = self.ts.heap().alloc_as(Kind::Raw, bytes.len() + 1);
                if room.is_null() {
                    return Err(self.ts.no_memory().into());
                }
                buffer.write(room.cast());
                self.cleanup.memory(buffer);
            } else if bytes.len() as isize + 1 > *len {
                let (n, max) = (bytes.len(), *len - 1);
                let raised: Raised =
                    self.ts.raise(&VALUE_ERROR, format_args!("encoded string too long ({n}, maximum length {max})"));
                return Err(raised.into());
            }
            let room = (*buffer).cast::<u8>();
            room.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            room.add(bytes.len()).write(0);
            if !len.is_null() {
                len.write(bytes.len() as isize);
            }
        }
        Ok(())
    }
}
