//! Several iterators in step: what `zip` and `map` share.

use super::Tuple;
use crate::object::{Object, Owned, Result};
use crate::protocol::args::{Args, Signature};
use crate::protocol::{object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::VALUE_ERROR;

/// Whether the keyword `strict`, the only one, was given as true.
pub fn strict(ts: &ThreadState, signature: &Signature, args: Args<'_>) -> Result<bool> {
    let [strict]: [Option<&Object>; 1] = signature.bind(ts, Args { positional: &[], ..args })?;
    strict.map_or(Ok(false), |strict| object::is_true(ts, strict))
}

/// An iterator over each.
pub fn iterators(ts: &ThreadState, iterables: &[&Object]) -> Result<Owned<Tuple>> {
    let mut iterators = Vec::with_capacity(iterables.len());
    for iterable in iterables {
        iterators.push(sequence::iter(ts, iterable)?);
    }
    Tuple::from_owned(ts, iterators)
}

/// Hands the next item of each iterator to `take`, and says whether there was one of each. `ValueError` in the name of
/// `function` where they must all end together, and do not.
pub fn advance(
    ts: &ThreadState,
    function: &str,
    iterators: &Tuple,
    strict: bool,
    mut take: impl FnMut(usize, Owned<Object>),
) -> Result<bool> {
    for (i, iterator) in iterators.as_slice().iter().enumerate() {
        match sequence::next(ts, iterator)? {
            Some(item) => take(i, item),
            None if strict => return ended(ts, function, iterators, i),
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// The one at `at` gave no item: neither may those before it have, nor those behind it.
fn ended(ts: &ThreadState, function: &str, iterators: &Tuple, at: usize) -> Result<bool> {
    let refuse = |i: usize, how: &str| {
        let before = if i == 1 { " 1".to_owned() } else { format!("s 1-{i}") };
        let i = i + 1;
        Err(ts.raise(&VALUE_ERROR, format_args!("{function}() argument {i} is {how} than argument{before}")))
    };
    if at > 0 {
        return refuse(at, "shorter");
    }
    for (i, iterator) in iterators.as_slice().iter().enumerate().skip(1) {
        if sequence::next(ts, iterator)?.is_some() {
            return refuse(i, "longer");
        }
    }
    Ok(false)
}
