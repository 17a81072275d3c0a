//! What helgrind is told of locks that it cannot see, in a debug build.
//!
//! It knows pthread's locks, and not the kernel's words. A client request is a row of instructions that does nothing,
//! unless valgrind recognises it: so the locks that the tests look at are the ones that are used. A release build holds
//! none of it.

/// This thread holds the lock from here on.
#[inline(always)]
pub fn taken<T>(lock: &T) {
    tell(RECEIVED, lock);
}

/// This thread holds the lock until here.
#[inline(always)]
pub fn about_to_be_given_back<T>(lock: &T) {
    tell(SENT, lock);
}

/// `VG_USERREQ_TOOL_BASE('H', 'G')` of helgrind.h, and the numbers that follow it there.
const BASE: usize = (b'H' as usize) << 24 | (b'G' as usize) << 16;
/// `_VG_USERREQ__HG_USERSO_SEND_PRE`
const SENT: usize = BASE + 289;
/// `_VG_USERREQ__HG_USERSO_RECV_POST`
const RECEIVED: usize = BASE + 290;

#[cfg(all(debug_assertions, target_arch = "x86_64"))]
#[inline]
fn tell<T>(request: usize, lock: &T) {
    let arguments = [request, core::ptr::from_ref(lock).addr(), 0, 0, 0, 0];
    // SAFETY: rotates a register all the way round, and exchanges another with itself.
    unsafe {
        core::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") &arguments,
            inout("rdx") 0usize => _,
            options(nostack),
        );
    }
}

#[cfg(not(all(debug_assertions, target_arch = "x86_64")))]
#[inline(always)]
fn tell<T>(_request: usize, _lock: &T) {}
