//! pythread.h: threads, locks, and storage of a thread's own. None of it needs a GIL.

use core::ffi::{c_int, c_longlong, c_uint, c_ulong, c_void};
use core::ptr;
use core::time::Duration;
use std::time::Instant;

use super::boxed;
use crate::ffi::PyObject;
use crate::modules::sys::number_info;
use crate::object::lock::Lock;
use crate::runtime::boundary;
use lock_api::{RawMutex as _, RawMutexTimed as _};

#[allow(non_camel_case_types)]
type PyThread_type_lock = *mut c_void;

/// An enum that C gives the room of an unsigned int.
type PyLockStatus = c_uint;
const FAILURE: PyLockStatus = 0;
const ACQUIRED: PyLockStatus = 1;

/// Nothing to prepare.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_init_thread() {}

/// Starts a detached thread; `(unsigned long)-1` if that fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_start_new_thread(
    function: Option<unsafe extern "C" fn(*mut c_void)>,
    argument: *mut c_void,
) -> c_ulong {
    struct Start(unsafe extern "C" fn(*mut c_void), *mut c_void);
    extern "C" fn run(start: *mut c_void) -> *mut c_void {
        // SAFETY: boxed below for this thread.
        let start = unsafe { Box::from_raw(start.cast::<Start>()) };
        // SAFETY: C's contract: to be called once with it.
        unsafe { start.0(start.1) };
        ptr::null_mut()
    }
    let Some(function) = function else { return c_ulong::MAX };
    let start = boxed(|| Start(function, argument));
    if start.is_null() {
        return c_ulong::MAX;
    }
    // SAFETY: an attribute object set up and given back here; the new thread owns `start`.
    unsafe {
        let mut attributes: libc::pthread_attr_t = core::mem::zeroed();
        if libc::pthread_attr_init(&mut attributes) != 0 {
            drop(Box::from_raw(start));
            return c_ulong::MAX;
        }
        let size = stack_size();
        if size != 0 {
            libc::pthread_attr_setstacksize(&mut attributes, size);
        }
        libc::pthread_attr_setdetachstate(&mut attributes, libc::PTHREAD_CREATE_DETACHED);
        let mut thread: libc::pthread_t = core::mem::zeroed();
        let failed = libc::pthread_create(&mut thread, &attributes, run, start.cast()) != 0;
        libc::pthread_attr_destroy(&mut attributes);
        if failed {
            drop(Box::from_raw(start));
            return c_ulong::MAX;
        }
        thread as c_ulong
    }
}

/// Ends the calling thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_exit_thread() -> ! {
    // SAFETY: the thread's own wish.
    unsafe { libc::pthread_exit(ptr::null_mut()) }
}

/// The calling thread's number: `pthread_self`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_get_thread_ident() -> c_ulong {
    crate::runtime::thread::os_thread() as c_ulong
}

/// The calling thread's number in the kernel's eyes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_get_thread_native_id() -> c_ulong {
    // SAFETY: asks for nothing but a number.
    unsafe { libc::gettid() as c_ulong }
}

static STACK_SIZE: core::sync::atomic::AtomicUsize = core::sync::atomic::AtomicUsize::new(0);

fn stack_size() -> usize {
    STACK_SIZE.load(core::sync::atomic::Ordering::Relaxed)
}

/// The stack size of new threads; 0 for the system's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_get_stacksize() -> usize {
    stack_size()
}

/// Sets the stack size of new threads, 0 for the system's; -1 for one that is too small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_set_stacksize(size: usize) -> c_int {
    if size != 0 && size < libc::PTHREAD_STACK_MIN {
        return -1;
    }
    STACK_SIZE.store(size, core::sync::atomic::Ordering::Relaxed);
    0
}

/// A lock that any thread may give back, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_allocate_lock() -> PyThread_type_lock {
    boxed(|| Lock::INIT).cast()
}

/// Frees a lock.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_free_lock(lock: PyThread_type_lock) {
    if !lock.is_null() {
        // SAFETY: from `PyThread_allocate_lock`, and not used any more.
        drop(unsafe { Box::from_raw(lock.cast::<Lock>()) });
    }
}

/// # Safety
/// From `PyThread_allocate_lock`.
unsafe fn lock_of<'a>(lock: PyThread_type_lock) -> &'a Lock {
    // SAFETY: the caller's promise.
    unsafe { &*lock.cast::<Lock>() }
}

/// Takes a lock, waiting for it if `wait` is not 0; whether it was taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_acquire_lock(lock: PyThread_type_lock, wait: c_int) -> c_int {
    // SAFETY: a lock of ours.
    let lock = unsafe { lock_of(lock) };
    if wait != 0 {
        lock.lock();
        return 1;
    }
    c_int::from(lock.try_lock())
}

/// Takes a lock within so many microseconds; for ever, if they are negative.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_acquire_lock_timed(
    lock: PyThread_type_lock,
    microseconds: c_longlong,
    _interruptible: c_int,
) -> PyLockStatus {
    // SAFETY: a lock of ours.
    let lock = unsafe { lock_of(lock) };
    let taken = match u64::try_from(microseconds) {
        Ok(0) => lock.try_lock(),
        Ok(time) => match Instant::now().checked_add(Duration::from_micros(time)) {
            Some(end) => lock.try_lock_until(end),
            None => {
                lock.lock();
                true
            }
        },
        Err(_) => {
            lock.lock();
            true
        }
    };
    if taken { ACQUIRED } else { FAILURE }
}

/// Gives a lock back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_release_lock(lock: PyThread_type_lock) {
    // SAFETY: a lock of ours that is held.
    unsafe { lock_of(lock).unlock() };
}

/// `_Py_tss_t`: a key of pthreads', once it is made.
#[repr(C)]
pub struct _Py_tss_t {
    is_initialized: c_int,
    key: libc::pthread_key_t,
}

/// A key not made yet, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_tss_alloc() -> *mut _Py_tss_t {
    boxed(|| _Py_tss_t { is_initialized: 0, key: 0 })
}

/// Deletes the key and frees its place; NULL is passed over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_tss_free(key: *mut _Py_tss_t) {
    if !key.is_null() {
        // SAFETY: from `PyThread_tss_alloc`, and not used any more.
        unsafe {
            PyThread_tss_delete(key);
            drop(Box::from_raw(key));
        }
    }
}

/// Whether the key is made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_tss_is_created(key: *mut _Py_tss_t) -> c_int {
    // SAFETY: [live] a key's place.
    unsafe { (*key).is_initialized }
}

/// Makes the key, unless it is made already. -1 if there is none left.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_tss_create(key: *mut _Py_tss_t) -> c_int {
    // SAFETY: [live] a key's place.
    unsafe {
        if (*key).is_initialized != 0 {
            return 0;
        }
        if libc::pthread_key_create(&mut (*key).key, None) != 0 {
            return -1;
        }
        (*key).is_initialized = 1;
    }
    0
}

/// Deletes the key, if it is made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_tss_delete(key: *mut _Py_tss_t) {
    // SAFETY: [live] a key's place.
    unsafe {
        if (*key).is_initialized != 0 {
            libc::pthread_key_delete((*key).key);
            (*key).is_initialized = 0;
        }
    }
}

/// Sets this thread's value; -1 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_tss_set(key: *mut _Py_tss_t, value: *mut c_void) -> c_int {
    // SAFETY: [live] a key that is made.
    if unsafe { libc::pthread_setspecific((*key).key, value) } == 0 { 0 } else { -1 }
}

/// This thread's value, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_tss_get(key: *mut _Py_tss_t) -> *mut c_void {
    // SAFETY: [live] a key that is made.
    unsafe { libc::pthread_getspecific((*key).key) }
}

/// The older way: a key as a number; -1 if there is none left.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_create_key() -> c_int {
    let mut key: libc::pthread_key_t = 0;
    // SAFETY: [out].
    if unsafe { libc::pthread_key_create(&mut key, None) } != 0 {
        return -1;
    }
    c_int::try_from(key).unwrap_or(-1)
}

/// Deletes a key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_delete_key(key: c_int) {
    // SAFETY: a key that is made.
    unsafe { libc::pthread_key_delete(key as libc::pthread_key_t) };
}

/// Sets this thread's value; -1 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_set_key_value(key: c_int, value: *mut c_void) -> c_int {
    // SAFETY: a key that is made.
    if unsafe { libc::pthread_setspecific(key as libc::pthread_key_t, value) } == 0 { 0 } else { -1 }
}

/// This thread's value, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_get_key_value(key: c_int) -> *mut c_void {
    // SAFETY: a key that is made.
    unsafe { libc::pthread_getspecific(key as libc::pthread_key_t) }
}

/// Forgets this thread's value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_delete_key_value(key: c_int) {
    // SAFETY: a key that is made.
    unsafe { libc::pthread_setspecific(key as libc::pthread_key_t, ptr::null()) };
}

/// Nothing: a fork keeps this thread's values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_ReInitTLS() {}

/// `sys.thread_info`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThread_GetInfo() -> *mut PyObject {
    boundary(number_info::thread_info)
}
