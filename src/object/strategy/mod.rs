//! The strategies: what keeps the objects alive that everybody shares, chosen by a cargo feature.
//!
//! | feature | file | |
//! | --- | --- | --- |
//! | none | [`immortal`] | a flag is tested before each count; what is immortal is not written to |
//! | `plain` | [`plain`] | no test, every reference is counted: the cost baseline |
//! | `high-count` | [`high_count`] | the same from a count so high that nobody reaches its end |
//! | `lookup` | [`lookup`] | no shared singletons: each interpreter has copies, which it looks up |
//!
//! This is the only place that knows of them. A strategy's file says what it promises, and holds whatever differs:
//! `STATIC`, the reference word of what lies in the image; `incref` and `decref`; `take` and `give_back`, a reference to
//! an object that is known never to be freed, and `skips`, whether counting may be left out for an object; `settle`, what
//! becomes of the word of an object that joins those; `refcount`, `set_refcount`, `drift`, `is_drifted`, `is_far`, `heal`; `own`, the
//! current interpreter's object for a singleton of the image, and `is`, whether an object is that singleton.
//!
//! In all of them the flag [`FLAG_IMMORTAL`](crate::ffi::FLAG_IMMORTAL) says that an object is never freed before the
//! end, and whoever frees (`dealloc`) asks it, which costs the paths nothing that are compared. Only `immortal`
//! asks it when it counts. So code that would leave a count out asks `skips`, never the flag: otherwise
//! the others would be compared at work that they do not do.

#[cfg(any(
    all(feature = "plain", feature = "high-count"),
    all(feature = "plain", feature = "lookup"),
    all(feature = "high-count", feature = "lookup"),
))]
compile_error!("`plain`, `high-count` and `lookup` exclude each other: choose one");

#[cfg(any(feature = "high-count", feature = "lookup"))]
mod high_count;
#[cfg(not(any(feature = "plain", feature = "high-count", feature = "lookup")))]
mod immortal;
#[cfg(feature = "lookup")]
mod lookup;
#[cfg(feature = "plain")]
mod plain;
#[cfg(not(feature = "lookup"))]
mod shared;
#[cfg(any(feature = "plain", feature = "high-count", feature = "lookup"))]
mod unchecked;

#[cfg(feature = "high-count")]
use high_count as chosen;
#[cfg(not(any(feature = "plain", feature = "high-count", feature = "lookup")))]
use immortal as chosen;
#[cfg(feature = "lookup")]
use lookup as chosen;
#[cfg(feature = "plain")]
use plain as chosen;

pub use chosen::{
    Copies, NAME, OWN_COPIES, decref, drift, give_back, heal, incref, is, is_drifted, is_far, own, refcount,
    set_refcount, settle, skips, take,
};

use crate::ffi::RefWord;

impl RefWord {
    /// The word of an object in the library's image.
    #[allow(clippy::declare_interior_mutable_const)]
    pub const STATIC: RefWord = chosen::STATIC;
}

/// The singletons of the image, one for each static that `own` is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Singleton {
    None,
    NotImplemented,
    Ellipsis,
    False,
    True,
    SmallInts,
    EmptyStr,
    AsciiChars,
    Latin1Chars,
    EmptyBytes,
    SingleBytes,
    EmptyTuple,
}
