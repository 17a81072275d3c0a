//! Which objects there are, and who holds whom.

use crate::object::collector::{GENERATIONS, shown};
use crate::object::{Object, Owned, Result};
use crate::protocol::args::{Args, Signature};
use crate::protocol::number;
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::{List, singletons};

/// Adds to `list` what `is_wanted` among the objects of a generation, the list itself apart.
fn add_objects(ts: &ThreadState, list: &List, generation: usize, is_wanted: impl Fn(&Object) -> bool) -> Result<()> {
    let mut done = Ok(());
    ts.interp().gc.look_at(generation, |object| {
        if done.is_ok() && !object.is(list) && is_wanted(object) {
            done = list.append(ts, Owned::new(object));
        }
    });
    done
}

/// Those of one generation, or of all, but for what is frozen.
pub fn get_objects(ts: &ThreadState, args: Args<'_>) -> Result<Owned<List>> {
    const SIGNATURE: Signature =
        Signature { name: "get_objects", params: &["generation"], required: 0, max_positional: 1 };
    let [generation] = SIGNATURE.bind(ts, args)?;
    let list = List::new(ts, &[])?;
    let generations = match wanted_generation(ts, generation)? {
        Some(generation) => generation..generation + 1,
        None => 0..GENERATIONS,
    };
    for generation in generations {
        add_objects(ts, &list, generation, |_| true)?;
    }
    Ok(list)
}

/// `None` and -1 stand for all.
fn wanted_generation(ts: &ThreadState, generation: Option<&Object>) -> Result<Option<usize>> {
    let Some(generation) = generation.filter(|g| !singletons::is_none(*g)) else { return Ok(None) };
    if !number::is_index(generation) {
        let name = generation.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("argument should be integer or None, not '{name}'")));
    }
    match number::as_ssize(ts, generation, Some(&OVERFLOW_ERROR))? {
        -1 => Ok(None),
        ..-1 => Err(ts.raise_str(&VALUE_ERROR, "generation parameter cannot be negative")),
        n if n as usize >= GENERATIONS => {
            let message =
                format!("generation parameter must be less than the number of available generations ({GENERATIONS})");
            Err(ts.raise_str(&VALUE_ERROR, &message))
        }
        n => Ok(Some(n as usize)),
    }
}

/// The tracked objects that hold one of these, but for what is frozen.
pub fn get_referrers(ts: &ThreadState, args: Args<'_>) -> Result<Owned<List>> {
    let list = List::new(ts, &[])?;
    let is_one = |held: &Object| args.positional.iter().any(|object| object.is(held));
    for generation in 0..GENERATIONS {
        add_objects(ts, &list, generation, |object| shown(object, &mut |held| is_one(held)))?;
    }
    Ok(list)
}

/// What these objects show that they hold.
pub fn get_referents(ts: &ThreadState, args: Args<'_>) -> Result<Owned<List>> {
    let list = List::new(ts, &[])?;
    for object in args.positional {
        let mut done = Ok(());
        shown(object, &mut |held| {
            done = list.append(ts, Owned::new(held));
            done.is_err()
        });
        done?;
    }
    Ok(list)
}
