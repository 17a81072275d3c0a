//! Making bytearrays of other things: `bytearray(…)`, `PyByteArray_FromObject`.

use super::{ByteArray, byte_value};
use crate::ffi::PyBUF_FULL_RO;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Signature, with_tuple_and_dict};
use crate::protocol::buffer::{Buffer, exporter_of};
use crate::protocol::sequence;
use crate::runtime::ThreadState;
use crate::types::bytes::construct::{Source, count, source};
use crate::types::exceptions::TYPE_ERROR;
use crate::types::{Dict, Str, Tuple};

static INIT: Signature =
    Signature { name: "bytearray", params: &["source", "encoding", "errors"], required: 0, max_positional: 3 };

pub(super) fn new_slot(ts: &ThreadState, ty: &Type, _args: &Tuple, _kw: Option<&Dict>) -> Result<Owned<ByteArray>> {
    ByteArray::empty(ts, ty)
}

pub(super) fn init(ts: &ThreadState, this: &ByteArray, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    with_tuple_and_dict(ts, args, kwargs, |args| {
        let source = source(ts, &INIT, args)?;
        this.resize(ts, 0)?;
        match source {
            Source::Nothing => Ok(()),
            Source::Encoded(made) => this.splice(ts, 0, this.len(), made.as_slice()),
            Source::Object(source) => this.fill_from(ts, source),
        }
    })
}

impl ByteArray {
    /// `bytearray(source)`.
    pub fn from_object(ts: &ThreadState, source: &Object) -> Result<Owned<ByteArray>> {
        let this = ByteArray::new(ts, &[])?;
        this.fill_from(ts, source)?;
        Ok(this)
    }

    /// Adds what `source` stands for to an empty one.
    fn fill_from(&self, ts: &ThreadState, source: &Object) -> Result<()> {
        if source.downcast::<Str>().is_some() {
            return Err(ts.raise_str(&TYPE_ERROR, "string argument without an encoding"));
        }
        if let Some(n) = count(ts, source)? {
            self.resize(ts, n)?;
            self.with_content(|content| content.fill(0));
            return Ok(());
        }
        if exporter_of(source).is_some() {
            let content = Buffer::with_flags(ts, source, PyBUF_FULL_RO)?.to_bytes(ts)?;
            return self.splice(ts, 0, self.len(), content.as_slice());
        }
        let iterator = match sequence::iter(ts, source) {
            Ok(iterator) => iterator,
            Err(raised) => {
                ts.recover(raised, &TYPE_ERROR)?;
                let name = source.ty().short_name();
                return Err(ts.raise(&TYPE_ERROR, format_args!("cannot convert '{name}' object to bytearray")));
            }
        };
        while let Some(item) = sequence::next(ts, &iterator)? {
            let byte = byte_value(ts, &item)?;
            self.push(ts, byte)?;
        }
        Ok(())
    }
}
