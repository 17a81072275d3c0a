//! What Python sees of bytes by name; finding and cutting is in `search`.

use super::{ByteString, Bytes, content_of, search};
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Args, Signature, as_c_int, as_c_ssize};
use crate::protocol::buffer::{Buffer, exporter_of};
use crate::protocol::{call, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::str::arguments::c_text;
use crate::types::str::codecs;
use crate::types::text::bytes as kernels;
use crate::types::text::codec::ByteBuf;
use crate::types::text::layout::{self, Fill};
use crate::types::text::{TextBuf, lines};
use crate::types::{List, Str, Tuple, method, singletons, slot};

/// A new bytes, changed in place by `f` before anyone sees it.
fn mapped<T: ByteString>(ts: &ThreadState, this: &T, f: impl FnOnce(&mut [u8])) -> Result<Owned<T>> {
    T::filled(ts, this.as_slice().len(), |room| {
        room.copy_from_slice(this.as_slice());
        f(room);
    })
}

fn lower<T: ByteString>(ts: &ThreadState, this: &T) -> Result<Owned<T>> {
    mapped(ts, this, <[u8]>::make_ascii_lowercase)
}

fn upper<T: ByteString>(ts: &ThreadState, this: &T) -> Result<Owned<T>> {
    mapped(ts, this, <[u8]>::make_ascii_uppercase)
}

fn swapcase<T: ByteString>(ts: &ThreadState, this: &T) -> Result<Owned<T>> {
    mapped(ts, this, kernels::make_swapped)
}

fn capitalize<T: ByteString>(ts: &ThreadState, this: &T) -> Result<Owned<T>> {
    mapped(ts, this, kernels::make_capitalized)
}

fn title<T: ByteString>(ts: &ThreadState, this: &T) -> Result<Owned<T>> {
    mapped(ts, this, kernels::make_title)
}

fn isalnum<T: ByteString>(_ts: &ThreadState, this: &T) -> Result<bool> {
    Ok(kernels::all_are(this.as_slice(), u8::is_ascii_alphanumeric))
}

fn isalpha<T: ByteString>(_ts: &ThreadState, this: &T) -> Result<bool> {
    Ok(kernels::all_are(this.as_slice(), u8::is_ascii_alphabetic))
}

fn isascii<T: ByteString>(_ts: &ThreadState, this: &T) -> Result<bool> {
    Ok(this.as_slice().is_ascii())
}

fn isdigit<T: ByteString>(_ts: &ThreadState, this: &T) -> Result<bool> {
    Ok(kernels::all_are(this.as_slice(), u8::is_ascii_digit))
}

fn isspace<T: ByteString>(_ts: &ThreadState, this: &T) -> Result<bool> {
    Ok(kernels::all_are(this.as_slice(), kernels::is_space))
}

fn islower<T: ByteString>(_ts: &ThreadState, this: &T) -> Result<bool> {
    Ok(kernels::is_lower(this.as_slice()))
}

fn isupper<T: ByteString>(_ts: &ThreadState, this: &T) -> Result<bool> {
    Ok(kernels::is_upper(this.as_slice()))
}

fn istitle<T: ByteString>(_ts: &ThreadState, this: &T) -> Result<bool> {
    Ok(kernels::is_title(this.as_slice()))
}

fn to_bytes(ts: &ThreadState, this: &Bytes) -> Result<Owned<Bytes>> {
    Bytes::unchanged(ts, this)
}

fn getnewargs(ts: &ThreadState, this: &Bytes) -> Result<Owned<Tuple>> {
    Tuple::new(ts, &[&*Bytes::new(ts, this.as_slice())?])
}

static DECODE: Signature =
    Signature { name: "decode", params: &["encoding", "errors"], required: 0, max_positional: 2 };

fn decode<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result {
    let [encoding, errors] = DECODE.bind(ts, args)?;
    let encoding = encoding.map(|o| c_text(ts, "decode", "argument 'encoding'", o)).transpose()?;
    let errors = errors.map(|o| c_text(ts, "decode", "argument 'errors'", o)).transpose()?;
    Ok(codecs::decode_buffer_or_refuse(ts, this.as_object(), encoding.as_deref(), errors.as_deref())?.upcast())
}

fn center<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<T>> {
    justify(ts, this, "center", args, Fill::Both)
}

fn ljust<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<T>> {
    justify(ts, this, "ljust", args, Fill::Right)
}

fn rjust<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<T>> {
    justify(ts, this, "rjust", args, Fill::Left)
}

fn justify<T: ByteString>(ts: &ThreadState, this: &T, name: &str, args: Args<'_>, side: Fill) -> Result<Owned<T>> {
    args.expect_positional(ts, name, 1, 2)?;
    let width = as_c_ssize(ts, args.positional[0])?;
    let fill = args.get(1).map_or(Ok(b' '), |fill| fill_byte(ts, name, fill))?;
    let Some(padding) = layout::padding(this.as_slice().len(), width, side) else { return T::unchanged(ts, this) };
    let mut out = TextBuf::new();
    ts.allocated(layout::pad(this.chars(), padding, fill.into(), &mut out))?;
    T::make(ts, out.view().as_bytes())
}

fn fill_byte(ts: &ThreadState, function: &str, fill: &Object) -> Result<u8> {
    let Some((kind, content)) = content_of(fill) else {
        return Err(crate::protocol::args::bad_argument(ts, function, "argument 2", "a byte string of length 1", fill));
    };
    match *content {
        [byte] => Ok(byte),
        _ => Err(ts.raise(
            &TYPE_ERROR,
            format_args!(
                "{function}(): argument 2 must be a byte string of length 1, not a {kind} object of length {}",
                content.len()
            ),
        )),
    }
}

fn zfill<T: ByteString>(ts: &ThreadState, this: &T, width: &Object) -> Result<Owned<T>> {
    let width = as_c_ssize(ts, width)?;
    if width <= this.as_slice().len() as isize {
        return T::unchanged(ts, this);
    }
    let mut out = TextBuf::new();
    ts.allocated(layout::zero_fill(this.chars(), width, &mut out))?;
    T::make(ts, out.view().as_bytes())
}

static EXPANDTABS: Signature = Signature { name: "expandtabs", params: &["tabsize"], required: 0, max_positional: 1 };

fn expandtabs<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<T>> {
    let [size] = EXPANDTABS.bind(ts, args)?;
    let size = size.map_or(Ok(8), |s| as_c_int(ts, s))?;
    let mut out = TextBuf::new();
    if lines::expand_tabs(this.chars(), size.max(0) as usize, &mut out).is_err() {
        return Err(ts.raise_str(&OVERFLOW_ERROR, "result too long"));
    }
    T::make(ts, out.view().as_bytes())
}

fn join<T: ByteString>(ts: &ThreadState, this: &T, iterable: &Object) -> Result<Owned<T>> {
    this.pinned(|separator| join_with(ts, separator, iterable))
}

/// `separator.join(iterable)`.
pub fn join_with<T: ByteString>(ts: &ThreadState, separator: &[u8], iterable: &Object) -> Result<Owned<T>> {
    let items = collect_for_join(ts, iterable)?;
    if let [item] = &items[..]
        && let Some(same) = T::reused(item)
    {
        return Ok(same);
    }
    let mut buffers = Vec::new();
    buffers.try_reserve_exact(items.len()).map_err(|_| ts.no_memory())?;
    for (i, item) in items.iter().enumerate() {
        let Ok(buffer) = Buffer::simple(ts, item) else {
            let name = item.ty().short_name();
            return Err(
                ts.raise(&TYPE_ERROR, format_args!("sequence item {i}: expected a bytes-like object, {name} found"))
            );
        };
        buffers.push(buffer);
    }
    let mut total = separator.len().checked_mul(buffers.len().saturating_sub(1));
    for buffer in &buffers {
        total = total.and_then(|t| t.checked_add(buffer.as_slice().len()));
    }
    let Some(total) = total.filter(|&t| t <= isize::MAX as usize) else {
        return Err(ts.raise_str(&OVERFLOW_ERROR, "join() result is too long"));
    };
    T::filled(ts, total, |room| {
        let mut at = 0;
        for (i, buffer) in buffers.iter().enumerate() {
            for piece in [if i == 0 { &[][..] } else { separator }, buffer.as_slice()] {
                room[at..at + piece.len()].copy_from_slice(piece);
                at += piece.len();
            }
        }
    })
}

fn collect_for_join(ts: &ThreadState, iterable: &Object) -> Result<Vec<Owned<Object>>> {
    if let Some(list) = iterable.downcast_exact::<List>() {
        return Ok(list.as_slice().iter().map(|&i| Owned::new(i)).collect());
    }
    if iterable.downcast_exact::<Tuple>().is_none()
        && let Err(raised) = sequence::iter(ts, iterable).map(drop)
    {
        return Err(if ts.raised_is(&TYPE_ERROR) {
            ts.raise_str(&TYPE_ERROR, "can only join an iterable")
        } else {
            raised
        });
    }
    sequence::collect(ts, iterable)
}

static TRANSLATE: Signature = Signature { name: "translate", params: &["", "delete"], required: 1, max_positional: 2 };

fn translate<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<T>> {
    let [table, delete] = TRANSLATE.bind(ts, args)?;
    let table = table.filter(|t| !singletons::is_none(*t)).map(|t| Buffer::simple(ts, t)).transpose()?;
    let table: Option<&[u8; 256]> = match &table {
        None => None,
        Some(buffer) => Some(
            buffer
                .as_slice()
                .try_into()
                .map_err(|_| ts.raise_str(&VALUE_ERROR, "translation table must be 256 characters long"))?,
        ),
    };
    let delete = delete.map(|d| Buffer::simple(ts, d)).transpose()?;
    let delete = delete.as_ref().map_or(&[][..], Buffer::as_slice);
    let mut out = ByteBuf::new();
    ts.allocated(kernels::translate(this.as_slice(), table, delete, &mut out))?;
    if this.as_slice() == &out[..] {
        return T::unchanged(ts, this);
    }
    T::make(ts, &out)
}

fn maketrans<T: ByteString>(ts: &ThreadState, args: Args<'_>) -> Result<Owned<Bytes>> {
    args.no_keywords(ts, T::MAKETRANS)?;
    args.expect_positional(ts, "maketrans", 2, 2)?;
    let (from, to) = (Buffer::simple(ts, args.positional[0])?, Buffer::simple(ts, args.positional[1])?);
    match kernels::make_table(from.as_slice(), to.as_slice()) {
        Some(table) => Bytes::new(ts, &table),
        None => Err(ts.raise_str(&VALUE_ERROR, "maketrans arguments must have same length")),
    }
}

static HEX: Signature = Signature { name: "hex", params: &["sep", "bytes_per_sep"], required: 0, max_positional: 2 };

fn hex<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<Str>> {
    hex_of(ts, this.as_slice(), args)
}

/// `hex(sep, bytes_per_sep)` of anything that is made of bytes.
pub fn hex_of(ts: &ThreadState, content: &[u8], args: Args<'_>) -> Result<Owned<Str>> {
    let [separator, group] = HEX.bind(ts, args)?;
    let group = group.map_or(Ok(1), |g| as_c_ssize(ts, g))?;
    let separator = separator.map(|s| hex_separator(ts, s)).transpose()?;
    Str::build(ts, |out| kernels::hex(content, separator, group, out))
}

fn hex_separator(ts: &ThreadState, separator: &Object) -> Result<u8> {
    if sequence::len(ts, separator)? != 1 {
        return Err(ts.raise_str(&VALUE_ERROR, "sep must be length 1."));
    }
    let chars = match (separator.downcast::<Str>(), separator.downcast::<Bytes>()) {
        (Some(text), _) => text.chars(),
        (_, Some(bytes)) => bytes.chars(),
        _ => return Err(ts.raise_str(&TYPE_ERROR, "sep must be str or bytes.")),
    };
    kernels::separator(chars).map_err(|message| ts.raise_str(&VALUE_ERROR, message))
}

fn fromhex<T: ByteString>(ts: &ThreadState, ty: &Type, text: &Object) -> Result {
    let mut out = ByteBuf::new();
    let read = if let Some(text) = text.downcast::<Str>() {
        kernels::from_hex_str(text.chars(), &mut out)
    } else if exporter_of(text).is_some() {
        let buffer = Buffer::simple(ts, text)?;
        kernels::from_hex(crate::types::text::Chars::One(buffer.as_slice()), &mut out)
    } else {
        let name = text.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("fromhex() argument must be str or bytes-like, not {name}")));
    };
    match read {
        Ok(()) => {}
        Err(kernels::HexFault::Odd) => {
            let message = "fromhex() arg must contain an even number of hexadecimal digits";
            return Err(ts.raise_str(&VALUE_ERROR, message));
        }
        Err(kernels::HexFault::At(at)) => {
            let message = format_args!("non-hexadecimal number found in fromhex() arg at position {at}");
            return Err(ts.raise(&VALUE_ERROR, message));
        }
        Err(kernels::HexFault::NoMemory) => return Err(ts.no_memory()),
    }
    let made = T::make(ts, &out)?;
    if core::ptr::eq(ty, T::class()) {
        return Ok(made.upcast());
    }
    call::call(ts, ty.as_object(), &[made.as_object()])
}

/// What bytes and bytearray have in common.
pub const fn shared<T: ByteString>() -> [PyMethodDef; SHARED] {
    [
        method::noargs(c"capitalize", capitalize::<T>, c"capitalize($self, /)\n--\n\nThe first byte in upper case, the rest in lower case, as far as they are ASCII letters."),
        method::positional(c"center", center::<T>, c"center($self, width, fillchar=b' ', /)\n--\n\nA copy of length width with the content in the middle."),
        method::positional(c"count", search::count::<T>, c"count($self, sub[, start[, end]], /)\n--\n\nHow often sub occurs, without overlap."),
        method::keywords(c"decode", decode::<T>, c"decode($self, /, encoding='utf-8', errors='strict')\n--\n\nThe str that the bytes stand for in an encoding."),
        method::positional(c"endswith", search::endswith::<T>, c"endswith($self, suffix[, start[, end]], /)\n--\n\nWhether the end is suffix, or any suffix of a tuple."),
        method::keywords(c"expandtabs", expandtabs::<T>, c"expandtabs($self, /, tabsize=8)\n--\n\nA copy with spaces up to the next column in place of tabs."),
        method::positional(c"find", search::find::<T>, c"find($self, sub[, start[, end]], /)\n--\n\nThe lowest index at which sub occurs, or -1."),
        method::class(method::one(c"fromhex", fromhex::<T>, c"fromhex($type, string, /)\n--\n\nBytes from pairs of hexadecimal digits, white space between them ignored.")),
        method::keywords(c"hex", hex::<T>, c"hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\nTwo hexadecimal digits a byte, with sep between groups."),
        method::positional(c"index", search::index::<T>, c"index($self, sub[, start[, end]], /)\n--\n\nThe lowest index at which sub occurs; ValueError if it does not."),
        method::noargs(c"isalnum", isalnum::<T>, c"isalnum($self, /)\n--\n\nWhether all bytes are ASCII letters or digits, and there are any."),
        method::noargs(c"isalpha", isalpha::<T>, c"isalpha($self, /)\n--\n\nWhether all bytes are ASCII letters, and there are any."),
        method::noargs(c"isascii", isascii::<T>, c"isascii($self, /)\n--\n\nWhether all bytes are below 0x80."),
        method::noargs(c"isdigit", isdigit::<T>, c"isdigit($self, /)\n--\n\nWhether all bytes are ASCII digits, and there are any."),
        method::noargs(c"islower", islower::<T>, c"islower($self, /)\n--\n\nWhether there are lower case letters and no upper case ones."),
        method::noargs(c"isspace", isspace::<T>, c"isspace($self, /)\n--\n\nWhether all bytes are ASCII white space, and there are any."),
        method::noargs(c"istitle", istitle::<T>, c"istitle($self, /)\n--\n\nWhether each word begins with its only upper case letter."),
        method::noargs(c"isupper", isupper::<T>, c"isupper($self, /)\n--\n\nWhether there are upper case letters and no lower case ones."),
        method::one(c"join", join::<T>, c"join($self, iterable_of_bytes, /)\n--\n\nThe items one behind the other, with these bytes between them."),
        method::positional(c"ljust", ljust::<T>, c"ljust($self, width, fillchar=b' ', /)\n--\n\nA copy of length width with the content at the left."),
        method::noargs(c"lower", lower::<T>, c"lower($self, /)\n--\n\nA copy with ASCII letters in lower case."),
        method::positional(c"lstrip", search::lstrip::<T>, c"lstrip($self, bytes=None, /)\n--\n\nWithout white space, or any of the given bytes, at the left."),
        method::r#static(method::static_keywords(c"maketrans", maketrans::<T>, c"maketrans(frm, to, /)\n--\n\nA table for translate() that maps each byte of frm to the one in the same place of to.")),
        method::one(c"partition", search::partition::<T>, c"partition($self, sep, /)\n--\n\nWhat stands before the first sep, sep, and what stands after it."),
        method::one(c"removeprefix", search::removeprefix::<T>, c"removeprefix($self, prefix, /)\n--\n\nWithout prefix at the beginning, if it is there."),
        method::one(c"removesuffix", search::removesuffix::<T>, c"removesuffix($self, suffix, /)\n--\n\nWithout suffix at the end, if it is there."),
        method::keywords(c"replace", search::replace::<T>, c"replace($self, old, new, /, count=-1)\n--\n\nA copy with old replaced by new, at most count times unless that is negative."),
        method::positional(c"rfind", search::rfind::<T>, c"rfind($self, sub[, start[, end]], /)\n--\n\nThe highest index at which sub occurs, or -1."),
        method::positional(c"rindex", search::rindex::<T>, c"rindex($self, sub[, start[, end]], /)\n--\n\nThe highest index at which sub occurs; ValueError if it does not."),
        method::positional(c"rjust", rjust::<T>, c"rjust($self, width, fillchar=b' ', /)\n--\n\nA copy of length width with the content at the right."),
        method::one(c"rpartition", search::rpartition::<T>, c"rpartition($self, sep, /)\n--\n\nWhat stands before the last sep, sep, and what stands after it."),
        method::keywords(c"rsplit", search::rsplit::<T>, c"rsplit($self, /, sep=None, maxsplit=-1)\n--\n\nA list of the parts between separators, cut from the right."),
        method::positional(c"rstrip", search::rstrip::<T>, c"rstrip($self, bytes=None, /)\n--\n\nWithout white space, or any of the given bytes, at the right."),
        method::keywords(c"split", search::split::<T>, c"split($self, /, sep=None, maxsplit=-1)\n--\n\nA list of the parts between separators, cut from the left."),
        method::keywords(c"splitlines", search::splitlines::<T>, c"splitlines($self, /, keepends=False)\n--\n\nA list of the lines."),
        method::positional(c"startswith", search::startswith::<T>, c"startswith($self, prefix[, start[, end]], /)\n--\n\nWhether the beginning is prefix, or any prefix of a tuple."),
        method::positional(c"strip", search::strip::<T>, c"strip($self, bytes=None, /)\n--\n\nWithout white space, or any of the given bytes, at both ends."),
        method::noargs(c"swapcase", swapcase::<T>, c"swapcase($self, /)\n--\n\nA copy with the case of ASCII letters exchanged."),
        method::noargs(c"title", title::<T>, c"title($self, /)\n--\n\nA copy in which each word begins with an upper case letter and goes on in lower case."),
        method::keywords(c"translate", translate::<T>, c"translate($self, table, /, delete=b'')\n--\n\nA copy without the bytes of delete, the others mapped by a table of 256 bytes."),
        method::noargs(c"upper", upper::<T>, c"upper($self, /)\n--\n\nA copy with ASCII letters in upper case."),
        method::one(c"zfill", zfill::<T>, c"zfill($self, width, /)\n--\n\nA copy of length width with zeros at the left, behind a sign."),
    ]
}

pub const SHARED: usize = 42;

/// A type's own methods, those in common, and the end; `N` is `A + SHARED + 1`.
pub const fn with_shared<T: ByteString, const A: usize, const N: usize>(own: &[PyMethodDef; A]) -> [PyMethodDef; N] {
    let mut all = [const { slot::METHODS_END }; N];
    let shared = shared::<T>();
    assert!(N == A + SHARED + 1);
    let mut i = 0;
    while i < A + SHARED {
        let PyMethodDef { ml_name, ml_meth, ml_flags, ml_doc } = if i < A { &own[i] } else { &shared[i - A] };
        all[i] = PyMethodDef { ml_name: *ml_name, ml_meth: *ml_meth, ml_flags: *ml_flags, ml_doc: *ml_doc };
        i += 1;
    }
    all
}

pub(super) static METHODS: [PyMethodDef; SHARED + 3] = with_shared::<Bytes, 2, { SHARED + 3 }>(&[
    method::noargs(c"__getnewargs__", getnewargs, c""),
    method::noargs(c"__bytes__", to_bytes, c"__bytes__($self, /)\n--\n\nThe same content as an exact bytes."),
]);
