//! What is open in the arguments of an alias or a union (type variables and their kin), and filling it in.
//!
//! Type variables are the business of the module `typing`; here a parameter is whatever has `__typing_subst__`, which
//! answers what it becomes. They are told apart by identity.

use core::cell::Cell;

use crate::ffi::PyObject;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::object::{find_attr, is_true, repr};
use crate::protocol::{call, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::{List, Tuple, identifiers as id, singletons};

/// `__parameters__`: worked out once and kept in `cell`.
pub fn cached(ts: &ThreadState, cell: &Cell<*mut PyObject>, args: &Tuple) -> Result<Owned<Tuple>> {
    if cell.peek().is_none() {
        let mut found = Vec::new();
        collect(ts, args.as_slice(), &mut found)?;
        cell.store(Some(Tuple::from_owned(ts, found)?));
    }
    // SAFETY: nothing but such a tuple is put there.
    Ok(cell.load().map_or_else(Tuple::empty, |tuple| unsafe { tuple.cast_owned() }))
}

fn is_class(item: &Object) -> bool {
    // A class may have a descriptor of these names, which says nothing of itself.
    item.downcast::<Type>().is_some()
}

fn position(parameters: &[Owned<Object>], item: &Object) -> Option<usize> {
    parameters.iter().position(|p| p.is(item))
}

fn collect(ts: &ThreadState, args: &[&Object], found: &mut Vec<Owned<Object>>) -> Result<()> {
    let add = |found: &mut Vec<Owned<Object>>, item: &Object| {
        if position(found, item).is_none() {
            found.push(Owned::new(item));
        }
    };
    for &arg in args {
        if is_class(arg) {
            continue;
        }
        if find_attr(ts, arg, &id::__typing_subst__)?.is_some() {
            add(found, arg);
        } else if let Some(items) = items_of(ts, arg)? {
            ts.check_recursion(" while looking for type parameters")?;
            collect(ts, items.as_slice(), found)?;
        } else if let Some(inner) = parameters_of(ts, arg)? {
            inner.as_slice().iter().for_each(|item| add(found, item));
        }
    }
    Ok(())
}

/// The items of a tuple or a list among the arguments.
fn items_of(ts: &ThreadState, arg: &Object) -> Result<Option<Owned<Tuple>>> {
    match (arg.downcast::<Tuple>(), arg.downcast::<List>()) {
        (Some(tuple), _) => Ok(Some(Owned::new(tuple))),
        (None, Some(list)) => Tuple::new(ts, list.as_slice()).map(Some),
        (None, None) => Ok(None),
    }
}

fn parameters_of(ts: &ThreadState, arg: &Object) -> Result<Option<Owned<Tuple>>> {
    Ok(find_attr(ts, arg, &id::__parameters__)?.and_then(|p| p.downcast_owned::<Tuple>().ok()))
}

/// What goes in the place of each parameter.
struct Filling {
    parameters: Vec<Owned<Object>>,
    items: Vec<Owned<Object>>,
}

/// The arguments `args` of `alias` with what is in `item` put in the place of its parameters.
///
/// `TypeError` if nothing is open, or if there are too few or too many items.
pub fn substitute(
    ts: &ThreadState,
    alias: &Object,
    args: &Tuple,
    parameters: &Tuple,
    item: &Object,
) -> Result<Owned<Tuple>> {
    let expected = parameters.len();
    if expected == 0 {
        return Err(ts.raise(&TYPE_ERROR, format_args!("{} is not a generic class", repr(ts, alias)?)));
    }
    let mut item = unpacked(ts, item)?.upcast();
    for &parameter in parameters.as_slice() {
        if let Some(prepare) = find_attr(ts, parameter, &id::__typing_prepare_subst__)?
            && !singletons::is_none(&*prepare)
        {
            let items = match item.downcast::<Tuple>() {
                Some(items) => Owned::new(items),
                None => Tuple::new(ts, &[&item])?,
            };
            item = call::call(ts, &prepare, &[alias, &items])?;
        }
    }
    let items = match item.downcast::<Tuple>() {
        Some(items) => items.as_slice().iter().map(|i| Owned::new(*i)).collect(),
        None => vec![item],
    };
    if items.len() != expected {
        let (many, actual) = (if items.len() > expected { "many" } else { "few" }, items.len());
        let alias = repr(ts, alias)?;
        let message = format_args!("Too {many} arguments for {alias}; actual {actual}, expected {expected}");
        return Err(ts.raise(&TYPE_ERROR, message));
    }
    let parameters = parameters.as_slice().iter().map(|p| Owned::new(*p)).collect();
    fill(ts, args, &Filling { parameters, items })
}

/// The items of a subscript, `*tuple[a, b]` among them taken apart.
fn unpacked(ts: &ThreadState, item: &Object) -> Result<Owned<Tuple>> {
    let single = [item];
    let items = item.downcast::<Tuple>().map_or(&single[..], |t| t.as_slice());
    let mut all = Vec::with_capacity(items.len());
    for &item in items {
        let inner = if is_class(item) { None } else { find_attr(ts, item, &id::__typing_unpacked_tuple_args__)? };
        let inner = inner.and_then(|i| i.downcast_owned::<Tuple>().ok());
        match inner.as_deref().map(Tuple::as_slice) {
            // Of any length: nothing is known to put in a place.
            Some([.., last]) if singletons::is_ellipsis(last) => all.push(Owned::new(item)),
            Some(inner) => all.extend(inner.iter().map(|i| Owned::new(*i))),
            None => all.push(Owned::new(item)),
        }
    }
    Tuple::from_owned(ts, all)
}

fn fill(ts: &ThreadState, args: &Tuple, filling: &Filling) -> Result<Owned<Tuple>> {
    ts.check_recursion(" while filling in type parameters")?;
    let mut filled = Vec::with_capacity(args.len());
    for &arg in args.as_slice() {
        if is_class(arg) {
            filled.push(Owned::new(arg));
            continue;
        }
        if let Some(items) = items_of(ts, arg)? {
            let items = fill(ts, &items, filling)?;
            let list = arg.downcast::<List>().is_some();
            filled.push(if list { List::new(ts, items.as_slice())?.upcast() } else { items.upcast() });
            continue;
        }
        let several = match find_attr(ts, arg, &id::__typing_is_unpacked_typevartuple__)? {
            Some(answer) => is_true(ts, &answer)?,
            None => false,
        };
        let new = fill_one(ts, arg, filling)?;
        if !several {
            filled.push(new);
            continue;
        }
        let Some(items) = new.downcast::<Tuple>() else {
            let (of, got) = (arg.ty().full_name(), new.ty().full_name());
            let message = format_args!("expected __typing_subst__ of {of} objects to return a tuple, not {got}");
            return Err(ts.raise(&TYPE_ERROR, message));
        };
        filled.extend(items.as_slice().iter().map(|i| Owned::new(*i)));
    }
    Tuple::from_owned(ts, filled)
}

/// A parameter becomes what it makes of its item; what has parameters of its own is subscripted.
fn fill_one(ts: &ThreadState, arg: &Object, filling: &Filling) -> Result {
    if let Some(become_) = find_attr(ts, arg, &id::__typing_subst__)?
        && let Some(i) = position(&filling.parameters, arg)
    {
        return call::call(ts, &become_, &[&filling.items[i]]);
    }
    let Some(inner) = parameters_of(ts, arg)?.filter(|p| !p.is_empty()) else { return Ok(Owned::new(arg)) };
    let mut items = Vec::with_capacity(inner.len());
    for &parameter in inner.as_slice() {
        match position(&filling.parameters, parameter).map(|i| (i, &filling.items[i])) {
            None => items.push(Owned::new(parameter)),
            Some((i, item)) => match item.downcast::<Tuple>() {
                Some(several) if filling.parameters[i].ty().tp_iter.get().is_some() => {
                    items.extend(several.as_slice().iter().map(|i| Owned::new(*i)));
                }
                _ => items.push(item.clone()),
            },
        }
    }
    sequence::getitem(ts, arg, &*Tuple::from_owned(ts, items)?)
}
