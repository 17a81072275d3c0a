//! The kernels against what CPython recorded (`tools/record_text.py`).
//!
//! Every line is run; `DEATHLESS_TEXT_RECORD` may name a longer record than those
//! that are kept.

use std::ops::Range;

use super::codec::escape::{BadHex, EscapeFault, decode_bytes};
use super::codec::{self, ByteBuf, Codec, Handler, Plain, Refused};
use super::layout::{Fill, pad, padding, zero_fill};
use super::lines::{expand_tabs, split_lines};
use super::search::{count, find, replace, rfind};
use super::split::{self, Ends, Spaces, strip, strip_spaces};
use super::unicode::{self, ALNUM};
use super::{Chars, NoMemory, TextBuf, bytes, case, repr, tables};

/// A field of a record.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    None,
    Int(i64),
    Text(Vec<u32>),
    Bytes(Vec<u8>),
    List(Vec<Value>),
}

impl Value {
    fn parse(field: &str) -> Value {
        let (kind, rest) = field.split_at(1);
        let parts = |by| rest.split(by).filter(|part: &&str| !part.is_empty());
        let hex = |digits: &str| u32::from_str_radix(digits, 16).unwrap();
        match kind {
            "n" => Value::None,
            "i" => Value::Int(rest.parse().unwrap()),
            "u" => Value::Text(parts('.').map(hex).collect()),
            "b" => Value::Bytes((0..rest.len()).step_by(2).map(|i| hex(&rest[i..i + 2]) as u8).collect()),
            "[" => Value::List(parts(',').map(|p| Value::parse(p.trim_end_matches(']'))).collect()),
            _ => panic!("{field}"),
        }
    }

    /// In the narrowest width, as a str has it.
    fn built(&self) -> TextBuf {
        let mut buf = TextBuf::new();
        match self {
            Value::Text(chars) => buf.extend(Chars::Four(chars)).unwrap(),
            Value::Bytes(bytes) => buf.extend(Chars::One(bytes)).unwrap(),
            _ => {}
        }
        buf
    }

    fn is_bytes(&self) -> bool {
        matches!(self, Value::Bytes(_))
    }
}

/// What a kernel says, in the form of the record.
struct Case {
    bytes: bool,
}

impl Case {
    fn text(&self, text: Chars<'_>) -> Value {
        if self.bytes { Value::Bytes(text.as_bytes().to_vec()) } else { as_text(text) }
    }

    fn built(&self, run: impl FnOnce(&mut TextBuf) -> Result<(), NoMemory>) -> Value {
        let mut out = TextBuf::new();
        run(&mut out).unwrap();
        assert!(narrowest(&out), "{out:?}");
        self.text(out.view())
    }

    fn parts(
        &self,
        text: Chars<'_>,
        reverse: bool,
        run: impl FnOnce(&mut dyn FnMut(Range<usize>) -> Result<(), NoMemory>) -> Result<(), NoMemory>,
    ) -> Value {
        let mut parts = Vec::new();
        run(&mut |range| {
            parts.push(self.text(text.slice(range)));
            Ok(())
        })
        .unwrap();
        if reverse {
            parts.reverse();
        }
        Value::List(parts)
    }

    fn sides(&self, text: Chars<'_>, sep: Chars<'_>, sides: Option<split::Sides>, first: bool) -> Value {
        let part = |range: Range<usize>| self.text(text.slice(range));
        let empty = || self.text(Chars::One(b""));
        Value::List(match sides {
            Some((before, after)) => vec![part(before), self.text(sep), part(after)],
            None if first => vec![self.text(text), empty(), empty()],
            None => vec![empty(), empty(), self.text(text)],
        })
    }
}

fn as_text(text: Chars<'_>) -> Value {
    Value::Text(text.iter().collect())
}

/// A builder must have the narrowest width, and know it.
fn narrowest(out: &TextBuf) -> bool {
    let max_char = out.view().max_char();
    let right = match out.view() {
        Chars::One(_) => max_char <= 0xff,
        Chars::Two(_) => max_char == 0xffff,
        Chars::Four(_) => max_char == 0x10ffff,
    };
    right && out.max_char() == max_char && out.is_ascii() == (max_char == 0x7f)
}

fn index(found: Result<Option<usize>, NoMemory>) -> Value {
    Value::Int(found.unwrap().map_or(-1, |i| i as i64))
}

fn flags(answers: &[bool]) -> Value {
    Value::List(answers.iter().map(|&answer| Value::Int(answer.into())).collect())
}

fn questions(text: Chars<'_>, is_bytes: bool) -> Value {
    if let (Chars::One(b), true) = (text, is_bytes) {
        return flags(&[
            bytes::all_are(b, u8::is_ascii_alphabetic),
            bytes::all_are(b, u8::is_ascii_alphanumeric),
            bytes::all_are(b, u8::is_ascii_digit),
            bytes::all_are(b, bytes::is_space),
            bytes::is_lower(b),
            bytes::is_upper(b),
            bytes::is_title(b),
            b.is_ascii(),
        ]);
    }
    flags(&[
        unicode::all_are(text, tables::ALPHA),
        unicode::all_are(text, ALNUM),
        unicode::all_are(text, tables::DECIMAL),
        unicode::all_are(text, tables::DIGIT),
        unicode::all_are(text, tables::NUMERIC),
        unicode::all_are(text, tables::SPACE),
        unicode::is_lower(text),
        unicode::is_upper(text),
        unicode::is_title(text),
        unicode::all_printable(text),
        unicode::is_identifier(text),
        text.is_ascii(),
    ])
}

fn cased(name: &str, text: Chars<'_>, is_bytes: bool, out: &mut TextBuf) -> Result<(), NoMemory> {
    if is_bytes {
        let mut copy = text.as_bytes().to_vec();
        match name {
            "lower" => copy.make_ascii_lowercase(),
            "upper" => copy.make_ascii_uppercase(),
            "title" => bytes::make_title(&mut copy),
            "capitalize" => bytes::make_capitalized(&mut copy),
            _ => bytes::make_swapped(&mut copy),
        }
        return out.extend(Chars::One(&copy));
    }
    match name {
        "lower" => case::lower(text, out),
        "upper" => case::upper(text, out),
        "title" => case::title(text, out),
        "capitalize" => case::capitalize(text, out),
        "swapcase" => case::swap_case(text, out),
        _ => case::fold(text, out),
    }
}

fn padded(name: &str, text: Chars<'_>, width: isize, out: &mut TextBuf) -> Result<(), NoMemory> {
    let side = match name {
        "center" => Fill::Both,
        "ljust" => Fill::Right,
        "rjust" => Fill::Left,
        _ => return zero_fill(text, width, out),
    };
    pad(text, padding(text.len(), width, side).unwrap_or((0, 0)), 32, out)
}

fn method(name: &str, number: isize, args: &[Value]) -> Value {
    let case = Case { bytes: args[0].is_bytes() };
    let spaces = if case.bytes { Spaces::Ascii } else { Spaces::Unicode };
    let bufs: Vec<TextBuf> = args.iter().map(Value::built).collect();
    let text = bufs[0].view();
    let sep = bufs.get(1).map_or(Chars::One(b""), TextBuf::view);
    match name {
        "is" => questions(text, case.bytes),
        "lower" | "upper" | "title" | "capitalize" | "swapcase" | "casefold" => {
            case.built(|out| cased(name, text, case.bytes, out))
        }
        "strip" => case.text(text.slice(strip_spaces(text, spaces, Ends::Both))),
        "lstrip" => case.text(text.slice(strip_spaces(text, spaces, Ends::Left))),
        "rstrip" => case.text(text.slice(strip_spaces(text, spaces, Ends::Right))),
        "stripset" => case.text(text.slice(strip(text, sep, Ends::Both))),
        "repr" if case.bytes => Case { bytes: false }.built(|out| repr::repr_bytes(text.as_bytes(), out)),
        "repr" => case.built(|out| repr::repr(text, out)),
        "ascii" => case.built(|out| repr::ascii(text, out)),
        "hex" => {
            let sep = Some(b':').filter(|_| number != isize::MAX);
            Case { bytes: false }.built(|out| bytes::hex(text.as_bytes(), sep, number, out))
        }
        "fromhex" => {
            let mut out = ByteBuf::new();
            let parse = if case.bytes { bytes::from_hex } else { bytes::from_hex_str };
            match parse(text, &mut out) {
                Ok(()) => Value::Bytes(out.to_vec()),
                Err(bytes::HexFault::At(at)) => Value::Int(at as i64),
                Err(_) => Value::None,
            }
        }
        "split" => case.parts(text, false, |f| split::split_spaces(text, spaces, number, f)),
        "rsplit" => case.parts(text, true, |f| split::rsplit_spaces(text, spaces, number, f)),
        "splitat" => case.parts(text, false, |f| split::split(text, sep, number, f)),
        "rsplitat" => case.parts(text, true, |f| split::rsplit(text, sep, number, f)),
        "splitlines" => case.parts(text, false, |f| split_lines(text, spaces, number == 1, f)),
        "expandtabs" => case.built(|out| expand_tabs(text, number as usize, out)),
        "center" | "ljust" | "rjust" | "zfill" => case.built(|out| padded(name, text, number, out)),
        "find" => index(find(text, sep)),
        "rfind" => index(rfind(text, sep)),
        "count" => Value::Int(count(text, sep).unwrap() as i64),
        "startswith" => Value::Int(text.starts_with(sep).into()),
        "endswith" => Value::Int(text.ends_with(sep).into()),
        "less" => Value::Int(text.compare(sep).is_lt().into()),
        "partition" => case.sides(text, sep, split::partition(text, sep).unwrap(), true),
        "rpartition" => case.sides(text, sep, split::rpartition(text, sep).unwrap(), false),
        "replace" => {
            let mut out = TextBuf::new();
            let count = replace(text, sep, bufs[2].view(), number, &mut out).unwrap();
            case.text(if count == 0 { text } else { out.view() })
        }
        _ => panic!("the record has an unknown method {name}"),
    }
}

fn plain(codec: &str, handler: &str) -> Plain {
    let codec = Codec::lookup(codec.as_bytes()).unwrap();
    Plain { codec, handler: Handler::from_name(handler.as_bytes()).unwrap() }
}

fn refused(codec: Codec, refused: Refused) -> Vec<Value> {
    let Refused::Fault(fault) = refused else { panic!("no memory") };
    let text = |s: &str| Value::Text(s.chars().map(u32::from).collect());
    let [start, end] = [fault.start, fault.end].map(|i| Value::Int(i as i64));
    vec![text(codec.name()), start, end, text(fault.reason)]
}

fn decoded(codec: &str, handler: &str, last: bool, input: &[u8]) -> Vec<Value> {
    let mut errors = plain(codec, handler);
    let mut out = TextBuf::new();
    let codec = errors.codec;
    match codec::decode(codec, input, last, &mut errors, &mut out) {
        Ok(_) if !narrowest(&out) => panic!("{out:?}"),
        Ok(used) => vec![as_text(out.view()), Value::Int(used as i64)],
        Err(error) => refused(codec.decoding(input), error),
    }
}

fn encoded(codec: &str, handler: &str, text: Chars<'_>) -> Vec<Value> {
    let mut errors = plain(codec, handler);
    let mut out = ByteBuf::new();
    let codec = errors.codec;
    match codec::encode(codec, text, &mut errors, &mut out) {
        Ok(()) => vec![Value::Bytes(out.to_vec())],
        Err(error) => refused(codec, error),
    }
}

fn unescaped(handler: &str, input: &[u8]) -> Value {
    let bad_hex = match handler {
        "strict" => BadHex::Raise,
        "ignore" => BadHex::Ignore,
        _ => BadHex::Replace,
    };
    let mut out = ByteBuf::new();
    match decode_bytes(input, bad_hex, &mut out) {
        Ok(_) => Value::Bytes(out.to_vec()),
        Err(EscapeFault::Hex(at)) => Value::Int(at as i64),
        Err(_) => Value::None,
    }
}

/// What we say to a line, and what the record says.
fn run(line: &str) -> (Vec<Value>, Vec<Value>) {
    let mut fields = line.split(' ');
    let name: Vec<&str> = fields.next().unwrap().split(':').collect();
    let values: Vec<Value> = fields.map(Value::parse).collect();
    let first = values[0].built();
    match name[..] {
        ["decode", codec, handler, last] => {
            (decoded(codec, handler, last == "1", first.view().as_bytes()), values[1..].to_vec())
        }
        ["encode", codec, handler] => (encoded(codec, handler, first.view()), values[1..].to_vec()),
        ["unescape", handler] => (vec![unescaped(handler, first.view().as_bytes())], values[1..].to_vec()),
        _ => {
            let (expected, args) = values.split_last().unwrap();
            let number = name.get(1).map_or(isize::MAX, |n| n.parse().unwrap());
            (vec![method(name[0], number, args)], vec![expected.clone()])
        }
    }
}

fn check(record: &str) {
    assert!(record.lines().count() > 1000);
    let wrong: Vec<_> =
        record.lines().map(|line| (line, run(line))).filter(|(_, (ours, recorded))| ours != recorded).collect();
    assert!(wrong.is_empty(), "{} differ, such as {:#?}", wrong.len(), &wrong[..wrong.len().min(12)]);
}

#[test]
fn methods_are_as_recorded() {
    check(include_str!("recorded/methods.txt"));
}

#[test]
fn codecs_are_as_recorded() {
    check(include_str!("recorded/codecs.txt"));
}

#[test]
fn a_longer_record_holds() {
    if let Ok(path) = std::env::var("DEATHLESS_TEXT_RECORD") {
        check(&std::fs::read_to_string(path).unwrap());
    }
}
