//! Items of any format that the module `struct` knows: byte orders, several values in one item. They are read for
//! comparing views of different formats, where the values count and not the bytes.

use super::item::{Format, MAX_SIZE};
use crate::object::{Object, Owned, Result};
use crate::protocol::struct_format::{Code, Field, for_each_field, is_little_endian};
use crate::runtime::ThreadState;
use crate::types::Bytes;

/// How to read an item as the values it is made of.
pub struct Record {
    fields: Vec<Field>,
    /// Bytes of each number are to be turned around.
    swapped: bool,
}

impl Record {
    /// Nothing if it is no such format, or not of that size.
    pub fn parse(text: &[u8], itemsize: isize) -> Option<Record> {
        let mut fields = Vec::new();
        let size = for_each_field(text, |field| fields.push(field)).ok()?;
        let swapped = is_little_endian(text) != cfg!(target_endian = "little");
        (size == itemsize).then_some(Record { fields, swapped })
    }

    /// The values of the item at `at`.
    ///
    /// # Safety
    /// An item's bytes are there.
    pub unsafe fn read(&self, ts: &ThreadState, at: *const u8) -> Result<Vec<Owned<Object>>> {
        let mut values = Vec::new();
        for field in &self.fields {
            // SAFETY: the fields are within the item.
            let bytes = unsafe { core::slice::from_raw_parts(at.add(field.offset), field.size * field.count) };
            match field.code {
                Code::Plain(b's') => values.push(Bytes::new(ts, bytes)?.upcast()),
                Code::Plain(b'p') => values.push(Bytes::new(ts, pascal_string(bytes))?.upcast()),
                code => {
                    for item in bytes.chunks_exact(field.size) {
                        values.push(self.value(ts, code, item)?);
                    }
                }
            }
        }
        Ok(values)
    }

    fn value(&self, ts: &ThreadState, code: Code, item: &[u8]) -> Result {
        let mut bytes = [0; MAX_SIZE];
        bytes[..item.len()].copy_from_slice(item);
        let parts = if matches!(code, Code::Complex(_)) { 2 } else { 1 };
        if self.swapped {
            bytes[..item.len()].chunks_exact_mut(item.len() / parts).for_each(<[u8]>::reverse);
        }
        let format = match code {
            Code::Complex(b'f') => Format::ComplexFloat,
            Code::Complex(_) => Format::ComplexDouble,
            // Of the sizes that are the same everywhere: a C type of this machine has each of them.
            Code::Plain(b'l') if item.len() == 4 => Format::Plain(b'i'),
            Code::Plain(b'L') if item.len() == 4 => Format::Plain(b'I'),
            Code::Plain(code) => Format::Plain(code),
        };
        format.to_object(ts, &bytes)
    }
}

/// The first byte says how many follow.
fn pascal_string(bytes: &[u8]) -> &[u8] {
    match bytes.split_first() {
        Some((&n, rest)) => &rest[..usize::from(n).min(rest.len())],
        None => bytes,
    }
}
