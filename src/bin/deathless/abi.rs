//! The stable ABI's record: which symbol belongs to it since which version.

use std::collections::HashMap;
use std::fmt;

const RECORD: &str = include_str!("../../../abi/symbols.tsv");

/// A version of Python: 3.10 is later than 3.9.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Version(u32, u32);

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.0, self.1)
    }
}

impl Version {
    pub const fn new(major: u32, minor: u32) -> Version {
        Version(major, minor)
    }

    pub fn parse(text: &str) -> Option<Version> {
        let (major, minor) = text.split_once('.')?;
        Some(Version(major.parse().ok()?, minor.parse().ok()?))
    }
}

/// Each symbol with the version that added it.
pub fn added() -> HashMap<&'static str, Version> {
    let rows = RECORD.lines().skip(1);
    rows.filter_map(|row| {
        let mut fields = row.split('\t');
        let (symbol, _kind, added) = (fields.next()?, fields.next()?, fields.next()?);
        Some((symbol, Version::parse(added)?))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_from_the_record() {
        let added = added();
        assert!(added.len() > 900);
        assert_eq!(added["PyList_New"].to_string(), "3.2");
        assert!(added["PyType_GetModule"] > added["PyErr_SetImportErrorSubclass"]);
    }
}
