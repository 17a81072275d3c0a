//! listobject.h

use core::ffi::c_int;

use super::{bad_argument, expected, take_over};
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::collector::collect_if_due;
use crate::object::{Object, Owned, Raised};
use crate::runtime::{boundary, rest};
use crate::types::exceptions::INDEX_ERROR;
use crate::types::{List, Tuple, list};

/// A new list of `size` items, all NULL until `PyList_SetItem` fills them in.
///
/// New reference. `SystemError` for a negative size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_New(size: Py_ssize_t) -> *mut PyObject {
    boundary(|ts| {
        let Ok(n) = usize::try_from(size) else { return Err(bad_argument(ts)) };
        collect_if_due(ts);
        let new = List::with_room(ts, n)?;
        new.expose_empty(n);
        Ok(new)
    })
}

/// `len(list)`.
///
/// -1 with `SystemError` for anything but a list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_Size(list: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [nullable]
    boundary(|ts| Ok(unsafe { expected::<List>(ts, list)? }.len() as isize))
}

/// `list[index]`, without counting from the end.
///
/// Borrowed reference. `IndexError` if out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_GetItem(list: *mut PyObject, index: Py_ssize_t) -> *mut PyObject {
    // SAFETY: [nullable]
    if let Some(item) = unsafe { Object::from_nullable(list) }
        .and_then(Object::downcast::<List>)
        .and_then(|list| list.get(index as usize))
    {
        return item.as_ptr();
    }
    rest(move |ts| {
        // SAFETY: [nullable]
        let list = unsafe { expected::<List>(ts, list)? };
        list.get_checked(ts, index)
    })
}

/// `list[index]`, without counting from the end.
///
/// New reference. `TypeError` for anything but a list, `IndexError` if out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_GetItemRef(list: *mut PyObject, index: Py_ssize_t) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]
        let Some(list) = unsafe { Object::from_raw(list) }.downcast::<List>() else {
            return Err(ts.raise_str(&crate::types::exceptions::TYPE_ERROR, "expected a list"));
        };
        list.get_checked(ts, index).map(Owned::new)
    })
}

/// `list[index] = item`, without counting from the end.
///
/// Steals `item`, even on failure. `IndexError` if out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_SetItem(list: *mut PyObject, index: Py_ssize_t, item: *mut PyObject) -> c_int {
    // SAFETY: [steals] ours from here on; NULL empties the place.
    let item = unsafe { take_over::<Object>(item) };
    boundary(|ts| {
        // SAFETY: [nullable]
        let list = unsafe { expected::<List>(ts, list)? };
        list.fill(ts, index, item)
    })
}

/// `list.insert(index, item)`.
///
/// `SystemError` for anything but a list, or no item.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_Insert(list: *mut PyObject, index: Py_ssize_t, item: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (list, item) = unsafe { (expected::<List>(ts, list)?, Object::from_nullable(item)) };
        list.insert(ts, index, item.ok_or_else(|| bad_argument(ts))?)
    })
}

/// `list.append(item)`.
///
/// `SystemError` for anything but a list, or no item.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_Append(list: *mut PyObject, item: *mut PyObject) -> c_int {
    // SAFETY: [nullable] both
    let (of, item_ref) = unsafe { (Object::from_nullable(list), Object::from_nullable(item)) };
    if let (Some(list), Some(item)) = (of.and_then(Object::downcast::<List>), item_ref)
        && list.append_in_room(item)
    {
        return 0;
    }
    rest(move |ts| {
        // SAFETY: [nullable] both
        let (list, item) = unsafe { (expected::<List>(ts, list)?, Object::from_nullable(item)) };
        list.append(ts, Owned::new(item.ok_or_else(|| bad_argument(ts))?))
    })
}

/// `list[low:high]`, without counting from the end.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_GetSlice(list: *mut PyObject, low: Py_ssize_t, high: Py_ssize_t) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let list = unsafe { expected::<List>(ts, list)? };
        list.slice(ts, low.max(0) as usize, high.max(0) as usize)
    })
}

/// `list[low:high] = items`; NULL deletes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_SetSlice(
    list: *mut PyObject,
    low: Py_ssize_t,
    high: Py_ssize_t,
    items: *mut PyObject,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (list, items) = unsafe { (expected::<List>(ts, list)?, Object::from_nullable(items)) };
        list::set_slice(ts, list, low, high, items)
    })
}

/// `list.sort()`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_Sort(list: *mut PyObject) -> c_int {
    // SAFETY: [nullable]
    boundary(|ts| list::sort::sort(ts, unsafe { expected::<List>(ts, list)? }, None, false))
}

/// `list.reverse()`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_Reverse(list: *mut PyObject) -> c_int {
    // SAFETY: [nullable]
    boundary(|ts| list::reverse(ts, unsafe { expected::<List>(ts, list)? }))
}

/// `tuple(list)`.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyList_AsTuple(list: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| Tuple::new(ts, unsafe { expected::<List>(ts, list)? }.as_slice()))
}

impl List {
    /// Item `index`, or `IndexError`.
    fn get_checked(&self, ts: &crate::runtime::ThreadState, index: isize) -> Result<&Object, Raised> {
        usize::try_from(index)
            .ok()
            .and_then(|i| self.get(i))
            .ok_or_else(|| ts.raise_str(&INDEX_ERROR, "list index out of range"))
    }
}
// skipped PyList_GET_ITEM, PyList_SET_ITEM, PyList_GET_SIZE: macros of cpython/listobject.h
