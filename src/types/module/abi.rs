//! `PyABIInfo_Check`: whether what an extension was compiled for is what it finds here.

use crate::ffi::PyABIInfo;
use crate::object::Result;
use crate::runtime::ThreadState;
use crate::types::exceptions::IMPORT_ERROR;

const STABLE: u16 = 1;
const GIL: u16 = 2;
const FREE_THREADED: u16 = 4;
const INTERNAL: u16 = 8;

/// What this library speaks.
const VERSION: u32 = 0x030F_02F0;

pub fn check(ts: &ThreadState, info: Option<&PyABIInfo>, module: &str) -> Result<()> {
    match refusal(info) {
        None => Ok(()),
        Some(why) => Err(ts.raise(&IMPORT_ERROR, format_args!("{module}: {why}"))),
    }
}

fn refusal(info: Option<&PyABIInfo>) -> Option<String> {
    let Some(info) = info else { return Some("NULL PyABIInfo".to_owned()) };
    match info.abiinfo_major_version {
        // Nothing is claimed.
        0 => return None,
        1 => {}
        _ => return Some("PyABIInfo version too high".to_owned()),
    }
    if info.flags & INTERNAL != 0 && info.build_version != VERSION {
        let built = info.build_version;
        return Some(format!("incompatible internal ABI (0x{built:x} != 0x{VERSION:x})"));
    }
    if info.flags & (GIL | FREE_THREADED) == FREE_THREADED {
        return Some("only compatible with free-threaded CPython".to_owned());
    }
    if info.abi_version == 0 {
        return None;
    }
    let (major, minor) = (info.abi_version >> 24, info.abi_version >> 16 & 0xFF);
    let ours = (VERSION >> 24, VERSION >> 16 & 0xFF);
    if info.flags & STABLE == 0 {
        return ((major, minor) != ours).then(|| format!("incompatible ABI version ({major}.{minor})"));
    }
    if major < 3 {
        return Some(format!("invalid stable ABI version ({major}.{minor})"));
    }
    ((major, minor) > ours).then(|| format!("incompatible future stable ABI version ({major}.{minor})"))
}
