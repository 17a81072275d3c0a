//! What the runtime says it is: CPython 3.15's ABI, by this library.

use core::ffi::CStr;

pub const MAJOR: u32 = 3;
pub const MINOR: u32 = 15;
pub const MICRO: u32 = 2;
/// Final, serial 0.
pub const HEX: u32 = MAJOR << 24 | MINOR << 16 | MICRO << 8 | 0xF0;

pub const PLATFORM: &CStr = c"linux";
pub const COPYRIGHT: &CStr = c"Copyright (c) the deathless authors.\nThe Python language and its C API: Copyright (c) Python Software Foundation.";
pub const BUILD: &CStr = c"deathless 0.1.0";
pub const COMPILER: &CStr = c"\n[Rust]";
/// The version, the build in brackets, the compiler: extensions take the first word.
pub const TEXT: &CStr = c"3.15.2 (deathless 0.1.0) \n[Rust]";
