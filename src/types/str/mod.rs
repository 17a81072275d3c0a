//! `str`: text in the narrowest of three widths, as CPython lays it out.
//!
//! Compact strs (all but instances of subclasses) keep their characters behind the header: ASCII behind
//! [`PyASCIIObject`], the rest behind [`PyCompactUnicodeObject`], which has room for a UTF-8 form that is made
//! when asked for. [`Str::chars`] gives the characters by width; what works on characters is in `types/text`.
//!
//! [`construct`] makes strs of other things, [`sequence`] is what operators do, [`methods`], [`search`] and
//! [`format`] what Python sees by name, [`percent`] the `%` operator, [`codecs`] encoding and decoding,
//! [`registry`] error handlers and codecs of others, [`utf8`] the kept UTF-8 form.

use core::cell::Cell;
use core::ffi::c_char;
use core::fmt;
use core::ptr;

pub mod arguments;
mod build;
pub mod charmap;
pub mod codecs;
mod construct;
pub mod format;
pub mod fs;
pub mod handlers;
pub mod intern;
pub mod iterator;
mod join;
mod methods;
pub mod percent;
pub mod registry;
pub mod search;
mod sequence;
pub mod translate;
mod utf8;

use super::{STATIC_FLAGS, STATIC_TYPE, entries, slot, table};
use crate::ffi::*;
use crate::object::strategy::{self, Singleton};
use crate::object::{Object, Owned, Result, Type};
use crate::runtime::ThreadState;
pub use crate::types::text::Chars;

layout!(Str = PyASCIIObject, PyUnicode_Type, Py_TPFLAGS_UNICODE_SUBCLASS);

// The state word: interned in bits 0–1, kind (bytes a character) in 2–4, compact, ascii, static.
const INTERNED_MASK: u32 = 3;
pub(crate) const INTERNED: u32 = 1;
pub(crate) const INTERNED_IMMORTAL: u32 = 2;
const INTERNED_STATIC: u32 = 3;
const KIND_SHIFT: u32 = 2;
const COMPACT: u32 = 1 << 5;
const ASCII: u32 = 1 << 6;
const STATIC: u32 = 1 << 7;
/// The interpreter's method cache refers to the str; one of CPython's unused bits.
const CACHED: u32 = 1 << 16;

const ASCII_HEADER: usize = size_of::<PyASCIIObject>();
const COMPACT_HEADER: usize = size_of::<PyCompactUnicodeObject>();

/// A static ASCII str of up to 39 characters.
#[repr(C)]
pub struct StaticStr {
    header: PyASCIIObject,
    text: [u8; STATIC_ROOM],
}

const STATIC_ROOM: usize = 40;

// SAFETY: as its header; the text never changes.
unsafe impl Sync for StaticStr {}

impl StaticStr {
    pub const fn new(text: &str) -> StaticStr {
        let bytes = text.as_bytes();
        assert!(bytes.len() < STATIC_ROOM, "a static str is short");
        let mut room = [0; STATIC_ROOM];
        let mut i = 0;
        while i < bytes.len() {
            assert!(bytes[i] < 0x80, "a static str is ASCII");
            room[i] = bytes[i];
            i += 1;
        }
        StaticStr { header: static_header(bytes.len(), ASCII), text: room }
    }

    #[inline(always)]
    pub fn as_str_object(&self) -> &Str {
        // SAFETY: the header, with the text behind it.
        unsafe { &*ptr::from_ref(self).cast::<Str>() }
    }
}

const fn static_header(length: usize, ascii: u32) -> PyASCIIObject {
    PyASCIIObject {
        ob_base: PyObject::immortal(&raw const PyUnicode_Type),
        length: Cell::new(length as isize),
        hash: Cell::new(-1),
        state: Cell::new(INTERNED_STATIC | 1 << KIND_SHIFT | COMPACT | ascii | STATIC),
    }
}

impl core::ops::Deref for StaticStr {
    type Target = Str;
    #[inline(always)]
    fn deref(&self) -> &Str {
        self.as_str_object()
    }
}

/// A static str of one character from U+0080 to U+00FF, with its UTF-8 form.
#[repr(C)]
struct StaticLatin1 {
    header: PyCompactUnicodeObject,
    text: [u8; 2],
    utf8: [u8; 6],
}

// SAFETY: as its header; the text never changes.
unsafe impl Sync for StaticLatin1 {}

#[unsafe(link_section = "immortal")]
static EMPTY: StaticStr = StaticStr::new("");

#[unsafe(link_section = "immortal")]
static ASCII_CHARS: [StaticStr; 128] = {
    let mut chars = [const { StaticStr::new("") }; 128];
    let mut i = 0;
    while i < 128 {
        chars[i].header.length = Cell::new(1);
        chars[i].text[0] = i as u8;
        i += 1;
    }
    chars
};

#[unsafe(link_section = "immortal")]
static LATIN1_CHARS: [StaticLatin1; 128] = {
    let mut chars = [const { static_latin1(0x80) }; 128];
    let mut i = 0;
    while i < 128 {
        chars[i] = static_latin1(0x80 + i as u8);
        i += 1;
    }
    chars
};

/// The UTF-8 pointer is filled in when the runtime starts: no constant can hold its own address.
const fn static_latin1(c: u8) -> StaticLatin1 {
    StaticLatin1 {
        header: PyCompactUnicodeObject {
            _base: static_header(1, 0),
            utf8_length: Cell::new(0),
            utf8: Cell::new(ptr::null_mut()),
        },
        text: [c, 0],
        utf8: [0xC0 | c >> 6, 0x80 | c & 0x3F, 0, 0, 0, 0],
    }
}

/// Fills in what the compiler cannot: hashes, which depend on the process's seed, and UTF-8 pointers.
/// Gives all static strs, for the table of interned ones.
pub fn finish_statics() -> impl Iterator<Item = &'static Str> {
    for c in &LATIN1_CHARS {
        c.header.utf8.set(c.utf8.as_ptr().cast::<c_char>().cast_mut());
        c.header.utf8_length.set(2);
    }
    super::bytes::finish_statics();
    let statics = static_strs();
    for s in statics.clone() {
        s.hash();
    }
    statics
}

/// All strs in the image.
pub fn static_strs() -> impl Iterator<Item = &'static Str> + Clone {
    let ids = super::identifiers::ALL.iter().map(|s| s.as_str_object());
    let ascii = ASCII_CHARS.iter().map(StaticStr::as_str_object);
    let latin1 = LATIN1_CHARS.iter().map(|c| &c.header._base);
    core::iter::once(EMPTY.as_str_object()).chain(ids).chain(ascii).chain(latin1)
}

impl Str {
    pub fn empty_ref() -> &'static Str {
        strategy::own(Singleton::EmptyStr, &EMPTY).as_str_object()
    }

    pub fn empty() -> Owned<Str> {
        Owned::immortal(Str::empty_ref())
    }

    /// The shared str of one character below U+0100.
    #[inline]
    pub fn latin1_char(c: u8) -> &'static Str {
        if c < 0x80 {
            strategy::own(Singleton::AsciiChars, &ASCII_CHARS)[usize::from(c)].as_str_object()
        } else {
            &strategy::own(Singleton::Latin1Chars, &LATIN1_CHARS)[usize::from(c) - 0x80].header._base
        }
    }

    /// A str of UTF-8 text.
    #[inline]
    pub fn new(ts: &ThreadState, text: &str) -> Result<Owned<Str>> {
        if text.is_ascii() {
            // SAFETY: checked.
            return unsafe { Str::from_ascii(ts, text.as_bytes()) };
        }
        Str::from_wide(ts, text)
    }

    /// A str of ASCII text.
    ///
    /// # Safety
    /// All bytes are below 0x80.
    #[inline]
    pub unsafe fn from_ascii(ts: &ThreadState, text: &[u8]) -> Result<Owned<Str>> {
        match text {
            [] => Ok(Str::empty()),
            [c] => Ok(Owned::immortal(Str::latin1_char(*c))),
            // SAFETY: room for the text, written before anyone sees it.
            _ => unsafe {
                let s = Str::with_size(ts, text.len(), 0x7F)?;
                s.data().cast::<u8>().copy_from_nonoverlapping(text.as_ptr(), text.len());
                Ok(s)
            },
        }
    }

    /// The lead byte grows with the character, and no continuation byte is as large as any lead byte: so the
    /// largest byte tells the width.
    fn from_wide(ts: &ThreadState, text: &str) -> Result<Owned<Str>> {
        let bytes = text.as_bytes();
        let max = match bytes.iter().fold(0, |top: u8, &b| top.max(b)) {
            0..0xC4 => 0xFF,
            0xC4..0xF0 => 0xFFFF,
            _ => 0x10FFFF,
        };
        let n = bytes.iter().filter(|&&b| (b as i8) >= -0x40).count();
        let code_points = text.chars().map(u32::from);
        if let (1, 0xFF, Some(c)) = (n, max, code_points.clone().next()) {
            return Ok(Owned::immortal(Str::latin1_char(c as u8)));
        }
        // SAFETY: every character is written, each fits the width that `max` asks for.
        unsafe {
            let s = Str::with_size(ts, n, max)?;
            let p = s.data();
            match s.kind() {
                1 => code_points.enumerate().for_each(|(i, c)| p.add(i).write(c as u8)),
                2 => code_points.enumerate().for_each(|(i, c)| p.cast::<u16>().add(i).write(c as u16)),
                _ => code_points.enumerate().for_each(|(i, c)| p.cast::<u32>().add(i).write(c)),
            }
            Ok(s)
        }
    }

    /// A str of `n` characters not yet written, none to be above `max_char`. Always a new object, so `n`
    /// should not be 0.
    ///
    /// # Safety
    /// The caller writes all characters before anyone else sees the str.
    pub unsafe fn with_size(ts: &ThreadState, n: usize, max_char: u32) -> Result<Owned<Str>> {
        let (kind, ascii, header) = match max_char {
            0..0x80 => (1, ASCII, ASCII_HEADER),
            0x80..0x100 => (1, 0, COMPACT_HEADER),
            0x100..0x10000 => (2, 0, COMPACT_HEADER),
            _ => (4, 0, COMPACT_HEADER),
        };
        let size = (n + 1).checked_mul(kind).and_then(|s| s.checked_add(header)).filter(|&s| s <= isize::MAX as usize);
        let size = size.ok_or_else(|| ts.no_memory())?;
        // SAFETY: the fields are written here, the characters by the caller.
        unsafe {
            let s = ts.new_object::<Str>(&PyUnicode_Type, size)?;
            s.length.set(n as isize);
            s.hash.set(-1);
            s.state.set((kind as u32) << KIND_SHIFT | COMPACT | ascii);
            if ascii == 0 {
                let wide = &*s.as_ptr().cast::<PyCompactUnicodeObject>();
                wide.utf8_length.set(0);
                wide.utf8.set(ptr::null_mut());
            }
            s.data().cast::<u8>().add(n * kind).write_bytes(0, kind);
            Ok(s)
        }
    }

    /// Writes one character of a str under construction.
    ///
    /// # Safety
    /// `i` is within, `c` fits the width, and nobody else has seen the str.
    #[inline]
    pub unsafe fn write_char(&self, i: usize, c: u32) {
        // SAFETY: the caller's promise.
        unsafe {
            match self.kind() {
                1 => self.data().cast::<u8>().add(i).write(c as u8),
                2 => self.data().cast::<u16>().add(i).write(c as u16),
                _ => self.data().cast::<u32>().add(i).write(c),
            }
        }
    }

    /// Length in characters.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.length.get() as usize
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    pub fn is_ascii(&self) -> bool {
        self.state.get() & ASCII != 0
    }

    /// Bytes a character: 1, 2 or 4.
    #[inline(always)]
    pub fn kind(&self) -> u32 {
        self.state.get() >> KIND_SHIFT & 7
    }

    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.state.get() & INTERNED_MASK != 0
    }

    /// The method cache refers to this str from now on, and has to forget it when it ends. What is immortal never
    /// ends, and is not written to.
    #[inline]
    pub fn set_cached(&self) {
        if !self.is_immortal() {
            self.state.set(self.state.get() | CACHED);
        }
    }

    pub(super) fn set_interned(&self, how: u32) {
        self.state.set(self.state.get() & !INTERNED_MASK | how);
    }

    /// The characters, wherever they are.
    #[inline(always)]
    pub fn data(&self) -> *mut u8 {
        let p = self.as_ptr().cast::<u8>();
        let state = self.state.get();
        // SAFETY: within the object, by its state.
        unsafe {
            if state & COMPACT == 0 {
                (*p.cast::<PyUnicodeObject>()).data.get().cast()
            } else if state & ASCII != 0 {
                p.add(ASCII_HEADER)
            } else {
                p.add(COMPACT_HEADER)
            }
        }
    }

    #[inline]
    pub fn chars(&self) -> Chars<'_> {
        let (p, n) = (self.data(), self.len());
        // SAFETY: so many characters of that width are there.
        unsafe {
            match self.kind() {
                1 => Chars::One(core::slice::from_raw_parts(p, n)),
                2 => Chars::Two(core::slice::from_raw_parts(p.cast(), n)),
                _ => Chars::Four(core::slice::from_raw_parts(p.cast(), n)),
            }
        }
    }

    /// The text, if it is ASCII.
    #[inline]
    pub fn as_ascii(&self) -> Option<&str> {
        if !self.is_ascii() {
            return None;
        }
        // SAFETY: ASCII is UTF-8.
        Some(unsafe { core::str::from_utf8_unchecked(core::slice::from_raw_parts(self.data(), self.len())) })
    }

    /// The same where it stands right behind the header, as in all but instances of subclasses.
    #[inline(always)]
    pub fn as_compact_ascii(&self) -> Option<&str> {
        if self.state.get() & (COMPACT | ASCII) != COMPACT | ASCII {
            return None;
        }
        // SAFETY: ASCII is UTF-8; as many bytes follow the header.
        Some(unsafe {
            let text = self.as_ptr().cast::<u8>().add(ASCII_HEADER);
            core::str::from_utf8_unchecked(core::slice::from_raw_parts(text, self.len()))
        })
    }

    /// The characters as code points.
    pub fn code_points(&self) -> impl DoubleEndedIterator<Item = u32> + '_ {
        self.chars().iter()
    }

    #[inline]
    pub fn equals(&self, other: &Str) -> bool {
        if ptr::eq(self, other) {
            return true;
        }
        if self.len() != other.len() || self.kind() != other.kind() {
            return false;
        }
        let bytes = self.len() * self.kind() as usize;
        // SAFETY: both have that many bytes.
        unsafe { core::slice::from_raw_parts(self.data(), bytes) == core::slice::from_raw_parts(other.data(), bytes) }
    }

    pub fn equals_text(&self, text: &str) -> bool {
        match self.as_ascii() {
            Some(ascii) => ascii == text,
            None => self.code_points().eq(text.chars().map(u32::from)),
        }
    }

    /// Bytes in memory, the UTF-8 form and a subclass's own block included.
    pub fn size_of(&self) -> usize {
        let state = self.state.get();
        let text = (self.len() + 1) * self.kind() as usize;
        if state & COMPACT != 0 && state & ASCII != 0 {
            return ASCII_HEADER + text;
        }
        // SAFETY: what is not compact ASCII has the wider header.
        let wide = unsafe { &*self.as_ptr().cast::<PyCompactUnicodeObject>() };
        let header = if state & COMPACT != 0 { COMPACT_HEADER } else { size_of::<PyUnicodeObject>() };
        let utf8 = wide.utf8.get();
        let kept = !utf8.is_null() && state & ASCII == 0;
        header + text + if kept { wide.utf8_length.get() as usize + 1 } else { 0 }
    }

    /// The hash, made once.
    #[inline(always)]
    pub fn hash(&self) -> isize {
        let hash = self.hash.get();
        if hash != -1 { hash } else { self.make_hash() }
    }

    #[cold]
    #[inline(never)]
    fn make_hash(&self) -> isize {
        let bytes = self.len() * self.kind() as usize;
        // SAFETY: the characters' bytes.
        let hash = super::hash::hash_bytes(unsafe { core::slice::from_raw_parts(self.data(), bytes) });
        self.hash.set(hash);
        hash
    }

    fn drop_text(ts: &ThreadState, this: &Str) {
        if this.is_interned() {
            ts.interp().interned().remove(this);
        }
        let state = this.state.get();
        if state & CACHED != 0 {
            ts.interp().forget_cached(this);
        }
        if state & ASCII != 0 && state & COMPACT != 0 {
            return;
        }
        // SAFETY: both blocks, where there are any, are the str's own.
        unsafe {
            let wide = &*this.as_ptr().cast::<PyCompactUnicodeObject>();
            let data = if state & COMPACT == 0 {
                (*this.as_ptr().cast::<PyUnicodeObject>()).data.get().cast::<u8>()
            } else {
                ptr::null_mut()
            };
            let utf8 = wide.utf8.get().cast::<u8>();
            if !utf8.is_null() && utf8 != data {
                ts.free(utf8);
            }
            if !data.is_null() {
                ts.free(data);
            }
        }
    }
}

/// The text, lone surrogates shown as escapes.
impl fmt::Display for PyASCIIObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = self.as_ascii() {
            return f.write_str(text);
        }
        for c in self.code_points() {
            match char::from_u32(c) {
                Some(c) => fmt::Write::write_char(f, c)?,
                None => write!(f, "\\u{c:04x}")?,
            }
        }
        Ok(())
    }
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyUnicode_Type: Type = Type {
    tp_name: c"str".as_ptr(),
    tp_basicsize: size_of::<PyUnicodeObject>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_UNICODE_SUBCLASS | _Py_TPFLAGS_MATCH_SELF),
    tp_doc: Cell::new(
        c"str(object='')\nstr(bytes_or_buffer[, encoding[, errors]])\n\n\
          A text: what an object says of itself, or what bytes stand for in an encoding."
            .as_ptr(),
    ),
    tp_dealloc: slot::dealloc(Str::drop_text),
    tp_repr: slot::unary(repr),
    tp_str: slot::unary(Str::unchanged),
    tp_hash: slot::hash(sequence::hash),
    tp_richcompare: slot::richcompare(sequence::compare),
    tp_iter: slot::unary(iterator::new),
    tp_as_number: Cell::new(table(&sequence::AS_NUMBER)),
    tp_as_sequence: Cell::new(table(&sequence::AS_SEQUENCE)),
    tp_as_mapping: Cell::new(table(&sequence::AS_MAPPING)),
    tp_methods: entries(&methods::METHODS),
    tp_new: slot::new(construct::new_slot),
    tp_vectorcall: slot::vectorcall(construct::call),
    ..STATIC_TYPE
};

fn repr(ts: &ThreadState, this: &Str) -> Result<Owned<Str>> {
    Str::build(ts, |out| super::text::repr::repr(this.chars(), out))
}

/// As an object, for callers that hold a static one.
pub fn object(s: &'static Str) -> &'static Object {
    s
}
