//! Encoding and decoding with objects: exceptions, registered error handlers, registered codecs.
//!
//! The encodings themselves are in `types/text/codec`. An error handler is looked up when the first fault is
//! met, as CPython does; the standard ones are known by name and run without an object.

use super::arguments::Failed;
use super::{Chars, Str, registry};
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::buffer::{Buffer, exporter_of};
use crate::protocol::{call, number};
use crate::runtime::ThreadState;
use crate::types::exceptions::{INDEX_ERROR, LOOKUP_ERROR, TYPE_ERROR, UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR};
use crate::types::text::TextBuf;
use crate::types::text::codec::{self, ByteBuf, Codec, DecodeErrors, EncodeErrors, Fault, Handler, Replacement, utf8};
use crate::types::{Bytes, Int, Tuple};

/// What answers a fault.
enum Answer {
    Standard(Handler),
    Called(Owned<Object>),
}

/// The error handling of one conversion.
pub struct Errors<'a> {
    ts: &'a ThreadState,
    codec: Codec,
    /// What exceptions call the encoding, where that is not the codec's own name.
    encoding: Option<&'static str>,
    /// The one reason that exceptions give, each of one byte or character, where they are not told more.
    reason: Option<&'static str>,
    name: Option<&'a str>,
    answer: Option<Answer>,
    /// What is converted, as an object for exceptions.
    source: Option<Owned<Object>>,
}

impl<'a> Errors<'a> {
    pub fn new(ts: &'a ThreadState, codec: Codec, name: Option<&'a str>, source: Option<Owned<Object>>) -> Errors<'a> {
        Errors { ts, codec, encoding: None, reason: None, name, answer: None, source }
    }

    /// For an encoding that is none of the codecs; `codec` stands in for it.
    pub fn named(
        ts: &'a ThreadState,
        encoding: &'static str,
        codec: Codec,
        name: Option<&'a str>,
        source: Option<Owned<Object>>,
    ) -> Errors<'a> {
        Errors { encoding: Some(encoding), ..Errors::new(ts, codec, name, source) }
    }

    /// For the functions of the locale, whose errors tell no more than where.
    pub fn locale(
        ts: &'a ThreadState,
        reason: &'static str,
        name: Option<&'a str>,
        source: Option<Owned<Object>>,
    ) -> Errors<'a> {
        Errors { reason: Some(reason), ..Errors::named(ts, "locale", Codec::Utf8, name, source) }
    }

    fn answer(&mut self) -> Result<&Answer> {
        let (ts, name) = (self.ts, self.name.unwrap_or("strict"));
        if self.answer.is_none() {
            self.answer = Some(match Handler::from_name(name.as_bytes()) {
                Some(handler) => Answer::Standard(handler),
                None => Answer::Called(registry::lookup_error(ts, name)?),
            });
        }
        match &self.answer {
            Some(answer) => Ok(answer),
            None => Err(ts.raise(&LOOKUP_ERROR, format_args!("unknown error handler name '{name}'"))),
        }
    }

    fn decode_error(&mut self, input: &[u8], fault: Fault) -> Result<Owned<Tuple>> {
        let ts = self.ts;
        if self.source.is_none() {
            self.source = Some(Bytes::new(ts, input)?.upcast());
        }
        let name = self.encoding.unwrap_or(self.codec.decoding(input).name());
        error_arguments(ts, name, self.source.as_deref(), self.told(fault))
    }

    fn encode_error(&mut self, text: Chars<'_>, fault: Fault) -> Result<Owned<Tuple>> {
        let ts = self.ts;
        if self.source.is_none() {
            self.source = Some(Str::from_chars(ts, text)?.upcast());
        }
        let name = self.encoding.unwrap_or(self.codec.name());
        error_arguments(ts, name, self.source.as_deref(), self.told(fault))
    }

    /// The fault as an exception tells it.
    fn told(&self, fault: Fault) -> Fault {
        self.reason.map_or(fault, |reason| Fault { start: fault.start, end: fault.start + 1, reason })
    }
}

fn error_arguments(ts: &ThreadState, codec: &str, source: Option<&Object>, fault: Fault) -> Result<Owned<Tuple>> {
    let codec = Str::new(ts, codec)?;
    let (start, end) = (Int::from_i64(ts, fault.start as i64)?, Int::from_i64(ts, fault.end as i64)?);
    let reason = Str::new(ts, fault.reason)?;
    Tuple::new(ts, &[&codec, source.unwrap_or(crate::types::singletons::none_ref()), &start, &end, &reason])
}

impl DecodeErrors for Errors<'_> {
    type Error = Failed;

    #[cold]
    fn handle(&mut self, input: &[u8], fault: Fault, out: &mut TextBuf) -> core::result::Result<usize, Failed> {
        let (ts, codec) = (self.ts, self.codec);
        let function = match self.answer()? {
            Answer::Standard(handler) if !handler.decodes() => {
                let message = "don't know how to handle UnicodeDecodeError in error callback";
                return Err(ts.raise_str(&TYPE_ERROR, message).into());
            }
            Answer::Standard(handler) => {
                return match handler.decode(codec, input, fault, out)? {
                    Some(at) => Ok(at),
                    None => {
                        let arguments = self.decode_error(input, fault)?;
                        Err(ts.raise_value(&UNICODE_DECODE_ERROR, arguments.upcast()).into())
                    }
                };
            }
            Answer::Called(function) => function.clone(),
        };
        let arguments = self.decode_error(input, fault)?;
        let exception = call::call(ts, UNICODE_DECODE_ERROR.as_object(), arguments.as_slice())?;
        let shape = "decoding error handler must return (str, int) tuple";
        let (instead, at) = ask(ts, &function, &exception, input.len(), shape)?;
        let Some(text) = instead.downcast::<Str>() else { return Err(ts.raise_str(&TYPE_ERROR, shape).into()) };
        out.extend(text.chars())?;
        Ok(at)
    }
}

impl EncodeErrors for Errors<'_> {
    type Error = Failed;

    #[cold]
    fn handle(&mut self, text: Chars<'_>, fault: Fault) -> core::result::Result<(Replacement, usize), Failed> {
        let (ts, codec) = (self.ts, self.codec);
        let function = match self.answer()? {
            Answer::Standard(handler) => {
                return match handler.encode(codec, text, fault)? {
                    Some(instead) => Ok(instead),
                    None => Err(self.refuse(text, fault)),
                };
            }
            Answer::Called(function) => function.clone(),
        };
        let arguments = self.encode_error(text, fault)?;
        let exception = call::call(ts, UNICODE_ENCODE_ERROR.as_object(), arguments.as_slice())?;
        let shape = "encoding error handler must return (str/bytes, int) tuple";
        let (instead, at) = ask(ts, &function, &exception, text.len(), shape)?;
        if let Some(text) = instead.downcast::<Str>() {
            let mut buf = TextBuf::new();
            buf.extend(text.chars())?;
            return Ok((Replacement::Text(buf), at));
        }
        let Some(bytes) = instead.downcast::<Bytes>() else { return Err(ts.raise_str(&TYPE_ERROR, shape).into()) };
        let mut buf = ByteBuf::new();
        codec::append(&mut buf, bytes.as_slice())?;
        Ok((Replacement::Bytes(buf), at))
    }

    #[cold]
    fn refuse(&mut self, text: Chars<'_>, fault: Fault) -> Failed {
        match self.encode_error(text, fault) {
            Ok(arguments) => self.ts.raise_value(&UNICODE_ENCODE_ERROR, arguments.upcast()).into(),
            Err(raised) => raised.into(),
        }
    }
}

/// Calls a registered handler: what stands for the fault, and where to go on.
pub(super) fn ask(
    ts: &ThreadState,
    function: &Object,
    exception: &Object,
    len: usize,
    shape: &str,
) -> Result<(Owned<Object>, usize)> {
    let answer = call::call(ts, function, &[exception])?;
    let Some([instead, at]) = answer.downcast::<Tuple>().map(Tuple::as_slice) else {
        return Err(ts.raise_str(&TYPE_ERROR, shape));
    };
    if at.downcast::<Int>().is_none() {
        return Err(ts.raise_str(&TYPE_ERROR, shape));
    }
    let given = number::as_ssize(ts, at, Some(&crate::types::exceptions::OVERFLOW_ERROR))?;
    let at = if given < 0 { given.saturating_add_unsigned(len) } else { given };
    match usize::try_from(at) {
        Ok(at) if at <= len => Ok((Owned::new(instead), at)),
        _ => Err(ts.raise(&INDEX_ERROR, format_args!("position {given} from error handler out of bounds"))),
    }
}

/// Raises what encoding lone surrogates raises, if there are any.
pub fn refuse_surrogates(ts: &ThreadState, text: &Str) -> Result<()> {
    if !utf8::has_surrogates(text.chars()) {
        return Ok(());
    }
    let mut errors = Errors::new(ts, Codec::Utf8, None, Some(Owned::new(text.as_object())));
    let mut out = ByteBuf::new();
    codec::encode(Codec::Utf8, text.chars(), &mut errors, &mut out).map_err(|f: Failed| f.raised(ts))
}

/// `text.encode(encoding, errors)`.
pub fn encode(ts: &ThreadState, text: &Str, encoding: Option<&str>, errors: Option<&str>) -> Result<Owned<Bytes>> {
    match codec_of(encoding) {
        Some(codec) => noted(ts, "encoding", encoding, encode_with(ts, codec, text, errors)),
        None => registry::encode_text(ts, text, encoding.unwrap_or("utf-8"), errors),
    }
}

/// With a codec that the runtime knows.
pub fn encode_with(ts: &ThreadState, codec: Codec, text: &Str, errors: Option<&str>) -> Result<Owned<Bytes>> {
    if let (Some(ascii), Codec::Utf8 | Codec::Ascii | Codec::Latin1) = (text.as_ascii(), codec) {
        return Bytes::new(ts, ascii.as_bytes());
    }
    if codec == Codec::Utf8 && !utf8::has_surrogates(text.chars()) {
        let n = ts.allocated(utf8::encoded_len(text.chars()))?;
        return Bytes::filled(ts, n, |room| utf8::encode_into(text.chars(), room));
    }
    let mut handler = Errors::new(ts, codec, errors, Some(Owned::new(text.as_object())));
    let mut out = ByteBuf::new();
    codec::encode(codec, text.chars(), &mut handler, &mut out).map_err(|f: Failed| f.raised(ts))?;
    Bytes::new(ts, &out)
}

/// Says in a note which codec failed, as CPython does for all that it finds by its registry. Some encodings
/// it knows without, under some of their names.
fn noted<T>(ts: &ThreadState, what: &str, encoding: Option<&str>, result: Result<T>) -> Result<T> {
    match (result, encoding) {
        (Err(raised), Some(encoding)) if !is_direct(encoding) => Err(add_note(ts, what, encoding, raised)),
        (result, _) => result,
    }
}

/// `encoding with 'x' codec failed`, as a note of what is raised.
#[cold]
pub(super) fn add_note(ts: &ThreadState, what: &str, encoding: &str, raised: Raised) -> Raised {
    crate::protocol::object::add_note(ts, raised, &format!("{what} with '{encoding}' codec failed"))
}

fn is_direct(encoding: &str) -> bool {
    let mut name = String::new();
    for c in encoding.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || c == '.' => name.push(c.to_ascii_lowercase()),
            _ if name.is_empty() || name.ends_with('_') => {}
            _ => name.push('_'),
        }
    }
    let name = name.strip_suffix('_').unwrap_or(&name);
    match name.strip_prefix("utf") {
        Some(width) => matches!(width.strip_prefix('_').unwrap_or(width), "8" | "16" | "32"),
        None => matches!(name, "ascii" | "us_ascii" | "latin1" | "latin_1" | "iso_8859_1" | "iso8859_1"),
    }
}

/// The codec of a name, if the runtime knows it by itself.
pub fn codec_of(encoding: Option<&str>) -> Option<Codec> {
    encoding.map_or(Some(Codec::Utf8), |name| Codec::lookup(name.as_bytes()))
}

/// The text that bytes stand for.
pub fn decode(ts: &ThreadState, input: &[u8], encoding: Option<&str>, errors: Option<&str>) -> Result<Owned<Str>> {
    match codec_of(encoding) {
        Some(codec) => Ok(noted(ts, "decoding", encoding, decode_with(ts, codec, input, errors, None, true))?.0),
        None => {
            let input = Bytes::new(ts, input)?;
            registry::decode_text(ts, &input, encoding.unwrap_or("utf-8"), errors)
        }
    }
}

/// With a codec that the runtime knows; also how much was decoded, which is all if nothing more is to follow.
pub fn decode_with(
    ts: &ThreadState,
    codec: Codec,
    input: &[u8],
    errors: Option<&str>,
    source: Option<Owned<Object>>,
    last: bool,
) -> Result<(Owned<Str>, usize)> {
    if matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1) && input.is_ascii() {
        // SAFETY: checked.
        return Ok((unsafe { Str::from_ascii(ts, input)? }, input.len()));
    }
    if codec == Codec::Utf8
        && let Ok(text) = simdutf8::basic::from_utf8(input)
    {
        return Ok((Str::new(ts, text)?, input.len()));
    }
    // An exception shows the text without the mark.
    let source = source.filter(|_| codec != Codec::Utf8Sig);
    let mut handler = Errors::new(ts, codec, errors, source);
    let mut out = TextBuf::new();
    let decoded = codec::decode(codec, input, last, &mut handler, &mut out).map_err(|f: Failed| f.raised(ts))?;
    Ok((Str::from_buf(ts, &out)?, decoded))
}

/// `source.decode(encoding, errors)` of anything with a buffer.
pub fn decode_object(
    ts: &ThreadState,
    source: &Object,
    encoding: Option<&str>,
    errors: Option<&str>,
) -> Result<Owned<Object>> {
    let buffer = Buffer::simple(ts, source)?;
    match codec_of(encoding) {
        Some(codec) => {
            let exact = source.downcast_exact::<Bytes>().map(|b| Owned::new(b.as_object()));
            let made = decode_with(ts, codec, buffer.as_slice(), errors, exact, true);
            Ok(noted(ts, "decoding", encoding, made)?.0.upcast())
        }
        None => Ok(registry::decode_text(ts, source, encoding.unwrap_or("utf-8"), errors)?.upcast()),
    }
}

/// `PyUnicode_FromEncodedObject`.
pub fn decode_buffer_or_refuse(
    ts: &ThreadState,
    source: &Object,
    encoding: Option<&str>,
    errors: Option<&str>,
) -> Result<Owned<Str>> {
    if source.downcast::<Str>().is_some() {
        return Err(ts.raise_str(&TYPE_ERROR, "decoding str is not supported"));
    }
    if exporter_of(source).is_none() {
        let name = source.ty().full_name();
        let message = format_args!("decoding to str: need a bytes-like object, {name} found");
        return Err(ts.raise(&TYPE_ERROR, message));
    }
    let buffer = Buffer::simple(ts, source)?;
    if buffer.as_slice().is_empty() {
        return Ok(Str::empty());
    }
    decode(ts, buffer.as_slice(), encoding, errors)
}

/// `LookupError: unknown encoding: …`
#[cold]
pub fn unknown_encoding(ts: &ThreadState, encoding: &str) -> Raised {
    ts.raise(&LOOKUP_ERROR, format_args!("unknown encoding: {encoding}"))
}
