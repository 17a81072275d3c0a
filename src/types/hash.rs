//! The process's hash key, and hashes of memory, pointers and numbers that several types share.

use std::io::Read;
use std::sync::OnceLock;

use super::text::hash::HashKey;

static KEY: OnceLock<HashKey> = OnceLock::new();

/// The key: from `PYTHONHASHSEED` where it is a number, else random. An invalid value counts as random
/// here; whoever starts the runtime refuses it first ([`seed_is_valid`]).
fn key() -> &'static HashKey {
    KEY.get_or_init(|| match std::env::var("PYTHONHASHSEED").ok().and_then(|s| s.parse().ok()) {
        Some(seed) => HashKey::from_seed(seed),
        None => HashKey::from_random(random_bytes()),
    })
}

/// Whether `PYTHONHASHSEED` is something that CPython starts with.
pub fn seed_is_valid() -> bool {
    match std::env::var("PYTHONHASHSEED") {
        Ok(s) => s.is_empty() || s == "random" || s.parse::<u32>().is_ok(),
        Err(_) => true,
    }
}

fn random_bytes() -> [u8; 16] {
    let mut bytes = [0u8; 16];
    // SAFETY: the buffer is as long as said.
    let n = unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), bytes.len(), libc::GRND_NONBLOCK) };
    if n != bytes.len() as isize {
        // An early boot without entropy, or an old kernel.
        let _ = std::fs::File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut bytes));
    }
    bytes
}

/// The hash of a str's memory or of bytes. Never -1.
#[inline]
pub fn hash_bytes(bytes: &[u8]) -> isize {
    key().hash(bytes)
}

/// `Py_HashPointer`: the low four bits of an address are zero, so they go to the top. Never -1.
#[inline]
pub fn hash_pointer<T: ?Sized>(p: *const T) -> isize {
    match p.cast::<()>().addr().rotate_right(4) as isize {
        -1 => -2,
        hash => hash,
    }
}
