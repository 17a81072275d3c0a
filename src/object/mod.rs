//! The heart: the reference word, handles, the heap, immortals.
//!
//! * [`refword`]  what the 64 bits before every object mean, counting up and down
//! * [`strategy`] how what is shared is kept alive: four answers, one chosen by a cargo feature
//! * [`handle`]   `Owned<T>`, and `&T` as the borrowed handle; downcasts
//! * [`field`]    an owned reference inside a layout
//! * [`dealloc`]  the end of an object, without recursion on the depth of data
//! * [`heap`]     an interpreter's memory: size classes in its own pages
//! * [`alloc`]    making objects: header, collector header, items
//! * [`collector`] objects that only hold each other
//! * [`counted`]  what several own
//! * [`lock`]     the runtime's locks, which a fork leaves usable
//! * [`immortal`] promotion, healing, drift
//! * [`overflow`] a count that does, at no cost to all the others
//! * [`owner`]   that nothing mutable crosses interpreters, checked in debug builds
//! * [`ending`]   what immortals are given up as when their interpreter ends
//! * [`seal`]     the pages of the process's immortals, read-only
//!
//! One circle is kept small: allocation and the end of an object need the current thread (its heap, its
//! depth), so `heap`'s callers and `dealloc` look up to `runtime` for the thread state and for nothing else.

pub mod alloc;
pub mod collector;
pub mod counted;
pub mod dealloc;
pub mod ending;
pub mod field;
pub mod handle;
pub mod heap;
pub mod immortal;
pub mod lock;
pub mod overflow;
pub mod owner;
pub mod refword;
pub mod seal;
pub mod strategy;

pub use field::ObjectCell;
pub use handle::{Class, Layout, Object, Owned, Raised, Result, Type};
