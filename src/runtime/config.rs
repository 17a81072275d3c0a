//! What an interpreter is started with: C's `PyInterpreterConfig`.

use core::ffi::c_int;

pub use crate::ffi::PyInterpreterConfig;

// What its `gil` may be; the other fields are 0 or not.
const DEFAULT_GIL: c_int = 0;
const SHARED_GIL: c_int = 1;
const OWN_GIL: c_int = 2;

impl PyInterpreterConfig {
    /// `Py_NewInterpreter`'s, and the main interpreter's: everything is allowed and shared.
    pub const LEGACY: PyInterpreterConfig = PyInterpreterConfig {
        use_main_obmalloc: 1,
        allow_fork: 1,
        allow_exec: 1,
        allow_threads: 1,
        allow_daemon_threads: 1,
        check_multi_interp_extensions: 0,
        gil: SHARED_GIL,
    };

    /// What is wrong with it, if something is.
    pub fn fault(&self) -> Option<&'static core::ffi::CStr> {
        if self.use_main_obmalloc == 0 && self.check_multi_interp_extensions == 0 {
            return Some(c"per-interpreter obmalloc does not support single-phase init extension modules");
        }
        match self.gil {
            DEFAULT_GIL | SHARED_GIL | OWN_GIL => None,
            _ => Some(c"invalid interpreter config 'gil' value"),
        }
    }

    pub fn has_own_gil(&self) -> bool {
        self.gil == OWN_GIL
    }

    /// Whether objects may come from the main interpreter's heap. Under another GIL that would need atomics, so then
    /// the interpreter has a heap of its own whatever was asked for.
    pub fn shares_memory(&self) -> bool {
        self.use_main_obmalloc != 0 && !self.has_own_gil()
    }

    pub fn checks_extensions(&self) -> bool {
        self.check_multi_interp_extensions != 0
    }
}
