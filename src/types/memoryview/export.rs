//! Buffers that objects of Python's give: a memoryview's own, and through it those of classes with `__buffer__`.

use core::cell::Cell;
use core::ffi::c_int;
use core::ptr;

use super::MemoryView;
use super::managed::ManagedBuffer;
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::buffer;
use crate::runtime::{ThreadState, boundary, unraisable};
use crate::types::exceptions::{BUFFER_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::type_::slot_functions::{call_special, release_buffer as release_buffer_slot};
use crate::types::{Int, STATIC_FLAGS, STATIC_TYPE, identifiers as id, slot, table};

/// # Safety
/// C's protocol: `object` is a memoryview, `out` valid for a write.
unsafe extern "C" fn get_buffer(object: *mut PyObject, out: *mut Py_buffer, flags: c_int) -> c_int {
    boundary(|ts| {
        // SAFETY: the slot gets an instance.
        let this = unsafe { &*object.cast::<MemoryView>() };
        let mut view = *this.check_unrestricted(ts)?;
        // SAFETY: [out] the caller's promise. NULL is what a view that was refused refers to.
        unsafe { (*out).obj = ptr::null_mut() };
        narrow(&mut view, this.flags.get(), flags).map_err(|message| ts.raise_str(&BUFFER_ERROR, message))?;
        view.obj = Owned::new(this).into_raw();
        this.exports.set(this.exports.get() + 1);
        // SAFETY: [out] the caller's promise.
        unsafe { out.write(view) };
        Ok(())
    })
}

/// Leaves out of a complete view what was not asked for; what it cannot do without is an error.
fn narrow(view: &mut Py_buffer, has: c_int, flags: c_int) -> core::result::Result<(), &'static str> {
    let asked = |flag: c_int| flags & flag == flag;
    let (c, fortran) = (has & _Py_MEMORYVIEW_C != 0, has & _Py_MEMORYVIEW_FORTRAN != 0);
    if asked(PyBUF_WRITABLE) && view.readonly != 0 {
        return Err("memoryview: underlying buffer is not writable");
    }
    if asked(PyBUF_C_CONTIGUOUS) && !c {
        return Err("memoryview: underlying buffer is not C-contiguous");
    }
    if asked(PyBUF_F_CONTIGUOUS) && !fortran {
        return Err("memoryview: underlying buffer is not Fortran contiguous");
    }
    if asked(PyBUF_ANY_CONTIGUOUS) && !c && !fortran {
        return Err("memoryview: underlying buffer is not contiguous");
    }
    if !asked(PyBUF_INDIRECT) && has & _Py_MEMORYVIEW_PIL != 0 {
        return Err("memoryview: underlying buffer requires suboffsets");
    }
    if !asked(PyBUF_FORMAT) {
        view.format = ptr::null_mut();
    }
    if !asked(PyBUF_STRIDES) {
        if !c {
            return Err("memoryview: underlying buffer is not C-contiguous");
        }
        view.strides = ptr::null_mut();
    }
    if !asked(PyBUF_ND) {
        if !view.format.is_null() {
            return Err("memoryview: cannot cast to unsigned bytes if the format flag is present");
        }
        // From here on shape and itemsize need not make up the length.
        view.ndim = 1;
        view.shape = ptr::null_mut();
    }
    Ok(())
}

/// # Safety
/// C's protocol: `object` is a memoryview that `get_buffer` has exported.
unsafe extern "C" fn release_buffer(object: *mut PyObject, _view: *mut Py_buffer) {
    // SAFETY: the slot gets an instance.
    let this = unsafe { &*object.cast::<MemoryView>() };
    this.exports.set(this.exports.get() - 1);
}

#[unsafe(link_section = "immortal")]
pub(super) static AS_BUFFER: PyBufferProcs =
    PyBufferProcs { bf_getbuffer: Cell::new(Some(get_buffer)), bf_releasebuffer: Cell::new(Some(release_buffer)) };

/// `object.__buffer__(flags)` of a C type: a memoryview of what the type's function `get` gives.
pub fn by_function(ts: &ThreadState, object: &Object, get: getbufferproc, flags: c_int) -> Result<Owned<MemoryView>> {
    ManagedBuffer::by_function(ts, object, get, flags)?.whole(ts)
}

/// `object.__release_buffer__(memory)` of a C type.
///
/// `TypeError` for what is no memoryview, `ValueError` for one of another object's memory, or one released before.
pub fn release_by_wrapper(ts: &ThreadState, object: &Object, memory: &Object) -> Result<()> {
    let Some(memory) = memory.downcast::<MemoryView>() else {
        return Err(ts.raise_str(&TYPE_ERROR, "expected a memoryview object"));
    };
    if memory.view().obj.is_null() {
        // Lent for the call of a `__release_buffer__`, after the type's own function was called.
        return Ok(());
    }
    if memory.view().obj != object.as_ptr() {
        return Err(ts.raise_str(&VALUE_ERROR, "memoryview's buffer is not this object"));
    }
    if memory.is_released() {
        return Err(ts.raise_str(&VALUE_ERROR, "memoryview's buffer has already been released"));
    }
    memory.release(ts)
}

layout!(Wrapper = BufferWrapperObject, WRAPPER_TYPE);

/// `bf_getbuffer` of a class with `__buffer__`: the buffer of the memoryview that it returns. The buffer's object
/// stands for the class's instance and that memoryview.
///
/// # Safety
/// `out` is valid for a write.
pub unsafe fn get_by_method(ts: &ThreadState, object: &Object, out: *mut Py_buffer, flags: c_int) -> Result<()> {
    let number = Int::from_i64(ts, i64::from(flags))?;
    let memory = call_special(ts, object, &id::__buffer__, &[&number])?;
    if memory.downcast::<MemoryView>().is_none() {
        return Err(crate::protocol::object::wrong_result(ts, object, "__buffer__", "memoryview", &memory));
    }
    // SAFETY: [out] the caller's promise; all fields of the wrapper are written, and it takes the place of the memoryview,
    // which it holds.
    unsafe {
        buffer::get(ts, &memory, out, flags)?;
        let wrapper = match ts.new_object::<Wrapper>(&WRAPPER_TYPE, size_of::<Wrapper>()) {
            Ok(wrapper) => wrapper,
            Err(raised) => {
                buffer::release(out);
                return Err(raised);
            }
        };
        wrapper.memory.as_ptr().write((*out).obj);
        wrapper.object.as_ptr().write(Owned::new(object).into_raw());
        gc_track(&wrapper);
        (*out).obj = wrapper.into_raw();
    }
    Ok(())
}

/// `bf_releasebuffer` of the wrapper: the memoryview's, then the class's `__release_buffer__` with that memoryview.
/// One of the instance's own memory calls it by itself when it is released.
///
/// # Safety
/// C's protocol: `wrapper` is one, `view` the buffer that it was made for.
unsafe extern "C" fn release_wrapper(wrapper: *mut PyObject, view: *mut Py_buffer) {
    // SAFETY: the slot gets an instance.
    let wrapper = unsafe { &*wrapper.cast::<Wrapper>() };
    let (Some(memory), Some(object)) = (wrapper.memory.take_owned(), wrapper.object.take_owned()) else { return };
    // SAFETY: the buffer is the memoryview's, which `get_by_method` has checked to be one.
    let memory = unsafe {
        release_buffer(memory.as_ptr(), view);
        memory.cast::<MemoryView>()
    };
    if memory.view().obj != object.as_ptr() && releases_by_method(&object) {
        call_release_method(ThreadState::current(), &object, memory);
    }
}

/// The object's class, and not a C type among its bases, says what is to be done on a release.
fn releases_by_method(object: &Object) -> bool {
    buffer::release_of(object).is_some_and(|f| ptr::fn_addr_eq(f, release_buffer_slot as releasebufferproc))
}

/// `bf_releasebuffer` of a class with `__release_buffer__`, which gets a memoryview of the buffer that is lent to it
/// for the call: no view of its memory can be made of it, and it is released at once.
///
/// # Safety
/// The view is filled in.
pub unsafe fn release_by_method(ts: &ThreadState, object: &Object, view: &Py_buffer) {
    ts.preserving_error(|| {
        // SAFETY: the caller's promise; the memoryview is released below.
        let memory = unsafe { ManagedBuffer::of_view(ts, view) }.and_then(|managed| managed.whole(ts));
        match memory {
            Ok(memory) => {
                memory.flags.set(memory.flags.get() | _Py_MEMORYVIEW_RESTRICTED);
                call_release_method(ts, object, &memory);
                if memory.release(ts).is_err() {
                    report(ts, "__release_buffer__", object);
                }
            }
            Err(_raised) => report(ts, "bf_releasebuffer", object),
        }
    });
}

/// What the method raises, nobody can be told.
fn call_release_method(ts: &ThreadState, object: &Object, memory: &MemoryView) {
    ts.preserving_error(|| {
        if call_special(ts, object, &id::__release_buffer__, &[memory]).is_err() {
            report(ts, "__release_buffer__", object);
        }
    });
}

fn report(ts: &ThreadState, function: &str, object: &Object) {
    let name = object.ty().full_name();
    unraisable::report_saying(ts, &format!("Exception ignored in {function} of {name}"), None);
}

fn drop_fields(_ts: &ThreadState, this: &Wrapper) {
    drop(this.memory.take_owned());
    drop(this.object.take_owned());
}

fn visit(this: &Wrapper, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
    visitor.field(&this.memory)?;
    visitor.field(&this.object)
}

#[unsafe(link_section = "immortal")]
static WRAPPER_AS_BUFFER: PyBufferProcs =
    PyBufferProcs { bf_getbuffer: Cell::new(None), bf_releasebuffer: Cell::new(Some(release_wrapper)) };

#[unsafe(link_section = "immortal")]
pub static WRAPPER_TYPE: Type = Type {
    tp_name: c"_buffer_wrapper".as_ptr(),
    tp_basicsize: size_of::<Wrapper>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_dealloc: slot::dealloc(drop_fields),
    tp_traverse: slot::traverse(visit),
    tp_as_buffer: Cell::new(table(&WRAPPER_AS_BUFFER)),
    ..STATIC_TYPE
};
