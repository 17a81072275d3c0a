//! "Did you mean": the name that is closest to a misspelt one.
//!
//! Edit distance over bytes: a change of case costs 1, any other change 2. What counts as close grows with the
//! lengths, as in CPython.

const MOVE: usize = 2;
const CASE: usize = 1;
const MAX_LENGTH: usize = 40;
const MAX_CANDIDATES: usize = 750;

/// The candidate closest to `name`, if one is close enough; the first among equals.
pub fn closest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let mut best: Option<(usize, &'c str)> = None;
    for (i, candidate) in candidates.enumerate() {
        if i >= MAX_CANDIDATES {
            return None;
        }
        let nearest = best.map_or(usize::MAX, |(distance, _)| distance.saturating_sub(1));
        let limit = ((name.len() + candidate.len() + 3) * MOVE / 6).min(nearest);
        if candidate == name {
            continue;
        }
        if let Some(distance) = distance(name.as_bytes(), candidate.as_bytes(), limit) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The edit distance, if it is no more than `limit`.
fn distance(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        return Some((a.len() + b.len()) * MOVE).filter(|&d| d <= limit);
    }
    if a.len() > MAX_LENGTH || b.len() > MAX_LENGTH {
        return None;
    }
    // One row of the table, for as much of `b` as has been looked at.
    let mut row = [0; MAX_LENGTH];
    for (i, cost) in row[..a.len()].iter_mut().enumerate() {
        *cost = (i + 1) * MOVE;
    }
    let mut last = 0;
    for (i, &y) in b.iter().enumerate() {
        let mut diagonal = i * MOVE;
        // Not `i + 1`: CPython's row begins here too.
        last = diagonal;
        let mut least = usize::MAX;
        for (cost, &x) in row.iter_mut().zip(a) {
            let replaced = diagonal + replacement_cost(x, y);
            diagonal = *cost;
            last = replaced.min(last.min(diagonal) + MOVE);
            *cost = last;
            least = least.min(last);
        }
        if least > limit {
            return None;
        }
    }
    Some(last).filter(|&d| d <= limit)
}

fn replacement_cost(x: u8, y: u8) -> usize {
    if x == y {
        0
    } else if x.eq_ignore_ascii_case(&y) {
        CASE
    } else {
        MOVE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_names_are_suggested() {
        assert_eq!(closest("bx", ["a", "by"].into_iter()), Some("by"));
        assert_eq!(closest("optin", ["a", "option"].into_iter()), Some("option"));
        assert_eq!(closest("c", ["a", "b"].into_iter()), None);
        assert_eq!(closest("NAMe", ["game", "name"].into_iter()), Some("name"));
        assert_eq!(closest("NAME", ["game", "name"].into_iter()), None);
        assert_eq!(closest("x", [].into_iter()), None);
    }
}
