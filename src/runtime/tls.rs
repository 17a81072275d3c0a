//! The current thread state, and the one that belongs to this OS thread.
//!
//! The first is NULL while the thread is detached; the second is what `PyGILState_Ensure` attaches again. The
//! first is read at nearly every call, so it must cost one load: a thread-local variable under the initial-exec
//! model, which a shared library gets in Rust only through a few lines of assembly (`thread_local!` calls
//! `__tls_get_addr` there). Sixteen bytes of the static TLS reserve, so `dlopen` works as well.

use super::ThreadState;

#[cfg(target_arch = "x86_64")]
mod imp {
    use super::ThreadState;

    core::arch::global_asm!(
        ".pushsection .tbss,\"awT\",@nobits",
        ".p2align 3",
        ".globl deathless_current_thread",
        ".hidden deathless_current_thread",
        ".type deathless_current_thread, @object",
        ".size deathless_current_thread, 8",
        "deathless_current_thread:",
        ".zero 8",
        ".globl deathless_own_thread",
        ".hidden deathless_own_thread",
        ".type deathless_own_thread, @object",
        ".size deathless_own_thread, 8",
        "deathless_own_thread:",
        ".zero 8",
        ".popsection",
    );

    #[inline(always)]
    pub fn get() -> *const ThreadState {
        let p: *const ThreadState;
        // SAFETY: reads this thread's own variable; nothing else is touched.
        unsafe {
            core::arch::asm!(
                "mov {p}, qword ptr [rip + deathless_current_thread@GOTTPOFF]",
                "mov {p}, qword ptr fs:[{p}]",
                p = out(reg) p,
                options(nostack, preserves_flags, readonly, pure),
            );
        }
        p
    }

    #[inline]
    pub fn own() -> *const ThreadState {
        let p: *const ThreadState;
        // SAFETY: as above.
        unsafe {
            core::arch::asm!(
                "mov {p}, qword ptr [rip + deathless_own_thread@GOTTPOFF]",
                "mov {p}, qword ptr fs:[{p}]",
                p = out(reg) p,
                options(nostack, preserves_flags, readonly, pure),
            );
        }
        p
    }

    #[inline]
    pub fn set_own(p: *const ThreadState) {
        // SAFETY: writes this thread's own variable.
        unsafe {
            core::arch::asm!(
                "mov {t}, qword ptr [rip + deathless_own_thread@GOTTPOFF]",
                "mov qword ptr fs:[{t}], {p}",
                t = out(reg) _,
                p = in(reg) p,
                options(nostack, preserves_flags),
            );
        }
    }

    #[inline]
    pub fn set(p: *const ThreadState) {
        // SAFETY: writes this thread's own variable.
        unsafe {
            core::arch::asm!(
                "mov {t}, qword ptr [rip + deathless_current_thread@GOTTPOFF]",
                "mov qword ptr fs:[{t}], {p}",
                t = out(reg) _,
                p = in(reg) p,
                options(nostack, preserves_flags),
            );
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod imp {
    use super::ThreadState;
    use core::cell::Cell;

    thread_local!(static CURRENT: Cell<*const ThreadState> = const { Cell::new(core::ptr::null()) });
    thread_local!(static OWN: Cell<*const ThreadState> = const { Cell::new(core::ptr::null()) });

    #[inline]
    pub fn own() -> *const ThreadState {
        OWN.get()
    }

    #[inline]
    pub fn set_own(p: *const ThreadState) {
        OWN.set(p);
    }

    #[inline(always)]
    pub fn get() -> *const ThreadState {
        CURRENT.get()
    }

    #[inline]
    pub fn set(p: *const ThreadState) {
        CURRENT.set(p);
    }
}

pub use imp::{get, own, set, set_own};
