//! Every built-in exception, with its base.

use core::cell::Cell;

use super::{BASE_EXCEPTION, EXCEPTION_TEMPLATE, group, import_error, os_error, simple, syntax_error, unicode_error};
use crate::object::Type;

/// A pointer to an exception type, as C sees it: `PyExc_ValueError` is data that holds an object pointer.
#[repr(transparent)]
pub struct ExceptionPointer(*const Type);

// SAFETY: it never changes, and what it points to is immortal.
unsafe impl Sync for ExceptionPointer {}

/// Declares exception types and their C pointers.
///
/// ```ignore
/// exceptions! { VALUE_ERROR PyExc_ValueError c"ValueError" : EXCEPTION, EXCEPTION_TEMPLATE, c"…"; }
/// ```
macro_rules! exceptions {
    ($($type:ident $pointer:ident $name:literal : $base:ident, $template:expr, $doc:literal;)*) => {
        $(
            #[unsafe(link_section = "immortal")]
            pub static $type: Type = Type {
                tp_name: $name.as_ptr(),
                tp_doc: Cell::new($doc.as_ptr()),
                tp_base: Cell::new((&raw const $base).cast_mut()),
                ..$template
            };
            #[unsafe(no_mangle)]
            pub static $pointer: ExceptionPointer = ExceptionPointer(&raw const $type);
        )*

        /// All but `BaseException`, bases first.
        pub static TREE: &[&Type] = &[$(&$type,)* &INCOMPLETE_INPUT_ERROR];
    };
}

#[unsafe(no_mangle)]
pub static PyExc_BaseException: ExceptionPointer = ExceptionPointer(&raw const BASE_EXCEPTION);
#[unsafe(no_mangle)]
pub static PyExc_EnvironmentError: ExceptionPointer = ExceptionPointer(&raw const OS_ERROR);
#[unsafe(no_mangle)]
pub static PyExc_IOError: ExceptionPointer = ExceptionPointer(&raw const OS_ERROR);

/// What CPython's interactive loop raises of a text that may go on. C has no name for it.
#[unsafe(link_section = "immortal")]
pub static INCOMPLETE_INPUT_ERROR: Type = Type {
    tp_name: c"_IncompleteInputError".as_ptr(),
    tp_doc: Cell::new(c"incomplete input.".as_ptr()),
    tp_base: Cell::new((&raw const SYNTAX_ERROR).cast_mut()),
    ..syntax_error::SYNTAX_ERROR_SUBCLASS_TEMPLATE
};

exceptions! {
    BASE_EXCEPTION_GROUP PyExc_BaseExceptionGroup c"BaseExceptionGroup" : BASE_EXCEPTION, group::GROUP_TEMPLATE, c"Base Exception Group.";
    EXCEPTION PyExc_Exception c"Exception" : BASE_EXCEPTION, EXCEPTION_TEMPLATE, c"Exception.";
    ARITHMETIC_ERROR PyExc_ArithmeticError c"ArithmeticError" : EXCEPTION, EXCEPTION_TEMPLATE, c"Arithmetic Error.";
    ASSERTION_ERROR PyExc_AssertionError c"AssertionError" : EXCEPTION, EXCEPTION_TEMPLATE, c"Assertion Error.";
    ATTRIBUTE_ERROR PyExc_AttributeError c"AttributeError" : EXCEPTION, simple::ATTRIBUTE_ERROR_TEMPLATE, c"Attribute Error.";
    BUFFER_ERROR PyExc_BufferError c"BufferError" : EXCEPTION, EXCEPTION_TEMPLATE, c"Buffer Error.";
    EOF_ERROR PyExc_EOFError c"EOFError" : EXCEPTION, EXCEPTION_TEMPLATE, c"EOFError.";
    EXCEPTION_GROUP PyExc_ExceptionGroup c"ExceptionGroup" : BASE_EXCEPTION_GROUP, group::SUBGROUP_TEMPLATE, c"Exception Group.";
    FLOATING_POINT_ERROR PyExc_FloatingPointError c"FloatingPointError" : ARITHMETIC_ERROR, EXCEPTION_TEMPLATE, c"Floating Point Error.";
    GENERATOR_EXIT PyExc_GeneratorExit c"GeneratorExit" : BASE_EXCEPTION, EXCEPTION_TEMPLATE, c"Generator Exit.";
    IMPORT_ERROR PyExc_ImportError c"ImportError" : EXCEPTION, import_error::IMPORT_ERROR_TEMPLATE, c"Import Error.";
    IMPORT_CYCLE_ERROR PyExc_ImportCycleError c"ImportCycleError" : IMPORT_ERROR, import_error::IMPORT_ERROR_SUBCLASS_TEMPLATE, c"Import Cycle Error.";
    KEYBOARD_INTERRUPT PyExc_KeyboardInterrupt c"KeyboardInterrupt" : BASE_EXCEPTION, EXCEPTION_TEMPLATE, c"Keyboard Interrupt.";
    LOOKUP_ERROR PyExc_LookupError c"LookupError" : EXCEPTION, EXCEPTION_TEMPLATE, c"Lookup Error.";
    INDEX_ERROR PyExc_IndexError c"IndexError" : LOOKUP_ERROR, EXCEPTION_TEMPLATE, c"Index Error.";
    KEY_ERROR PyExc_KeyError c"KeyError" : LOOKUP_ERROR, simple::KEY_ERROR_TEMPLATE, c"Key Error.";
    MEMORY_ERROR PyExc_MemoryError c"MemoryError" : EXCEPTION, EXCEPTION_TEMPLATE, c"Memory Error.";
    MODULE_NOT_FOUND_ERROR PyExc_ModuleNotFoundError c"ModuleNotFoundError" : IMPORT_ERROR, import_error::IMPORT_ERROR_SUBCLASS_TEMPLATE, c"Module Not Found Error.";
    NAME_ERROR PyExc_NameError c"NameError" : EXCEPTION, simple::NAME_ERROR_TEMPLATE, c"Name Error.";
    OS_ERROR PyExc_OSError c"OSError" : EXCEPTION, os_error::OS_ERROR_TEMPLATE, c"OSError.";
    BLOCKING_IO_ERROR PyExc_BlockingIOError c"BlockingIOError" : OS_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Blocking IOError.";
    CHILD_PROCESS_ERROR PyExc_ChildProcessError c"ChildProcessError" : OS_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Child Process Error.";
    CONNECTION_ERROR PyExc_ConnectionError c"ConnectionError" : OS_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Connection Error.";
    BROKEN_PIPE_ERROR PyExc_BrokenPipeError c"BrokenPipeError" : CONNECTION_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Broken Pipe Error.";
    CONNECTION_ABORTED_ERROR PyExc_ConnectionAbortedError c"ConnectionAbortedError" : CONNECTION_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Connection Aborted Error.";
    CONNECTION_REFUSED_ERROR PyExc_ConnectionRefusedError c"ConnectionRefusedError" : CONNECTION_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Connection Refused Error.";
    CONNECTION_RESET_ERROR PyExc_ConnectionResetError c"ConnectionResetError" : CONNECTION_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Connection Reset Error.";
    FILE_EXISTS_ERROR PyExc_FileExistsError c"FileExistsError" : OS_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"File Exists Error.";
    FILE_NOT_FOUND_ERROR PyExc_FileNotFoundError c"FileNotFoundError" : OS_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"File Not Found Error.";
    INTERRUPTED_ERROR PyExc_InterruptedError c"InterruptedError" : OS_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Interrupted Error.";
    IS_A_DIRECTORY_ERROR PyExc_IsADirectoryError c"IsADirectoryError" : OS_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Is ADirectory Error.";
    NOT_A_DIRECTORY_ERROR PyExc_NotADirectoryError c"NotADirectoryError" : OS_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Not ADirectory Error.";
    OVERFLOW_ERROR PyExc_OverflowError c"OverflowError" : ARITHMETIC_ERROR, EXCEPTION_TEMPLATE, c"Overflow Error.";
    PERMISSION_ERROR PyExc_PermissionError c"PermissionError" : OS_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Permission Error.";
    PROCESS_LOOKUP_ERROR PyExc_ProcessLookupError c"ProcessLookupError" : OS_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Process Lookup Error.";
    REFERENCE_ERROR PyExc_ReferenceError c"ReferenceError" : EXCEPTION, EXCEPTION_TEMPLATE, c"Reference Error.";
    RUNTIME_ERROR PyExc_RuntimeError c"RuntimeError" : EXCEPTION, EXCEPTION_TEMPLATE, c"Runtime Error.";
    NOT_IMPLEMENTED_ERROR PyExc_NotImplementedError c"NotImplementedError" : RUNTIME_ERROR, EXCEPTION_TEMPLATE, c"Not Implemented Error.";
    PYTHON_FINALIZATION_ERROR PyExc_PythonFinalizationError c"PythonFinalizationError" : RUNTIME_ERROR, EXCEPTION_TEMPLATE, c"Python Finalization Error.";
    RECURSION_ERROR PyExc_RecursionError c"RecursionError" : RUNTIME_ERROR, EXCEPTION_TEMPLATE, c"Recursion Error.";
    STOP_ASYNC_ITERATION PyExc_StopAsyncIteration c"StopAsyncIteration" : EXCEPTION, EXCEPTION_TEMPLATE, c"Stop Async Iteration.";
    STOP_ITERATION PyExc_StopIteration c"StopIteration" : EXCEPTION, simple::STOP_ITERATION_TEMPLATE, c"Stop Iteration.";
    SYNTAX_ERROR PyExc_SyntaxError c"SyntaxError" : EXCEPTION, syntax_error::SYNTAX_ERROR_TEMPLATE, c"Syntax Error.";
    INDENTATION_ERROR PyExc_IndentationError c"IndentationError" : SYNTAX_ERROR, syntax_error::SYNTAX_ERROR_SUBCLASS_TEMPLATE, c"Indentation Error.";
    SYSTEM_ERROR PyExc_SystemError c"SystemError" : EXCEPTION, EXCEPTION_TEMPLATE, c"System Error.";
    SYSTEM_EXIT PyExc_SystemExit c"SystemExit" : BASE_EXCEPTION, simple::SYSTEM_EXIT_TEMPLATE, c"System Exit.";
    TAB_ERROR PyExc_TabError c"TabError" : INDENTATION_ERROR, syntax_error::SYNTAX_ERROR_SUBCLASS_TEMPLATE, c"Tab Error.";
    TIMEOUT_ERROR PyExc_TimeoutError c"TimeoutError" : OS_ERROR, os_error::OS_ERROR_SUBCLASS_TEMPLATE, c"Timeout Error.";
    TYPE_ERROR PyExc_TypeError c"TypeError" : EXCEPTION, EXCEPTION_TEMPLATE, c"Type Error.";
    UNBOUND_LOCAL_ERROR PyExc_UnboundLocalError c"UnboundLocalError" : NAME_ERROR, simple::UNBOUND_LOCAL_ERROR_TEMPLATE, c"Unbound Local Error.";
    VALUE_ERROR PyExc_ValueError c"ValueError" : EXCEPTION, EXCEPTION_TEMPLATE, c"Value Error.";
    UNICODE_ERROR PyExc_UnicodeError c"UnicodeError" : VALUE_ERROR, EXCEPTION_TEMPLATE, c"Unicode Error.";
    UNICODE_DECODE_ERROR PyExc_UnicodeDecodeError c"UnicodeDecodeError" : UNICODE_ERROR, unicode_error::DECODE_TEMPLATE, c"Unicode Decode Error.";
    UNICODE_ENCODE_ERROR PyExc_UnicodeEncodeError c"UnicodeEncodeError" : UNICODE_ERROR, unicode_error::ENCODE_TEMPLATE, c"Unicode Encode Error.";
    UNICODE_TRANSLATE_ERROR PyExc_UnicodeTranslateError c"UnicodeTranslateError" : UNICODE_ERROR, unicode_error::TRANSLATE_TEMPLATE, c"Unicode Translate Error.";
    WARNING PyExc_Warning c"Warning" : EXCEPTION, EXCEPTION_TEMPLATE, c"Warning.";
    BYTES_WARNING PyExc_BytesWarning c"BytesWarning" : WARNING, EXCEPTION_TEMPLATE, c"Bytes Warning.";
    DEPRECATION_WARNING PyExc_DeprecationWarning c"DeprecationWarning" : WARNING, EXCEPTION_TEMPLATE, c"Deprecation Warning.";
    ENCODING_WARNING PyExc_EncodingWarning c"EncodingWarning" : WARNING, EXCEPTION_TEMPLATE, c"Encoding Warning.";
    FUTURE_WARNING PyExc_FutureWarning c"FutureWarning" : WARNING, EXCEPTION_TEMPLATE, c"Future Warning.";
    IMPORT_WARNING PyExc_ImportWarning c"ImportWarning" : WARNING, EXCEPTION_TEMPLATE, c"Import Warning.";
    PENDING_DEPRECATION_WARNING PyExc_PendingDeprecationWarning c"PendingDeprecationWarning" : WARNING, EXCEPTION_TEMPLATE, c"Pending Deprecation Warning.";
    RESOURCE_WARNING PyExc_ResourceWarning c"ResourceWarning" : WARNING, EXCEPTION_TEMPLATE, c"Resource Warning.";
    RUNTIME_WARNING PyExc_RuntimeWarning c"RuntimeWarning" : WARNING, EXCEPTION_TEMPLATE, c"Runtime Warning.";
    SYNTAX_WARNING PyExc_SyntaxWarning c"SyntaxWarning" : WARNING, EXCEPTION_TEMPLATE, c"Syntax Warning.";
    UNICODE_WARNING PyExc_UnicodeWarning c"UnicodeWarning" : WARNING, EXCEPTION_TEMPLATE, c"Unicode Warning.";
    USER_WARNING PyExc_UserWarning c"UserWarning" : WARNING, EXCEPTION_TEMPLATE, c"User Warning.";
    ZERO_DIVISION_ERROR PyExc_ZeroDivisionError c"ZeroDivisionError" : ARITHMETIC_ERROR, EXCEPTION_TEMPLATE, c"Zero Division Error.";
}
