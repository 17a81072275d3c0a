//! How classes read in the repr of an alias or a union: by name, without `<class '…'>`.

use crate::object::{Object, Owned, Result};
use crate::protocol::object::{find_attr, repr, str};
use crate::runtime::ThreadState;
use crate::types::text::{NoMemory, TextBuf};
use crate::types::{List, Str, Tuple, identifiers as id, singletons};

/// A class by its name, with its module unless that is `builtins`; anything else by its repr.
pub fn of_class(ts: &ThreadState, item: &Object) -> Result<Owned<Str>> {
    if singletons::is_ellipsis(item) {
        return Str::new(ts, "...");
    }
    if item.is(singletons::NONE_TYPE.as_object()) {
        return Str::new(ts, "None");
    }
    // An alias, this one's kind or the module `typing`'s, has a name, which is not all of it.
    if find_attr(ts, item, &id::__origin__)?.is_some() && find_attr(ts, item, &id::__args__)?.is_some() {
        return repr(ts, item);
    }
    let Some(name) = find_attr(ts, item, &id::__qualname__)? else { return repr(ts, item) };
    let module = find_attr(ts, item, &id::__module__)?.filter(|m| !singletons::is_none(&**m));
    let Some(module) = module else { return repr(ts, item) };
    let name = str(ts, &name)?;
    if module.downcast::<Str>().is_some_and(|m| m.equals_text("builtins")) {
        return Ok(name);
    }
    let module = str(ts, &module)?;
    Str::build(ts, |out| {
        out.extend(module.chars())?;
        out.push_ascii(b".")?;
        out.extend(name.chars())
    })
}

/// Each of the arguments; the classes in a list are shown as such too.
pub fn of_items(ts: &ThreadState, items: &Tuple) -> Result<Vec<Owned<Str>>> {
    let one = |&item: &&Object| match item.downcast_exact::<List>() {
        Some(list) => of_list(ts, list),
        None => of_class(ts, item),
    };
    items.as_slice().iter().map(one).collect()
}

/// The list may change while the items' attributes are asked for.
fn of_list(ts: &ThreadState, list: &List) -> Result<Owned<Str>> {
    let mut items = Vec::new();
    while let Some(item) = list.get(items.len()).map(Owned::new) {
        items.push(of_class(ts, &item)?);
    }
    Str::build(ts, |out| {
        out.push_ascii(b"[")?;
        join(out, &items, b", ")?;
        out.push_ascii(b"]")
    })
}

/// Texts one after the other.
pub fn join(out: &mut TextBuf, texts: &[Owned<Str>], separator: &[u8]) -> core::result::Result<(), NoMemory> {
    for (i, text) in texts.iter().enumerate() {
        if i > 0 {
            out.push_ascii(separator)?;
        }
        out.extend(text.chars())?;
    }
    Ok(())
}
