//! Numbers, strings, f-strings, and the displays of tuple, list, set and dict.

use std::ffi::CString;
use std::ptr;

use rustpython_ruff_python_ast::str_prefix::{FStringPrefix, StringLiteralPrefix};
use rustpython_ruff_python_ast::{
    ConversionFlag, DictItem, Expr, ExprBytesLiteral, ExprFString, ExprStringLiteral, FString, FStringPart,
    InterpolatedElement, InterpolatedStringElement, Number, StringLiteral,
};

use rustpython_ruff_text_size::Ranged;

use super::source::with_surrogates;
use super::{Line, clear_if, raise, string, type_name};
use crate::object::{Fault, Obj, Outcome};
use crate::runtime::api;

pub(super) fn number(value: &Number) -> Outcome<Obj> {
    match value {
        Number::Float(value) => api().PyFloat_FromDouble(*value),
        Number::Complex { real, imag } => api().PyComplex_FromDoubles(*real, *imag),
        Number::Int(value) => match value.as_u64() {
            Some(small) => api().PyLong_FromUnsignedLongLong(small),
            None => {
                let digits = CString::new(value.to_string())
                    .map_err(|_| Fault::Unsupported("an int with a NUL character".to_owned()))?;
                api().PyLong_FromString(&digits, ptr::null_mut(), 0)
            }
        },
    }
}

pub(super) fn bytes(literal: &ExprBytesLiteral) -> Outcome<Obj> {
    let value: Vec<u8> = literal.value.bytes().collect();
    api().PyBytes_FromStringAndSize(value.as_ptr().cast(), value.len() as isize)
}

impl Line<'_> {
    pub(super) fn string_literal(&mut self, literal: &ExprStringLiteral) -> Outcome<Obj> {
        let parts = literal.value.iter().map(|part| self.decoded(part));
        wtf8(&parts.collect::<Vec<_>>().concat())
    }

    fn decoded(&self, part: &StringLiteral) -> Vec<u8> {
        let raw = matches!(part.flags.prefix(), StringLiteralPrefix::Raw { .. });
        with_surrogates(&part.value, &self.source[part.range.to_std_range()], raw)
    }

    pub(super) fn f_string(&mut self, literal: &ExprFString) -> Outcome<Obj> {
        let parts = api().PyList_New(0)?;
        for part in literal.value.iter() {
            match part {
                FStringPart::Literal(text) => {
                    api().PyList_Append(&parts, &wtf8(&self.decoded(text))?)?;
                }
                FStringPart::FString(text) => self.f_string_parts(text, &parts)?,
            }
        }
        api().PyUnicode_Join(&string("")?, &parts)
    }

    fn f_string_parts(&mut self, text: &FString, parts: &Obj) -> Outcome<()> {
        let raw = matches!(text.flags.prefix(), FStringPrefix::Raw { .. });
        text.elements.iter().try_for_each(|element| self.f_string_element(element, raw, parts))
    }

    fn f_string_element(&mut self, element: &InterpolatedStringElement, raw: bool, parts: &Obj) -> Outcome<()> {
        match element {
            InterpolatedStringElement::Literal(text) => {
                let source = &self.source[text.range.to_std_range()];
                api().PyList_Append(parts, &wtf8(&with_surrogates(&text.value, source, raw))?)?;
            }
            InterpolatedStringElement::Interpolation(field) => self.field(field, raw, parts)?,
        }
        Ok(())
    }

    /// `{value=!r:spec}`
    fn field(&mut self, field: &InterpolatedElement, raw: bool, parts: &Obj) -> Outcome<()> {
        if let Some(debug) = &field.debug_text {
            let range = field.expression.range().to_std_range();
            let shown = format!("{}{}{}", debug.leading, &self.source[range], debug.trailing);
            api().PyList_Append(parts, &string(&shown)?)?;
        }
        let mut value = self.eval(&field.expression)?;
        let plain = field.debug_text.is_some() && field.format_spec.is_none();
        value = match field.conversion {
            ConversionFlag::None if plain => api().PyObject_Repr(&value)?,
            ConversionFlag::None => value,
            ConversionFlag::Str => api().PyObject_Str(&value)?,
            ConversionFlag::Repr => api().PyObject_Repr(&value)?,
            ConversionFlag::Ascii => api().PyObject_ASCII(&value)?,
        };
        let spec = match &field.format_spec {
            None => None,
            Some(spec) => {
                let spec_parts = api().PyList_New(0)?;
                for element in &spec.elements {
                    self.f_string_element(element, raw, &spec_parts)?;
                }
                Some(api().PyUnicode_Join(&string("")?, &spec_parts)?)
            }
        };
        api().PyList_Append(parts, &api().PyObject_Format(&value, spec.as_ref())?)?;
        Ok(())
    }

    pub(super) fn tuple(&mut self, items: &[Expr]) -> Outcome<Obj> {
        if items.iter().any(Expr::is_starred_expr) {
            return api().PyList_AsTuple(&self.list(items)?);
        }
        let values: Vec<Obj> = items.iter().map(|item| self.eval(item)).collect::<Outcome<_>>()?;
        let tuple = api().PyTuple_New(values.len() as isize)?;
        for (index, value) in values.into_iter().enumerate() {
            api().PyTuple_SetItem(&tuple, index as isize, value)?;
        }
        Ok(tuple)
    }

    pub(super) fn list(&mut self, items: &[Expr]) -> Outcome<Obj> {
        let list = api().PyList_New(0)?;
        for item in items {
            match item {
                Expr::Starred(starred) => {
                    let value = self.eval(&starred.value)?;
                    each_starred(&value, |item| api().PyList_Append(&list, &item).map(drop))?;
                }
                other => {
                    api().PyList_Append(&list, &self.eval(other)?)?;
                }
            }
        }
        Ok(list)
    }

    pub(super) fn set(&mut self, items: &[Expr]) -> Outcome<Obj> {
        let set = api().PySet_New(None)?;
        // CPython evaluates a run of plain items before it adds the first of them.
        for run in items.chunk_by(|a, b| !a.is_starred_expr() && !b.is_starred_expr()) {
            if let [Expr::Starred(starred)] = run {
                let iterator = api().PyObject_GetIter(&self.eval(&starred.value)?)?;
                while let Some(item) = api().PyIter_Next(&iterator)? {
                    api().PySet_Add(&set, &item)?;
                }
                continue;
            }
            let values: Vec<Obj> = run.iter().map(|item| self.eval(item)).collect::<Outcome<_>>()?;
            for value in &values {
                api().PySet_Add(&set, value)?;
            }
        }
        Ok(set)
    }

    pub(super) fn dict(&mut self, items: &[DictItem]) -> Outcome<Obj> {
        let dict = api().PyDict_New()?;
        for run in items.chunk_by(|a, b| a.key.is_some() && b.key.is_some()) {
            if let [DictItem { key: None, value }] = run {
                let other = self.eval(value)?;
                match api().PyDict_Update(&dict, &other) {
                    Err(Fault::Raised) if clear_if("PyExc_AttributeError")? => {
                        let message = format!("'{}' object is not a mapping", type_name(&other)?);
                        return Err(raise("PyExc_TypeError", &message)?);
                    }
                    outcome => {
                        outcome?;
                    }
                }
                continue;
            }
            let mut pairs = Vec::with_capacity(run.len());
            for DictItem { key, value } in run {
                let key = key.as_ref().map(|key| self.eval(key)).transpose()?;
                pairs.push((key, self.eval(value)?));
            }
            for (key, value) in &pairs {
                if let Some(key) = key {
                    api().PyDict_SetItem(&dict, key, value)?;
                }
            }
        }
        Ok(dict)
    }
}

/// The items of `*value`, with the message that this place has for what is no
/// iterable.
pub(super) fn each_starred(value: &Obj, mut each: impl FnMut(Obj) -> Outcome<()>) -> Outcome<()> {
    let class = api().PyObject_Type(value)?;
    let iterator = match api().PyObject_GetIter(value) {
        Err(Fault::Raised) if !has_iter(&class)? && clear_if("PyExc_TypeError")? => {
            let message = format!("Value after * must be an iterable, not {}", type_name(value)?);
            return Err(raise("PyExc_TypeError", &message)?);
        }
        iterator => iterator?,
    };
    while let Some(item) = api().PyIter_Next(&iterator)? {
        each(item)?;
    }
    Ok(())
}

/// Asked while an exception is set, which is put back.
fn has_iter(class: &Obj) -> Outcome<bool> {
    let pending = api().take_raised()?;
    let found = match api().attribute(class, c"__iter__") {
        Err(Fault::Raised) => {
            api().PyErr_Clear()?;
            Ok(false)
        }
        found => found.map(|_| true),
    };
    if let Some(exception) = pending {
        let class = api().PyObject_Type(&exception)?;
        api().PyErr_SetObject(&class, &exception)?;
    }
    found
}

fn wtf8(bytes: &[u8]) -> Outcome<Obj> {
    api().PyUnicode_DecodeUTF8(bytes.as_ptr().cast(), bytes.len() as isize, c"surrogatepass")
}
