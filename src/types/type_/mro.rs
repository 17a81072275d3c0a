//! The method resolution order: C3, or what a metaclass's `mro()` says.

use smallvec::{SmallVec, smallvec};

use super::attributes::fully_qualified;
use super::layout;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::protocol::call;
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::{Tuple, identifiers as id};

/// # Safety
/// `object` is a type.
pub unsafe fn as_type(object: &Object) -> &Type {
    // SAFETY: the caller's promise.
    unsafe { object.cast() }
}

impl Type {
    /// The direct bases.
    pub fn bases(&self) -> &[&Type] {
        use crate::object::ObjectCell;
        match self.tp_bases.peek() {
            // SAFETY: NULL or a tuple of types; a reference to an object and one to a type look alike.
            Some(bases) => unsafe { core::mem::transmute::<&[&Object], &[&Type]>(bases.cast::<Tuple>().as_slice()) },
            None => &[],
        }
    }

    /// The types along the MRO, this one first.
    pub fn mro_types(&self) -> &[&Type] {
        match self.mro() {
            // SAFETY: as above.
            Some(mro) => unsafe { core::mem::transmute::<&[&Object], &[&Type]>(mro.as_slice()) },
            None => &[],
        }
    }
}

/// The MRO by C3.
pub fn c3(ts: &ThreadState, ty: &Type) -> Result<Owned<Tuple>> {
    let bases = ty.bases();
    for base in bases {
        if base.mro().is_none() {
            let name = base.full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("Cannot extend an incomplete type '{name}'")));
        }
    }
    let mut order: SmallVec<[&Object; 8]> = smallvec![ty.as_object()];
    if let [base] = bases {
        order.extend(base.mro_types().iter().map(|t| t.as_object()));
        return Tuple::new(ts, &order);
    }
    check_duplicates(ts, bases)?;
    let mut lists: Vec<&[&Type]> = bases.iter().map(|b| b.mro_types()).collect();
    lists.push(bases);
    while lists.iter().any(|l| !l.is_empty()) {
        let in_a_tail = |t: &Type| lists.iter().any(|l| l.iter().skip(1).any(|&other| core::ptr::eq(other, t)));
        let Some(next) = lists.iter().filter_map(|l| l.first().copied()).find(|&t| !in_a_tail(t)) else {
            return Err(inconsistent(ts, &lists));
        };
        order.push(next.as_object());
        for list in &mut lists {
            if list.first().is_some_and(|&t| core::ptr::eq(t, next)) {
                *list = &list[1..];
            }
        }
    }
    Tuple::new(ts, &order)
}

fn check_duplicates(ts: &ThreadState, bases: &[&Type]) -> Result<()> {
    for (i, base) in bases.iter().enumerate() {
        if bases[..i].iter().any(|&b| core::ptr::eq(b, *base)) {
            let name = super::attributes::name_text(ts, base)?;
            return Err(ts.raise(&TYPE_ERROR, format_args!("duplicate base class {name}")));
        }
    }
    Ok(())
}

/// Names the classes that stand first in what is left.
#[cold]
fn inconsistent(ts: &ThreadState, lists: &[&[&Type]]) -> Raised {
    let mut names: Vec<(&Type, String)> = Vec::new();
    for &first in lists.iter().filter_map(|l| l.first()) {
        if !names.iter().any(|(t, _)| core::ptr::eq(*t, first)) {
            match super::attributes::name_text(ts, first) {
                Ok(name) => names.push((first, name.to_string())),
                Err(raised) => return raised,
            }
        }
    }
    let names: Vec<String> = names.into_iter().map(|(_, n)| n).collect();
    ts.raise(
        &TYPE_ERROR,
        format_args!("Cannot create a consistent method resolution order (MRO) for bases {}", names.join(", ")),
    )
}

/// Works out the MRO and stores it. A metaclass may bring its own `mro()`.
pub fn install(ts: &ThreadState, ty: &Type) -> Result<()> {
    use crate::object::ObjectCell;
    let meta = ty.as_object().ty();
    let mro = if core::ptr::eq(meta, &super::PyType_Type) || !overrides_mro(ts, meta) {
        c3(ts, ty)?
    } else {
        by_metaclass(ts, ty)?
    };
    ty.tp_mro.store(Some(mro));
    ty.modified(ts);
    Ok(())
}

fn overrides_mro(ts: &ThreadState, meta: &Type) -> bool {
    match (meta.lookup(ts, &id::mro), super::PyType_Type.lookup(ts, &id::mro)) {
        (Some(theirs), Some(ours)) => !theirs.is(ours),
        _ => false,
    }
}

fn by_metaclass(ts: &ThreadState, ty: &Type) -> Result<Owned<Tuple>> {
    let Some(method) = crate::protocol::object::lookup_special(ts, ty.as_object(), &id::mro)? else {
        return c3(ts, ty);
    };
    let result = call::call(ts, &method, &[])?;
    let mro = Tuple::from_owned(ts, crate::protocol::sequence::collect(ts, &result)?)?;
    if mro.is_empty() {
        return Err(ts.raise_str(&TYPE_ERROR, "type MRO must not be empty"));
    }
    for item in mro.as_slice() {
        let Some(base) = item.downcast::<Type>() else {
            let name = item.ty().full_name();
            return Err(ts.raise(
                &TYPE_ERROR,
                format_args!("{}.mro() returned a non-class ('{name}')", fully_qualified(ts, ty)?),
            ));
        };
        if !layout::solid_base(ty).is_subtype_of(layout::solid_base(base)) {
            let name = base.full_name();
            return Err(ts.raise(
                &TYPE_ERROR,
                format_args!("{}.mro() returned base with unsuitable layout ('{name}')", fully_qualified(ts, ty)?),
            ));
        }
    }
    Ok(mro)
}
