//! A kernel on every runtime, in turns.

use crate::peer::{Failure, Peer};

/// How long a turn is to take.
const TURN_NS: f64 = 1.5e6;

/// Nanoseconds an operation.
#[derive(Clone, Copy)]
pub struct Figure {
    pub least: f64,
    pub median: f64,
}

impl Figure {
    pub fn of(mut samples: Vec<f64>) -> Figure {
        samples.sort_by(f64::total_cmp);
        Figure { least: samples[0], median: samples[samples.len() / 2] }
    }
}

/// Nanoseconds an operation of the kernel, for each runtime.
pub fn measure<'a>(
    peers: impl IntoIterator<Item = &'a mut Peer>,
    index: usize,
    rounds: usize,
) -> Vec<Result<Figure, Failure>> {
    let mut peers: Vec<&mut Peer> = peers.into_iter().collect();
    let counts: Vec<Result<u64, Failure>> = peers.iter_mut().map(|peer| calibrate(peer, index)).collect();
    let mut samples: Vec<Result<Vec<f64>, Failure>> =
        counts.iter().map(|count| count.clone().map(|_| Vec::with_capacity(rounds))).collect();
    for _ in 0..rounds {
        for ((peer, count), taken) in peers.iter_mut().zip(&counts).zip(&mut samples) {
            let (Ok(count), Ok(sofar)) = (count, &mut *taken) else { continue };
            match peer.run(index, *count) {
                Ok(time) => sofar.push(time / *count as f64),
                Err(failure) => *taken = Err(failure),
            }
        }
    }
    samples.into_iter().map(|taken| taken.map(Figure::of)).collect()
}

/// How many operations fill a turn. The first run prepares; of the others the quicker of
/// two counts, for a hiccup would leave a count too small to be measured.
fn calibrate(peer: &mut Peer, index: usize) -> Result<u64, Failure> {
    let mut count = 1;
    peer.run(index, count)?;
    loop {
        let time = peer.run(index, count)?.min(peer.run(index, count)?);
        if time > TURN_NS / 8.0 {
            return Ok(((count as f64 * TURN_NS / time) as u64).max(1));
        }
        count *= 4;
    }
}
