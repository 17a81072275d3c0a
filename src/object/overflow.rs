//! A mortal's count reaches 2^31: it becomes immortal.
//!
//! That happens next to never, and is asked at every reference taken. An ordinary call there, though it is not made, has
//! the compiler keep whatever it needs afterwards in the few registers that calls preserve, save those first, and give a
//! frame to functions that need none: it cost more than the question. So this call preserves every register,
//! which is [`all_kept`]'s work, and the code around it does not notice it.

#[cfg(target_arch = "x86_64")]
use super::Object;
use super::immortal;

/// Makes an object immortal whose count has just reached 2^31.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub fn overflowed(object: &Object) {
    // SAFETY: `all_kept` keeps every register and what is above the red zone, which is stepped over here, as signal
    // handlers do.
    unsafe {
        core::arch::asm!(
            "lea rsp, [rsp - 128]",
            "call {all_kept}",
            "lea rsp, [rsp + 128]",
            all_kept = sym all_kept,
            in("rdi") object.as_ptr(),
            options(nostack),
        );
    }
}

/// Calls [`reached`] with the object in `rdi`; every register but the flags is as before. Only the lower halves of
/// the vector registers are saved: no code that counts references is compiled for wider ones.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
unsafe extern "C" fn all_kept() {
    core::arch::naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push rax",
        "push rcx",
        "push rdx",
        "push rsi",
        "push rdi",
        "push r8",
        "push r9",
        "push r10",
        "push r11",
        "sub rsp, 512",
        "and rsp, -16",
        "fxsave64 [rsp]",
        "call {reached}",
        "fxrstor64 [rsp]",
        "lea rsp, [rbp - 72]",
        "pop r11",
        "pop r10",
        "pop r9",
        "pop r8",
        "pop rdi",
        "pop rsi",
        "pop rdx",
        "pop rcx",
        "pop rax",
        "pop rbp",
        "ret",
        reached = sym reached,
    )
}

#[cfg(target_arch = "x86_64")]
extern "C" fn reached(object: &Object) {
    immortal::overflowed(object);
}

#[cfg(not(target_arch = "x86_64"))]
pub use immortal::overflowed;
