//! `PyArg_ParseTupleAndKeywords`.
//!
//! Parameters are walked in order; each takes its positional argument or else the keyword argument of its name.
//! Names are C strings; the leading empty ones are positional-only. `|` begins the optional, `$` the
//! keyword-only parameters.

use core::ffi::{CStr, c_char};

use super::convert::Converter;
use super::error::{function, limited, plural};
use super::skip::{is_end, skip};
use super::{Failure, Outline};
use crate::format::cursor::Cursor;
use crate::format::va::VaSource;
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::suggest;
use crate::runtime::ThreadState;
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::{Dict, Str, Tuple};

/// The parameters' names, an array that ends with NULL.
#[derive(Clone, Copy)]
struct Names(*const *const c_char);

impl Names {
    /// The name at `i`, or nothing at the end, behind which nobody looks.
    #[inline]
    fn get(&self, i: usize) -> Option<&CStr> {
        // SAFETY: [cstr] within the array or its end, by the promise of `parse_keywords`.
        unsafe {
            let name = *self.0.add(i);
            if name.is_null() { None } else { Some(CStr::from_ptr(name)) }
        }
    }

    /// Whether parameter `i` exists, and whether it has no name, without reading the whole of it.
    #[inline(always)]
    fn is_empty(&self, i: usize) -> Option<bool> {
        // SAFETY: as above.
        unsafe {
            let name = *self.0.add(i);
            if name.is_null() { None } else { Some(*name == 0) }
        }
    }

    fn text(&self, i: usize) -> &str {
        self.get(i).and_then(|name| name.to_str().ok()).unwrap_or("")
    }
}

struct Binding<'a> {
    ts: &'a ThreadState,
    given: &'a [&'a Object],
    kwargs: Option<&'a Dict>,
    names: Names,
    /// Positional-only parameters, and all parameters.
    unnamed: usize,
    total: usize,
    /// Where `|` and `$` stood.
    min: Option<usize>,
    max: Option<usize>,
    outline: Outline<'a>,
}

/// # Safety
/// `format` is NUL-terminated and `names` ends with NULL; `va` holds what the format asks for: pointers valid for a
/// write.
pub unsafe fn parse_keywords<V: VaSource>(
    ts: &ThreadState,
    args: &Tuple,
    kwargs: Option<&Dict>,
    format: Cursor<'_>,
    names: *const *const c_char,
    va: &mut V,
) -> Result<()> {
    let names = Names(names);
    let mut unnamed = 0;
    while names.is_empty(unnamed) == Some(true) {
        unnamed += 1;
    }
    let mut total = unnamed;
    while let Some(empty) = names.is_empty(total) {
        if empty {
            return Err(ts.raise_str(&SYSTEM_ERROR, "Empty keyword parameter name"));
        }
        total += 1;
    }
    let outline = named(format);
    let given = args.as_slice();
    let mut binding = Binding { ts, given, kwargs, names, unnamed, total, min: None, max: None, outline };
    let n_keywords = kwargs.map_or(0, Dict::len);
    if given.len() + n_keywords > total {
        return Err(binding.too_many(given.len() + n_keywords));
    }
    let mut converter = Converter::new(ts, va, format);
    binding.convert_all(&mut converter, n_keywords)?;
    converter.keep_all();
    Ok(())
}

/// The name or the message behind the units: here nothing is counted.
fn named(mut format: Cursor<'_>) -> Outline<'_> {
    let mut outline = Outline { min: 0, max: 0, name: None, message: None };
    loop {
        match format.take() {
            0 => return outline,
            b':' => {
                outline.name = Some(format);
                outline.message = None;
                return outline;
            }
            b';' if outline.message.is_none() => outline.message = Some(format),
            _ => {}
        }
    }
}

impl<'a> Binding<'a> {
    #[inline]
    fn convert_all<V: VaSource>(&mut self, converter: &mut Converter<'_, '_, V>, n_keywords: usize) -> Result<()> {
        let ts = self.ts;
        let mut left = n_keywords;
        // A positional-only argument is missing; go on only to learn how many there should be.
        let mut missing = false;
        let mut i = 0;
        while i < self.total {
            if self.marks(converter, i, missing)? {
                break;
            }
            if is_end(converter.format.peek()) {
                return Err(ts.raise(
                    &SYSTEM_ERROR,
                    format_args!("More keyword list entries ({}) than format specifiers ({i})", self.total),
                ));
            }
            if !missing {
                if let Some(&arg) = self.given.get(i) {
                    converter.item(arg).map_err(|failure| self.failed(failure, i))?;
                    i += 1;
                    continue;
                }
                if left > 0
                    && i >= self.unnamed
                    && let Some(arg) = self.keyword(i)
                {
                    left -= 1;
                    converter.item(&arg).map_err(|failure| self.failed(failure, i))?;
                    i += 1;
                    continue;
                }
                if self.min.is_none() {
                    if i >= self.unnamed {
                        return Err(self.missing(i));
                    }
                    missing = true;
                } else if left == 0 {
                    return Ok(());
                }
            }
            let here = converter.format;
            if let Err(what) = skip(&mut converter.format, converter.va) {
                return Err(ts.raise(&SYSTEM_ERROR, format_args!("{what}: '{}'", here.text(usize::MAX))));
            }
            i += 1;
        }
        if missing {
            return Err(self.too_few_positional(i));
        }
        let rest = converter.format.peek();
        if !is_end(rest) && rest != b'|' && rest != b'$' {
            return Err(ts.raise(
                &SYSTEM_ERROR,
                format_args!(
                    "more argument specifiers than keyword list entries (remaining format:'{}')",
                    converter.format.text(usize::MAX)
                ),
            ));
        }
        if left > 0 { Err(self.left_over()) } else { Ok(()) }
    }

    /// Takes note of `|` and `$` before parameter `i`. True when there is nothing more to learn.
    #[inline]
    fn marks<V: VaSource>(&mut self, converter: &mut Converter<'_, '_, V>, i: usize, missing: bool) -> Result<bool> {
        let invalid = |what: &str| Err(self.ts.raise_str(&SYSTEM_ERROR, what));
        if converter.format.eat(b'|') {
            if self.min.is_some() {
                return invalid("Invalid format string (| specified twice)");
            }
            if self.max.is_some() {
                return invalid("Invalid format string ($ before |)");
            }
            self.min = Some(i);
        }
        if converter.format.eat(b'$') {
            if self.max.is_some() {
                return invalid("Invalid format string ($ specified twice)");
            }
            if i < self.unnamed {
                return invalid("Empty parameter name after $");
            }
            self.max = Some(i);
            if missing {
                return Ok(true);
            }
            if i < self.given.len() {
                return Err(self.too_many_positional(i));
            }
        }
        Ok(false)
    }

    /// The keyword argument of parameter `i`'s name. Its reference is new: a converter may change the dict.
    fn keyword(&self, i: usize) -> Option<Owned<Object>> {
        let name = self.names.get(i)?.to_str().ok()?;
        find(self.kwargs?, name).map(Owned::new)
    }

    #[cold]
    fn failed(&self, failure: Failure, i: usize) -> Raised {
        failure.raise(self.ts, i + 1, self.outline)
    }

    #[cold]
    fn too_many(&self, given: usize) -> Raised {
        let (f, n) = (function(self.outline.name, 200), self.total);
        let kind = if self.given.is_empty() { "keyword " } else { "" };
        let s = plural(n);
        self.ts.raise(&TYPE_ERROR, format_args!("{f} takes at most {n} {kind}argument{s} ({given} given)"))
    }

    #[cold]
    fn too_many_positional(&self, max: usize) -> Raised {
        let f = function(self.outline.name, 200);
        if max == 0 {
            return self.ts.raise(&TYPE_ERROR, format_args!("{f} takes no positional arguments"));
        }
        let bound = if self.min.is_some() { "at most" } else { "exactly" };
        let (given, s) = (self.given.len(), plural(max));
        self.ts.raise(&TYPE_ERROR, format_args!("{f} takes {bound} {max} positional argument{s} ({given} given)"))
    }

    #[cold]
    fn too_few_positional(&self, seen: usize) -> Raised {
        let f = function(self.outline.name, 200);
        let wanted = self.unnamed.min(self.min.unwrap_or(usize::MAX));
        let bound = if wanted < seen { "at least" } else { "exactly" };
        let (given, s) = (self.given.len(), plural(wanted));
        self.ts.raise(&TYPE_ERROR, format_args!("{f} takes {bound} {wanted} positional argument{s} ({given} given)"))
    }

    #[cold]
    fn missing(&self, i: usize) -> Raised {
        let (f, name) = (function(self.outline.name, 200), self.names.text(i));
        self.ts.raise(&TYPE_ERROR, format_args!("{f} missing required argument '{name}' (pos {})", i + 1))
    }

    /// Keyword arguments were left that no parameter took.
    #[cold]
    fn left_over(&self) -> Raised {
        let ts = self.ts;
        let f = function(self.outline.name, 200);
        let kwargs = self.kwargs.expect("some are left");
        for i in self.unnamed..self.given.len() {
            let name = self.names.text(i);
            if find(kwargs, name).is_some() {
                return ts.raise(
                    &TYPE_ERROR,
                    format_args!("argument for {f} given by name ('{name}') and position ({})", i + 1),
                );
            }
        }
        let names: Vec<&str> = (self.unnamed..self.total).map(|i| self.names.text(i)).collect();
        let mut position = 0;
        while let Some((next, key, _, _)) = kwargs.next_entry(position) {
            position = next;
            let Some(key) = key.downcast::<Str>() else { return ts.raise_str(&TYPE_ERROR, "keywords must be strings") };
            if names.iter().any(|name| key.equals_text(name)) {
                continue;
            }
            return self.unexpected(key, &names);
        }
        ts.raise(&SYSTEM_ERROR, format_args!("invalid keyword arguments for {}", limited(&f, 200)))
    }

    fn unexpected(&self, key: &Str, names: &[&str]) -> Raised {
        let f = self.outline.name.map_or_else(|| "this function".to_owned(), |name| function(Some(name), 200));
        let suggestion = suggest::closest(&key.to_string(), names.iter().copied());
        let hint = suggestion.map_or_else(String::new, |name| format!(". Did you mean '{name}'?"));
        let start = format!("{f} got an unexpected keyword argument '");
        super::super::printf::raise_with_str(self.ts, &TYPE_ERROR, &start, key, &format!("'{hint}"))
    }
}

fn find<'d>(kwargs: &'d Dict, name: &str) -> Option<&'d Object> {
    let mut position = 0;
    while let Some((next, key, value, _)) = kwargs.next_entry(position) {
        if key.downcast::<Str>().is_some_and(|key| key.equals_text(name)) {
            return Some(value);
        }
        position = next;
    }
    None
}

/// Whether all keys are strs.
pub fn are_keywords_valid(kwargs: &Dict) -> bool {
    let mut position = 0;
    while let Some((next, key, _, _)) = kwargs.next_entry(position) {
        if key.downcast::<Str>().is_none() {
            return false;
        }
        position = next;
    }
    true
}
