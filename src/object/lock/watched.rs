//! What helgrind is told of locks that it cannot see, in a debug build.
//!
//! It knows pthread's locks, and not the kernel's words. A client request is a row of instructions that does nothing,
//! unless valgrind recognises it: so the locks that the tests look at are the ones that are used. A release build holds
//! none of it.

/// This thread holds the lock from here on.
#[inline(always)]
pub fn taken<T>(lock: &T) {
    tell(RECEIVED, lock, 0);
}

/// This thread holds the lock until here.
#[inline(always)]
pub fn about_to_be_given_back<T>(lock: &T) {
    tell(SENT, lock, 0);
}

/// What is to be seen at this place by who reads it is written, and the place itself is written and read as one.
#[inline(always)]
pub fn about_to_be_shown<T>(place: &T) {
    tell(UNTRACKED, place, size_of::<T>());
    tell(SENT, place, 0);
}

/// What was shown at this place is about to be read.
#[inline(always)]
pub fn seen<T>(place: &T) {
    tell(RECEIVED, place, 0);
}

/// Whether valgrind is there to see any of it.
pub fn is_watched() -> bool {
    tell(RUNNING_ON_VALGRIND, &(), 0) != 0
}

/// `VG_USERREQ_TOOL_BASE('H', 'G')` of helgrind.h, and the numbers that follow it there.
const BASE: usize = (b'H' as usize) << 24 | (b'G' as usize) << 16;
/// `_VG_USERREQ__HG_USERSO_SEND_PRE`
const SENT: usize = BASE + 289;
/// `_VG_USERREQ__HG_USERSO_RECV_POST`
const RECEIVED: usize = BASE + 290;
/// `_VG_USERREQ__HG_ARANGE_MAKE_UNTRACKED`
const UNTRACKED: usize = BASE + 295;
/// `VG_USERREQ__RUNNING_ON_VALGRIND` of valgrind.h
const RUNNING_ON_VALGRIND: usize = 0x1001;

/// The answer is 0 where nobody watches.
#[cfg(all(debug_assertions, target_arch = "x86_64"))]
#[inline]
fn tell<T>(request: usize, place: &T, length: usize) -> usize {
    let arguments = [request, core::ptr::from_ref(place).addr(), length, 0, 0, 0];
    let mut answer = 0;
    // SAFETY: rotates a register all the way round, and exchanges another with itself.
    unsafe {
        core::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") &arguments,
            inout("rdx") answer,
            options(nostack),
        );
    }
    answer
}

#[cfg(not(all(debug_assertions, target_arch = "x86_64")))]
#[inline(always)]
fn tell<T>(_request: usize, _place: &T, _length: usize) -> usize {
    0
}
