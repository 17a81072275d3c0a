//! What Python sees of a str by name; finding and cutting is in `search`, formatting in `format`.

use super::{Str, codecs, format, search, translate};
use crate::ffi::*;
use crate::object::{Object, Owned, Result};
use crate::protocol::args::{Args, Signature, as_c_int, as_c_ssize};
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR};
use crate::types::str::arguments::c_text;
use crate::types::text::layout::{self, Fill};
use crate::types::text::tables::{ALPHA, DECIMAL, DIGIT, NUMERIC, SPACE};
use crate::types::text::{Chars, NoMemory, TextBuf, case, lines, unicode};
use crate::types::{Tuple, method, slot};

/// A kernel that writes another text.
type Mapping = fn(Chars<'_>, &mut TextBuf) -> core::result::Result<(), NoMemory>;

fn mapped(ts: &ThreadState, this: &Str, mapping: Mapping) -> Result<Owned<Str>> {
    Str::build(ts, |out| mapping(this.chars(), out))
}

/// ASCII is mapped byte by byte, right into the result.
fn mapped_ascii(ts: &ThreadState, this: &Str, byte: impl Fn(u8) -> u8, mapping: Mapping) -> Result<Owned<Str>> {
    let Some(text) = this.as_ascii().filter(|t| t.len() > 1) else { return mapped(ts, this, mapping) };
    // SAFETY: all characters are written; a letter's other case is ASCII too.
    unsafe {
        let made = Str::with_size(ts, text.len(), 0x7F)?;
        let room = core::slice::from_raw_parts_mut(made.data().cast::<core::mem::MaybeUninit<u8>>(), text.len());
        room.iter_mut().zip(text.as_bytes()).for_each(|(to, &from)| {
            to.write(byte(from));
        });
        Ok(made)
    }
}

fn lower(ts: &ThreadState, this: &Str) -> Result<Owned<Str>> {
    mapped_ascii(ts, this, |b| b.to_ascii_lowercase(), case::lower)
}

fn upper(ts: &ThreadState, this: &Str) -> Result<Owned<Str>> {
    mapped_ascii(ts, this, |b| b.to_ascii_uppercase(), case::upper)
}

fn casefold(ts: &ThreadState, this: &Str) -> Result<Owned<Str>> {
    mapped_ascii(ts, this, |b| b.to_ascii_lowercase(), case::fold)
}

fn swapcase(ts: &ThreadState, this: &Str) -> Result<Owned<Str>> {
    mapped(ts, this, case::swap_case)
}

fn capitalize(ts: &ThreadState, this: &Str) -> Result<Owned<Str>> {
    mapped(ts, this, case::capitalize)
}

fn title(ts: &ThreadState, this: &Str) -> Result<Owned<Str>> {
    mapped(ts, this, case::title)
}

fn isalnum(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(unicode::all_are(this.chars(), unicode::ALNUM))
}

fn isalpha(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(unicode::all_are(this.chars(), ALPHA))
}

fn isascii(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(this.is_ascii())
}

fn isdecimal(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(unicode::all_are(this.chars(), DECIMAL))
}

fn isdigit(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(unicode::all_are(this.chars(), DIGIT | DECIMAL))
}

fn isnumeric(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(unicode::all_are(this.chars(), NUMERIC))
}

fn isspace(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(unicode::all_are(this.chars(), SPACE))
}

fn isidentifier(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(unicode::is_identifier(this.chars()))
}

fn isprintable(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(unicode::all_printable(this.chars()))
}

fn islower(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(unicode::is_lower(this.chars()))
}

fn isupper(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(unicode::is_upper(this.chars()))
}

fn istitle(_ts: &ThreadState, this: &Str) -> Result<bool> {
    Ok(unicode::is_title(this.chars()))
}

fn center(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<Str>> {
    justify(ts, this, "center", args, Fill::Both)
}

fn ljust(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<Str>> {
    justify(ts, this, "ljust", args, Fill::Right)
}

fn rjust(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<Str>> {
    justify(ts, this, "rjust", args, Fill::Left)
}

fn justify(ts: &ThreadState, this: &Str, name: &str, args: Args<'_>, side: Fill) -> Result<Owned<Str>> {
    args.expect_positional(ts, name, 1, 2)?;
    let width = as_c_ssize(ts, args.positional[0])?;
    let fill = args.get(1).map_or(Ok(u32::from(b' ')), |fill| fill_character(ts, fill))?;
    let Some((left, right)) = layout::padding(this.len(), width, side) else { return Str::unchanged(ts, this) };
    Str::build(ts, |out| layout::pad(this.chars(), (left, right), fill, out))
}

fn fill_character(ts: &ThreadState, fill: &Object) -> Result<u32> {
    let Some(text) = fill.downcast::<Str>() else {
        let name = fill.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("The fill character must be a unicode character, not {name}")));
    };
    match (text.len(), text.chars().get(0)) {
        (1, Some(c)) => Ok(c),
        _ => Err(ts.raise_str(&TYPE_ERROR, "The fill character must be exactly one character long")),
    }
}

fn zfill(ts: &ThreadState, this: &Str, width: &Object) -> Result<Owned<Str>> {
    let width = as_c_ssize(ts, width)?;
    if width <= this.len() as isize {
        return Str::unchanged(ts, this);
    }
    Str::build(ts, |out| layout::zero_fill(this.chars(), width, out))
}

static EXPANDTABS: Signature = Signature { name: "expandtabs", params: &["tabsize"], required: 0, max_positional: 1 };

fn expandtabs(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<Str>> {
    let [size] = EXPANDTABS.bind(ts, args)?;
    let size = size.map_or(Ok(8), |s| as_c_int(ts, s))?;
    let mut out = TextBuf::new();
    if lines::expand_tabs(this.chars(), size.max(0) as usize, &mut out).is_err() {
        return Err(ts.raise_str(&OVERFLOW_ERROR, "new string is too long"));
    }
    Str::from_buf(ts, &out)
}

static ENCODE: Signature =
    Signature { name: "encode", params: &["encoding", "errors"], required: 0, max_positional: 2 };

fn encode(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<crate::types::Bytes>> {
    let [encoding, errors] = ENCODE.bind(ts, args)?;
    let encoding = encoding.map(|o| c_text(ts, "encode", "argument 'encoding'", o)).transpose()?;
    let errors = errors.map(|o| c_text(ts, "encode", "argument 'errors'", o)).transpose()?;
    codecs::encode(ts, this, encoding.as_deref(), errors.as_deref())
}

fn join(ts: &ThreadState, this: &Str, iterable: &Object) -> Result<Owned<Str>> {
    Str::join(ts, this, iterable)
}

fn translate_method(ts: &ThreadState, this: &Str, table: &Object) -> Result<Owned<Str>> {
    Str::translate(ts, this, table)
}

fn getnewargs(ts: &ThreadState, this: &Str) -> Result<Owned<Tuple>> {
    Tuple::new(ts, &[&*Str::from_chars(ts, this.chars())?])
}

fn sizeof(_ts: &ThreadState, this: &Str) -> Result<isize> {
    Ok(this.size_of() as isize)
}

pub(super) static METHODS: [PyMethodDef; 51] = [
    method::noargs(c"__getnewargs__", getnewargs, c""),
    method::noargs(c"__sizeof__", sizeof, c"__sizeof__($self, /)\n--\n\nThe size in memory, in bytes."),
    method::one(c"__format__", format::format_method, c"__format__($self, format_spec, /)\n--\n\nThe text laid out as a format specification says."),
    method::noargs(c"capitalize", capitalize, c"capitalize($self, /)\n--\n\nThe first character in title case, the rest in lower case."),
    method::noargs(c"casefold", casefold, c"casefold($self, /)\n--\n\nA form for comparison without regard to case."),
    method::positional(c"center", center, c"center($self, width, fillchar=' ', /)\n--\n\nA copy of length width with the text in the middle."),
    method::positional(c"count", search::count, c"count($self, sub[, start[, end]], /)\n--\n\nHow often sub occurs, without overlap."),
    method::keywords(c"encode", encode, c"encode($self, /, encoding='utf-8', errors='strict')\n--\n\nThe text as bytes of an encoding."),
    method::positional(c"endswith", search::endswith, c"endswith($self, suffix[, start[, end]], /)\n--\n\nWhether the end is suffix, or any suffix of a tuple."),
    method::keywords(c"expandtabs", expandtabs, c"expandtabs($self, /, tabsize=8)\n--\n\nA copy with spaces up to the next column in place of tabs."),
    method::positional(c"find", search::find, c"find($self, sub[, start[, end]], /)\n--\n\nThe lowest index at which sub occurs, or -1."),
    method::keywords(c"format", format::format, c"format($self, /, *args, **kwargs)\n--\n\nThe text with each {field} replaced by a formatted argument."),
    method::one(c"format_map", format::format_map, c"format_map($self, mapping, /)\n--\n\nThe text with each {name} replaced by a formatted item of a mapping."),
    method::positional(c"index", search::index, c"index($self, sub[, start[, end]], /)\n--\n\nThe lowest index at which sub occurs; ValueError if it does not."),
    method::noargs(c"isalnum", isalnum, c"isalnum($self, /)\n--\n\nWhether all characters are letters or digits, and there are any."),
    method::noargs(c"isalpha", isalpha, c"isalpha($self, /)\n--\n\nWhether all characters are letters, and there are any."),
    method::noargs(c"isascii", isascii, c"isascii($self, /)\n--\n\nWhether all characters are below U+0080."),
    method::noargs(c"isdecimal", isdecimal, c"isdecimal($self, /)\n--\n\nWhether all characters are decimal digits, and there are any."),
    method::noargs(c"isdigit", isdigit, c"isdigit($self, /)\n--\n\nWhether all characters are digits, and there are any."),
    method::noargs(c"isidentifier", isidentifier, c"isidentifier($self, /)\n--\n\nWhether the text could be a name in a program."),
    method::noargs(c"islower", islower, c"islower($self, /)\n--\n\nWhether there are lower case letters and no others."),
    method::noargs(c"isnumeric", isnumeric, c"isnumeric($self, /)\n--\n\nWhether all characters have a numeric value, and there are any."),
    method::noargs(c"isprintable", isprintable, c"isprintable($self, /)\n--\n\nWhether repr() would show all characters as they are."),
    method::noargs(c"isspace", isspace, c"isspace($self, /)\n--\n\nWhether all characters are white space, and there are any."),
    method::noargs(c"istitle", istitle, c"istitle($self, /)\n--\n\nWhether each word begins with its only upper case letter."),
    method::noargs(c"isupper", isupper, c"isupper($self, /)\n--\n\nWhether there are upper case letters and no others."),
    method::one(c"join", join, c"join($self, iterable, /)\n--\n\nThe items one behind the other, with this text between them."),
    method::positional(c"ljust", ljust, c"ljust($self, width, fillchar=' ', /)\n--\n\nA copy of length width with the text at the left."),
    method::noargs(c"lower", lower, c"lower($self, /)\n--\n\nA copy in lower case."),
    method::positional(c"lstrip", search::lstrip, c"lstrip($self, chars=None, /)\n--\n\nWithout white space, or any of the given characters, at the left."),
    method::r#static(method::static_keywords(c"maketrans", translate::maketrans, c"maketrans(x, y=<unrepresentable>, z=<unrepresentable>, /)\n--\n\nA table for translate(): of a dict, or of two texts and one to delete.")),
    method::one(c"partition", search::partition, c"partition($self, sep, /)\n--\n\nWhat stands before the first sep, sep, and what stands after it."),
    method::one(c"removeprefix", search::removeprefix, c"removeprefix($self, prefix, /)\n--\n\nWithout prefix at the beginning, if it is there."),
    method::one(c"removesuffix", search::removesuffix, c"removesuffix($self, suffix, /)\n--\n\nWithout suffix at the end, if it is there."),
    method::keywords(c"replace", search::replace, c"replace($self, old, new, /, count=-1)\n--\n\nA copy with old replaced by new, at most count times unless that is negative."),
    method::positional(c"rfind", search::rfind, c"rfind($self, sub[, start[, end]], /)\n--\n\nThe highest index at which sub occurs, or -1."),
    method::positional(c"rindex", search::rindex, c"rindex($self, sub[, start[, end]], /)\n--\n\nThe highest index at which sub occurs; ValueError if it does not."),
    method::positional(c"rjust", rjust, c"rjust($self, width, fillchar=' ', /)\n--\n\nA copy of length width with the text at the right."),
    method::one(c"rpartition", search::rpartition, c"rpartition($self, sep, /)\n--\n\nWhat stands before the last sep, sep, and what stands after it."),
    method::keywords(c"rsplit", search::rsplit, c"rsplit($self, /, sep=None, maxsplit=-1)\n--\n\nA list of the parts between separators, cut from the right."),
    method::positional(c"rstrip", search::rstrip, c"rstrip($self, chars=None, /)\n--\n\nWithout white space, or any of the given characters, at the right."),
    method::keywords(c"split", search::split, c"split($self, /, sep=None, maxsplit=-1)\n--\n\nA list of the parts between separators, cut from the left."),
    method::keywords(c"splitlines", search::splitlines, c"splitlines($self, /, keepends=False)\n--\n\nA list of the lines."),
    method::positional(c"startswith", search::startswith, c"startswith($self, prefix[, start[, end]], /)\n--\n\nWhether the beginning is prefix, or any prefix of a tuple."),
    method::positional(c"strip", search::strip, c"strip($self, chars=None, /)\n--\n\nWithout white space, or any of the given characters, at both ends."),
    method::noargs(c"swapcase", swapcase, c"swapcase($self, /)\n--\n\nA copy with upper and lower case exchanged."),
    method::noargs(c"title", title, c"title($self, /)\n--\n\nA copy in which each word begins in title case and goes on in lower case."),
    method::one(c"translate", translate_method, c"translate($self, table, /)\n--\n\nA copy with each character mapped by table: to a number, a text, or None."),
    method::noargs(c"upper", upper, c"upper($self, /)\n--\n\nA copy in upper case."),
    method::one(c"zfill", zfill, c"zfill($self, width, /)\n--\n\nA copy of length width with zeros at the left, behind a sign."),
    slot::METHODS_END,
];
