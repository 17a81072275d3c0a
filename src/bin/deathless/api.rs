//! The table of C functions that the command uses, each declared once with the
//! types of `object.rs`: `&Obj` is borrowed, `Obj` is stolen, `Option` may be
//! NULL, and the result type says how an exception shows.
//!
//! Only functions that every CPython since 3.11 exports. A function is looked
//! up when it is first called, so a runtime that lacks one can do all the rest.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use libloading::os::unix::Library;

use crate::object::{Chars, Done, Fault, Obj, Outcome, Pass, Peeked, PyObject, Take};
use crate::runtime::symbol;

/// Declares the functions: `fn PyObject_Repr(object: &Obj) -> Obj;` becomes a
/// method `Api::PyObject_Repr` that gives `Outcome<Obj>`.
macro_rules! functions {
    ($(fn $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)*) => {
        #[allow(non_snake_case)]
        #[derive(Default)]
        struct Addresses {
            $($name: AtomicPtr<c_void>,)*
        }

        #[allow(non_snake_case)]
        impl Api {
            $(pub fn $name(&self, $($arg: $ty),*) -> Outcome<$ret> {
                let address = self.address(&self.addresses.$name, stringify!($name))?;
                // SAFETY: the signature is the stable ABI's, which never changes.
                let function = unsafe {
                    std::mem::transmute::<
                        *mut c_void,
                        unsafe extern "C" fn($(<$ty as Pass>::C),*) -> <$ret as Take>::C,
                    >(address)
                };
                // SAFETY: handles are live, strings end with NUL, out-pointers come from
                // references, and the only thread holds the GIL.
                Take::take(unsafe { function($($arg.pass()),*) })
            })*
        }
    };
}

pub struct Api {
    library: Library,
    addresses: Addresses,
}

functions! {
    fn Py_InitializeEx(signals: c_int) -> ();
    fn Py_FinalizeEx() -> Done;
    fn Py_IncRef(object: &Obj) -> ();
    fn Py_DecRef(object: &mut Obj) -> ();

    fn PyGC_Collect() -> isize;

    fn PyErr_Occurred() -> Peeked;
    fn PyErr_Clear() -> ();
    fn PyErr_GetRaisedException() -> Option<Obj>;
    fn PyErr_SetString(kind: &Obj, message: &CStr) -> ();
    fn PyErr_SetObject(kind: &Obj, value: &Obj) -> ();
    fn PyErr_ExceptionMatches(kind: &Obj) -> bool;
    fn PyException_GetTraceback(exception: &Obj) -> Option<Obj>;
    fn PyTraceBack_Print(traceback: &Obj, file: &Obj) -> Done;

    fn PyObject_Repr(object: &Obj) -> Obj;
    fn PyObject_Str(object: &Obj) -> Obj;
    fn PyObject_ASCII(object: &Obj) -> Obj;
    fn PyObject_Format(object: &Obj, spec: Option<&Obj>) -> Obj;
    fn PyObject_Type(object: &Obj) -> Obj;
    fn PyObject_IsTrue(object: &Obj) -> bool;
    fn PyObject_RichCompare(left: &Obj, right: &Obj, operator: c_int) -> Obj;
    fn PyObject_GetAttr(object: &Obj, name: &Obj) -> Obj;
    fn PyObject_SetAttr(object: &Obj, name: &Obj, value: Option<&Obj>) -> Done;
    fn PyObject_GetItem(object: &Obj, key: &Obj) -> Obj;
    fn PyObject_SetItem(object: &Obj, key: &Obj, value: &Obj) -> Done;
    fn PyObject_DelItem(object: &Obj, key: &Obj) -> Done;
    fn PyObject_Call(callable: &Obj, args: &Obj, keywords: Option<&Obj>) -> Obj;
    fn PyObject_GetIter(object: &Obj) -> Obj;
    fn PyObject_Size(object: &Obj) -> isize;
    fn PyObject_Dir(object: Option<&Obj>) -> Obj;
    fn PyIter_Next(iterator: &Obj) -> Option<Obj>;

    fn PyNumber_Add(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_Subtract(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_Multiply(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_MatrixMultiply(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_TrueDivide(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_FloorDivide(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_Remainder(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_Power(base: &Obj, exponent: &Obj, modulus: &Obj) -> Obj;
    fn PyNumber_Lshift(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_Rshift(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_And(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_Or(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_Xor(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_Negative(object: &Obj) -> Obj;
    fn PyNumber_Positive(object: &Obj) -> Obj;
    fn PyNumber_Invert(object: &Obj) -> Obj;
    fn PyNumber_InPlaceAdd(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_InPlaceSubtract(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_InPlaceMultiply(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_InPlaceMatrixMultiply(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_InPlaceTrueDivide(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_InPlaceFloorDivide(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_InPlaceRemainder(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_InPlacePower(base: &Obj, exponent: &Obj, modulus: &Obj) -> Obj;
    fn PyNumber_InPlaceLshift(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_InPlaceRshift(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_InPlaceAnd(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_InPlaceOr(left: &Obj, right: &Obj) -> Obj;
    fn PyNumber_InPlaceXor(left: &Obj, right: &Obj) -> Obj;
    fn PySequence_Contains(container: &Obj, item: &Obj) -> bool;

    fn PyLong_FromString(text: &CStr, end: *mut *mut c_char, base: c_int) -> Obj;
    fn PyLong_FromUnsignedLongLong(value: u64) -> Obj;
    fn PyFloat_FromDouble(value: f64) -> Obj;
    fn PyComplex_FromDoubles(real: f64, imaginary: f64) -> Obj;
    fn PyUnicode_DecodeUTF8(text: *const c_char, size: isize, errors: &CStr) -> Obj;
    fn PyUnicode_InternFromString(text: &CStr) -> Obj;
    fn PyUnicode_AsUTF8AndSize(text: &Obj, size: *mut isize) -> Chars;
    fn PyUnicode_GetLength(text: &Obj) -> isize;
    fn PyUnicode_ReadChar(text: &Obj, index: isize) -> u32;
    fn PyUnicode_Join(separator: &Obj, parts: &Obj) -> Obj;
    fn PyBytes_FromStringAndSize(text: *const c_char, size: isize) -> Obj;

    fn PyTuple_New(size: isize) -> Obj;
    fn PyTuple_SetItem(tuple: &Obj, index: isize, item: Obj) -> Done;
    fn PyList_New(size: isize) -> Obj;
    fn PyList_Append(list: &Obj, item: &Obj) -> Done;
    fn PyList_AsTuple(list: &Obj) -> Obj;
    fn PyDict_New() -> Obj;
    fn PyDict_SetItem(dict: &Obj, key: &Obj, value: &Obj) -> Done;
    fn PyDict_Contains(dict: &Obj, key: &Obj) -> bool;
    fn PyDict_Update(dict: &Obj, other: &Obj) -> Done;
    fn PySet_New(iterable: Option<&Obj>) -> Obj;
    fn PySet_Add(set: &Obj, item: &Obj) -> Done;
    fn PySlice_New(start: Option<&Obj>, stop: Option<&Obj>, step: Option<&Obj>) -> Obj;

    fn PyImport_ImportModule(name: &CStr) -> Obj;
    fn deathless_load_module(name: &CStr, path: &CStr) -> Obj;
}

impl Api {
    pub fn new(library: Library) -> Api {
        Api { library, addresses: Addresses::default() }
    }

    fn address(&self, known: &AtomicPtr<c_void>, name: &str) -> Outcome<*mut c_void> {
        let mut address = known.load(Ordering::Relaxed);
        if address.is_null() {
            address = symbol(&self.library, name)?;
            known.store(address, Ordering::Relaxed);
        }
        Ok(address)
    }

    /// The address of a symbol that is not in the table.
    pub fn raw(&self, name: &str) -> Outcome<*mut c_void> {
        symbol(&self.library, name)
    }

    /// `object.name`, the name interned: method caches keep names.
    pub fn attribute(&self, object: &Obj, name: &CStr) -> Outcome<Obj> {
        self.PyObject_GetAttr(object, &self.PyUnicode_InternFromString(name)?)
    }

    /// An exported object, such as `_Py_NoneStruct`.
    pub fn constant(&self, name: &str) -> Outcome<Obj> {
        let object = self.raw(name)?.cast::<PyObject>();
        Obj::from_borrowed(object).ok_or_else(|| Fault::Missing(name.to_owned()))
    }

    /// An exported pointer to an object, such as `PyExc_TypeError`.
    pub fn exception(&self, name: &str) -> Outcome<Obj> {
        let place = self.raw(name)?.cast::<*mut PyObject>();
        // SAFETY: the symbol is a pointer variable, set once the runtime has started.
        Obj::from_borrowed(unsafe { *place }).ok_or_else(|| Fault::Missing(name.to_owned()))
    }

    /// The raised exception as an object, also by the older pair of functions:
    /// `PyErr_GetRaisedException` came with 3.12.
    pub fn take_raised(&self) -> Outcome<Option<Obj>> {
        if self.raw("PyErr_GetRaisedException").is_ok() {
            return self.PyErr_GetRaisedException();
        }
        type Three = unsafe extern "C" fn(*mut *mut PyObject, *mut *mut PyObject, *mut *mut PyObject);
        let fetch = self.raw("PyErr_Fetch")?;
        let normalize = self.raw("PyErr_NormalizeException")?;
        let mut parts = [ptr::null_mut(); 3];
        let [kind, value, traceback] = &mut parts;
        // SAFETY: both have this signature in the stable ABI; the three places are ours, and
        // receive owned references.
        unsafe {
            std::mem::transmute::<*mut c_void, Three>(fetch)(kind, value, traceback);
            if !kind.is_null() {
                std::mem::transmute::<*mut c_void, Three>(normalize)(kind, value, traceback);
            }
        }
        let [_kind, value, _traceback] = parts.map(Obj::from_owned);
        Ok(value)
    }
}
