//! What Python sees of bytes by name; finding and cutting is in `search`.

use super::{Bytes, search};
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
fn mapped(ts: &ThreadState, this: &Bytes, f: impl FnOnce(&mut [u8])) -> Result<Owned<Bytes>> {
    Bytes::filled(ts, this.len(), |room| {
        room.copy_from_slice(this.as_slice());
        f(room);
    })
}

fn lower(ts: &ThreadState, this: &Bytes) -> Result<Owned<Bytes>> {
    mapped(ts, this, <[u8]>::make_ascii_lowercase)
}

fn upper(ts: &ThreadState, this: &Bytes) -> Result<Owned<Bytes>> {
    mapped(ts, this, <[u8]>::make_ascii_uppercase)
}

fn swapcase(ts: &ThreadState, this: &Bytes) -> Result<Owned<Bytes>> {
    mapped(ts, this, kernels::make_swapped)
}

fn capitalize(ts: &ThreadState, this: &Bytes) -> Result<Owned<Bytes>> {
    mapped(ts, this, kernels::make_capitalized)
}

fn title(ts: &ThreadState, this: &Bytes) -> Result<Owned<Bytes>> {
    mapped(ts, this, kernels::make_title)
}

fn isalnum(_ts: &ThreadState, this: &Bytes) -> Result<bool> {
    Ok(kernels::all_are(this.as_slice(), u8::is_ascii_alphanumeric))
}

fn isalpha(_ts: &ThreadState, this: &Bytes) -> Result<bool> {
    Ok(kernels::all_are(this.as_slice(), u8::is_ascii_alphabetic))
}

fn isascii(_ts: &ThreadState, this: &Bytes) -> Result<bool> {
    Ok(this.as_slice().is_ascii())
}

fn isdigit(_ts: &ThreadState, this: &Bytes) -> Result<bool> {
    Ok(kernels::all_are(this.as_slice(), u8::is_ascii_digit))
}

fn isspace(_ts: &ThreadState, this: &Bytes) -> Result<bool> {
    Ok(kernels::all_are(this.as_slice(), kernels::is_space))
}

fn islower(_ts: &ThreadState, this: &Bytes) -> Result<bool> {
    Ok(kernels::is_lower(this.as_slice()))
}

fn isupper(_ts: &ThreadState, this: &Bytes) -> Result<bool> {
    Ok(kernels::is_upper(this.as_slice()))
}

fn istitle(_ts: &ThreadState, this: &Bytes) -> Result<bool> {
    Ok(kernels::is_title(this.as_slice()))
}

fn to_bytes(ts: &ThreadState, this: &Bytes) -> Result<Owned<Bytes>> {
    Bytes::unchanged(ts, this)
}

fn getnewargs(ts: &ThreadState, this: &Bytes) -> Result<Owned<Tuple>> {
    Tuple::new(ts, &[&*Bytes::new(ts, this.as_slice())?])
}

/// Bytes of what a kernel for one-byte characters wrote.
fn of_text(ts: &ThreadState, out: &TextBuf) -> Result<Owned<Bytes>> {
    Bytes::new(ts, out.view().as_bytes())
}

static DECODE: Signature =
    Signature { name: "decode", params: &["encoding", "errors"], required: 0, max_positional: 2 };

fn decode(ts: &ThreadState, this: &Bytes, args: Args<'_>) -> Result {
    let [encoding, errors] = DECODE.bind(ts, args)?;
    let encoding = encoding.map(|o| c_text(ts, "decode", "argument 'encoding'", o)).transpose()?;
    let errors = errors.map(|o| c_text(ts, "decode", "argument 'errors'", o)).transpose()?;
    codecs::decode_object(ts, this, encoding.as_deref(), errors.as_deref())
}

fn center(ts: &ThreadState, this: &Bytes, args: Args<'_>) -> Result<Owned<Bytes>> {
    justify(ts, this, "center", args, Fill::Both)
}

fn ljust(ts: &ThreadState, this: &Bytes, args: Args<'_>) -> Result<Owned<Bytes>> {
    justify(ts, this, "ljust", args, Fill::Right)
}

fn rjust(ts: &ThreadState, this: &Bytes, args: Args<'_>) -> Result<Owned<Bytes>> {
    justify(ts, this, "rjust", args, Fill::Left)
}

fn justify(ts: &ThreadState, this: &Bytes, name: &str, args: Args<'_>, side: Fill) -> Result<Owned<Bytes>> {
    args.expect_positional(ts, name, 1, 2)?;
    let width = as_c_ssize(ts, args.positional[0])?;
    let fill = args.get(1).map_or(Ok(b' '), |fill| fill_byte(ts, name, fill))?;
    let Some(padding) = layout::padding(this.len(), width, side) else { return Bytes::unchanged(ts, this) };
    let mut out = TextBuf::new();
    ts.allocated(layout::pad(this.chars(), padding, fill.into(), &mut out))?;
    of_text(ts, &out)
}

fn fill_byte(ts: &ThreadState, function: &str, fill: &Object) -> Result<u8> {
    let Some(bytes) = fill.downcast::<Bytes>() else {
        return Err(crate::protocol::args::bad_argument(ts, function, "argument 2", "a byte string of length 1", fill));
    };
    match *bytes.as_slice() {
        [byte] => Ok(byte),
        _ => Err(ts.raise(
            &TYPE_ERROR,
            format_args!(
                "{function}(): argument 2 must be a byte string of length 1, not a bytes object of length {}",
                bytes.len()
            ),
        )),
    }
}

fn zfill(ts: &ThreadState, this: &Bytes, width: &Object) -> Result<Owned<Bytes>> {
    let width = as_c_ssize(ts, width)?;
    if width <= this.len() as isize {
        return Bytes::unchanged(ts, this);
    }
    let mut out = TextBuf::new();
    ts.allocated(layout::zero_fill(this.chars(), width, &mut out))?;
    of_text(ts, &out)
}

static EXPANDTABS: Signature = Signature { name: "expandtabs", params: &["tabsize"], required: 0, max_positional: 1 };

fn expandtabs(ts: &ThreadState, this: &Bytes, args: Args<'_>) -> Result<Owned<Bytes>> {
    let [size] = EXPANDTABS.bind(ts, args)?;
    let size = size.map_or(Ok(8), |s| as_c_int(ts, s))?;
    let mut out = TextBuf::new();
    if lines::expand_tabs(this.chars(), size.max(0) as usize, &mut out).is_err() {
        return Err(ts.raise_str(&OVERFLOW_ERROR, "result too long"));
    }
    of_text(ts, &out)
}

fn join(ts: &ThreadState, this: &Bytes, iterable: &Object) -> Result<Owned<Bytes>> {
    Bytes::join(ts, this.as_slice(), iterable)
}

impl Bytes {
    /// `separator.join(iterable)`.
    pub fn join(ts: &ThreadState, separator: &[u8], iterable: &Object) -> Result<Owned<Bytes>> {
        let items = collect_for_join(ts, iterable)?;
        if let [item] = &items[..]
            && let Some(bytes) = item.downcast_exact::<Bytes>()
        {
            return Ok(Owned::new(bytes));
        }
        let mut buffers = Vec::new();
        buffers.try_reserve_exact(items.len()).map_err(|_| ts.no_memory())?;
        for (i, item) in items.iter().enumerate() {
            if exporter_of(item).is_none() {
                let name = item.ty().full_name();
                return Err(ts.raise(
                    &TYPE_ERROR,
                    format_args!("sequence item {i}: expected a bytes-like object, {name} found"),
                ));
            }
            buffers.push(Buffer::simple(ts, item)?);
        }
        let mut total = separator.len().checked_mul(buffers.len().saturating_sub(1));
        for buffer in &buffers {
            total = total.and_then(|t| t.checked_add(buffer.as_slice().len()));
        }
        let Some(total) = total.filter(|&t| t <= isize::MAX as usize) else {
            return Err(ts.raise_str(&OVERFLOW_ERROR, "join() result is too long"));
        };
        Bytes::filled(ts, total, |room| {
            let mut at = 0;
            for (i, buffer) in buffers.iter().enumerate() {
                for piece in [if i == 0 { &[][..] } else { separator }, buffer.as_slice()] {
                    room[at..at + piece.len()].copy_from_slice(piece);
                    at += piece.len();
                }
            }
        })
    }
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

fn translate(ts: &ThreadState, this: &Bytes, args: Args<'_>) -> Result<Owned<Bytes>> {
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
        return Bytes::unchanged(ts, this);
    }
    Bytes::new(ts, &out)
}

fn maketrans(ts: &ThreadState, args: Args<'_>) -> Result<Owned<Bytes>> {
    args.no_keywords(ts, "bytes.maketrans")?;
    args.expect_positional(ts, "maketrans", 2, 2)?;
    let (from, to) = (Buffer::simple(ts, args.positional[0])?, Buffer::simple(ts, args.positional[1])?);
    match kernels::make_table(from.as_slice(), to.as_slice()) {
        Some(table) => Bytes::new(ts, &table),
        None => Err(ts.raise_str(&VALUE_ERROR, "maketrans arguments must have same length")),
    }
}

static HEX: Signature = Signature { name: "hex", params: &["sep", "bytes_per_sep"], required: 0, max_positional: 2 };

fn hex(ts: &ThreadState, this: &Bytes, args: Args<'_>) -> Result<Owned<Str>> {
    let [separator, group] = HEX.bind(ts, args)?;
    let group = group.map_or(Ok(1), |g| as_c_ssize(ts, g))?;
    let separator = separator.map(|s| hex_separator(ts, s)).transpose()?;
    Str::build(ts, |out| kernels::hex(this.as_slice(), separator, group, out))
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

fn fromhex(ts: &ThreadState, ty: &Type, text: &Object) -> Result {
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
    let made = Bytes::new(ts, &out)?;
    if core::ptr::eq(ty, &super::PyBytes_Type) {
        return Ok(made.upcast());
    }
    call::call(ts, ty.as_object(), &[&made])
}

pub(super) static METHODS: [PyMethodDef; 45] = [
    method::noargs(c"__getnewargs__", getnewargs, c""),
    method::noargs(c"__bytes__", to_bytes, c"__bytes__($self, /)\n--\n\nThe same content as an exact bytes."),
    method::noargs(c"capitalize", capitalize, c"capitalize($self, /)\n--\n\nThe first byte in upper case, the rest in lower case, as far as they are ASCII letters."),
    method::positional(c"center", center, c"center($self, width, fillchar=b' ', /)\n--\n\nA copy of length width with the content in the middle."),
    method::positional(c"count", search::count, c"count($self, sub[, start[, end]], /)\n--\n\nHow often sub occurs, without overlap."),
    method::keywords(c"decode", decode, c"decode($self, /, encoding='utf-8', errors='strict')\n--\n\nThe str that the bytes stand for in an encoding."),
    method::positional(c"endswith", search::endswith, c"endswith($self, suffix[, start[, end]], /)\n--\n\nWhether the end is suffix, or any suffix of a tuple."),
    method::keywords(c"expandtabs", expandtabs, c"expandtabs($self, /, tabsize=8)\n--\n\nA copy with spaces up to the next column in place of tabs."),
    method::positional(c"find", search::find, c"find($self, sub[, start[, end]], /)\n--\n\nThe lowest index at which sub occurs, or -1."),
    method::class(method::one(c"fromhex", fromhex, c"fromhex($type, string, /)\n--\n\nBytes from pairs of hexadecimal digits, white space between them ignored.")),
    method::keywords(c"hex", hex, c"hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\nTwo hexadecimal digits a byte, with sep between groups."),
    method::positional(c"index", search::index, c"index($self, sub[, start[, end]], /)\n--\n\nThe lowest index at which sub occurs; ValueError if it does not."),
    method::noargs(c"isalnum", isalnum, c"isalnum($self, /)\n--\n\nWhether all bytes are ASCII letters or digits, and there are any."),
    method::noargs(c"isalpha", isalpha, c"isalpha($self, /)\n--\n\nWhether all bytes are ASCII letters, and there are any."),
    method::noargs(c"isascii", isascii, c"isascii($self, /)\n--\n\nWhether all bytes are below 0x80."),
    method::noargs(c"isdigit", isdigit, c"isdigit($self, /)\n--\n\nWhether all bytes are ASCII digits, and there are any."),
    method::noargs(c"islower", islower, c"islower($self, /)\n--\n\nWhether there are lower case letters and no upper case ones."),
    method::noargs(c"isspace", isspace, c"isspace($self, /)\n--\n\nWhether all bytes are ASCII white space, and there are any."),
    method::noargs(c"istitle", istitle, c"istitle($self, /)\n--\n\nWhether each word begins with its only upper case letter."),
    method::noargs(c"isupper", isupper, c"isupper($self, /)\n--\n\nWhether there are upper case letters and no lower case ones."),
    method::one(c"join", join, c"join($self, iterable_of_bytes, /)\n--\n\nThe items one behind the other, with these bytes between them."),
    method::positional(c"ljust", ljust, c"ljust($self, width, fillchar=b' ', /)\n--\n\nA copy of length width with the content at the left."),
    method::noargs(c"lower", lower, c"lower($self, /)\n--\n\nA copy with ASCII letters in lower case."),
    method::positional(c"lstrip", search::lstrip, c"lstrip($self, bytes=None, /)\n--\n\nWithout white space, or any of the given bytes, at the left."),
    method::r#static(method::static_keywords(c"maketrans", maketrans, c"maketrans(frm, to, /)\n--\n\nA table for translate() that maps each byte of frm to the one in the same place of to.")),
    method::one(c"partition", search::partition, c"partition($self, sep, /)\n--\n\nWhat stands before the first sep, sep, and what stands after it."),
    method::one(c"removeprefix", search::removeprefix, c"removeprefix($self, prefix, /)\n--\n\nWithout prefix at the beginning, if it is there."),
    method::one(c"removesuffix", search::removesuffix, c"removesuffix($self, suffix, /)\n--\n\nWithout suffix at the end, if it is there."),
    method::keywords(c"replace", search::replace, c"replace($self, old, new, /, count=-1)\n--\n\nA copy with old replaced by new, at most count times unless that is negative."),
    method::positional(c"rfind", search::rfind, c"rfind($self, sub[, start[, end]], /)\n--\n\nThe highest index at which sub occurs, or -1."),
    method::positional(c"rindex", search::rindex, c"rindex($self, sub[, start[, end]], /)\n--\n\nThe highest index at which sub occurs; ValueError if it does not."),
    method::positional(c"rjust", rjust, c"rjust($self, width, fillchar=b' ', /)\n--\n\nA copy of length width with the content at the right."),
    method::one(c"rpartition", search::rpartition, c"rpartition($self, sep, /)\n--\n\nWhat stands before the last sep, sep, and what stands after it."),
    method::keywords(c"rsplit", search::rsplit, c"rsplit($self, /, sep=None, maxsplit=-1)\n--\n\nA list of the parts between separators, cut from the right."),
    method::positional(c"rstrip", search::rstrip, c"rstrip($self, bytes=None, /)\n--\n\nWithout white space, or any of the given bytes, at the right."),
    method::keywords(c"split", search::split, c"split($self, /, sep=None, maxsplit=-1)\n--\n\nA list of the parts between separators, cut from the left."),
    method::keywords(c"splitlines", search::splitlines, c"splitlines($self, /, keepends=False)\n--\n\nA list of the lines."),
    method::positional(c"startswith", search::startswith, c"startswith($self, prefix[, start[, end]], /)\n--\n\nWhether the beginning is prefix, or any prefix of a tuple."),
    method::positional(c"strip", search::strip, c"strip($self, bytes=None, /)\n--\n\nWithout white space, or any of the given bytes, at both ends."),
    method::noargs(c"swapcase", swapcase, c"swapcase($self, /)\n--\n\nA copy with the case of ASCII letters exchanged."),
    method::noargs(c"title", title, c"title($self, /)\n--\n\nA copy in which each word begins with an upper case letter and goes on in lower case."),
    method::keywords(c"translate", translate, c"translate($self, table, /, delete=b'')\n--\n\nA copy without the bytes of delete, the others mapped by a table of 256 bytes."),
    method::noargs(c"upper", upper, c"upper($self, /)\n--\n\nA copy with ASCII letters in upper case."),
    method::one(c"zfill", zfill, c"zfill($self, width, /)\n--\n\nA copy of length width with zeros at the left, behind a sign."),
    slot::METHODS_END,
];
