//! The hash of str and bytes: SipHash-1-3 over the memory of the text.
//!
//! The key comes from `PYTHONHASHSEED` by the same little generator as CPython's,
//! so that with the same seed both give the same hash values. 0 is the
//! hash of nothing, and -1, which means an error to C, becomes -2.

/// What sets one process's hashes apart from another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashKey {
    k0: u64,
    k1: u64,
}

impl HashKey {
    /// From the bytes of a good random source.
    pub const fn from_random(bytes: [u8; 16]) -> Self {
        let both = u128::from_le_bytes(bytes);
        HashKey { k0: both as u64, k1: (both >> 64) as u64 }
    }

    /// From a numeric `PYTHONHASHSEED`; 0 turns randomisation off.
    pub const fn from_seed(seed: u32) -> Self {
        let mut bytes = [0; 16];
        let mut state = seed;
        let mut i = 0;
        while i < bytes.len() && seed != 0 {
            state = state.wrapping_mul(214013).wrapping_add(2531011);
            bytes[i] = (state >> 16) as u8;
            i += 1;
        }
        Self::from_random(bytes)
    }

    /// `hash()` of a bytes with this content, or of a str with this memory.
    #[inline]
    pub fn hash(&self, bytes: &[u8]) -> isize {
        if bytes.is_empty() {
            return 0;
        }
        match self.siphash13(bytes) as isize {
            -1 => -2,
            hash => hash,
        }
    }

    #[inline]
    fn siphash13(&self, bytes: &[u8]) -> u64 {
        let mut state = State([
            self.k0 ^ 0x736f_6d65_7073_6575,
            self.k1 ^ 0x646f_7261_6e64_6f6d,
            self.k0 ^ 0x6c79_6765_6e65_7261,
            self.k1 ^ 0x7465_6462_7974_6573,
        ]);
        let (words, tail) = bytes.as_chunks::<8>();
        for word in words {
            state.absorb(u64::from_le_bytes(*word));
        }
        state.absorb((bytes.len() as u64) << 56 | last_word(tail));
        state.0[2] ^= 0xff;
        state.round();
        state.round();
        state.round();
        state.0[0] ^ state.0[1] ^ state.0[2] ^ state.0[3]
    }
}

struct State([u64; 4]);

impl State {
    #[inline(always)]
    fn absorb(&mut self, word: u64) {
        self.0[3] ^= word;
        self.round();
        self.0[0] ^= word;
    }

    #[inline(always)]
    fn round(&mut self) {
        let [mut a, mut b, mut c, mut d] = self.0;
        a = a.wrapping_add(b);
        c = c.wrapping_add(d);
        b = b.rotate_left(13) ^ a;
        d = d.rotate_left(16) ^ c;
        a = a.rotate_left(32);
        c = c.wrapping_add(b);
        a = a.wrapping_add(d);
        b = b.rotate_left(17) ^ c;
        d = d.rotate_left(21) ^ a;
        c = c.rotate_left(32);
        self.0 = [a, b, c, d];
    }
}

/// Fewer than eight bytes as a number. Two loads that overlap in place of a loop.
#[inline(always)]
fn last_word(tail: &[u8]) -> u64 {
    let n = tail.len();
    if let (Some(low), Some(high)) = (tail.first_chunk::<4>(), tail.last_chunk::<4>()) {
        let high = u64::from(u32::from_le_bytes(*high)) << (8 * (n - 4));
        return u64::from(u32::from_le_bytes(*low)) | high;
    }
    match *tail {
        [a] => a.into(),
        [a, b] => u16::from_le_bytes([a, b]).into(),
        [a, b, c] => u32::from_le_bytes([a, b, c, 0]).into(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::text::Chars;

    const RECORDED: &str = include_str!("recorded/hash.txt");

    #[test]
    fn hashes_are_as_recorded() {
        let mut count = 0;
        for line in RECORDED.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<i64> = line.split(' ').map(|f| f.parse().unwrap()).collect();
            let [seed, len, base, expected] = fields[..] else { panic!("{line}") };
            let key = HashKey::from_seed(seed as u32);
            let chars: Vec<u32> = (0..len as u32).map(|i| base as u32 + i % 26).collect();
            let two: Vec<u16> = chars.iter().map(|&c| c as u16).collect();
            let one: Vec<u8> = chars.iter().map(|&c| c as u8).collect();
            let text = match base {
                0..0x100 => Chars::One(&one),
                0x100..0x10000 => Chars::Two(&two),
                _ => Chars::Four(&chars),
            };
            assert_eq!(key.hash(text.as_bytes()) as i64, expected, "{line}");
            count += 1;
        }
        assert_eq!(count, 3 * 4 * 41);
    }
}
