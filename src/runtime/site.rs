//! What code is at an address: which file it was loaded from, which function, and, where there is debug information,
//! which line.
//!
//! Asked only when something is to be reported, so nothing is read before the first question: an image's file is then
//! mapped and kept for the process, and its symbols and line tables are found as they are asked for. A file that is
//! gone, or that has neither symbols nor debug information, gives an answer with less in it, never an error.

use core::ffi::{CStr, c_int, c_void};
use core::fmt::{self, Display, Formatter};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use addr2line::gimli::{Dwarf, EndianSlice, LittleEndian, SectionId};
use addr2line::{Context, demangle_auto};
use object::read::elf::ElfFile64;
use object::{Object, ObjectSection, ObjectSymbol, ObjectSymbolTable, SymbolKind};

/// A place in the source of a function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Frame {
    /// Demangled, where it is Rust's.
    pub function: String,
    pub file: Option<String>,
    pub line: Option<u32>,
}

/// The code at an address.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Site {
    pub address: usize,
    /// The file of the image: a module, the library, the program. `None` where no image lies.
    pub image: Option<PathBuf>,
    /// The address as the image's own tables have it, for a disassembler.
    pub offset: usize,
    /// The function that the symbol table has there, demangled where it is Rust's.
    pub function: Option<String>,
    /// From debug information, the innermost first: what was inlined at the address, and last the function itself.
    /// Empty without.
    pub frames: Vec<Frame>,
}

impl Site {
    /// The function's name, or where it would be.
    pub fn function_name(&self) -> Cow<'_, str> {
        match (&self.function, self.frames.last()) {
            (Some(name), _) => Cow::Borrowed(name),
            (None, Some(frame)) => Cow::Borrowed(&frame.function),
            (None, None) => Cow::Owned(format!("{:#x}", self.offset)),
        }
    }

    /// `file:line` within the function itself, whatever was inlined there.
    pub fn line(&self) -> Option<String> {
        self.frames.last().and_then(Frame::place)
    }

    /// `file:line`, and what was inlined there: `source.c:12, where name of header.h:34 is inlined`.
    pub fn source(&self) -> Option<String> {
        let line = self.line()?;
        let [inlined, _, ..] = self.frames.as_slice() else { return Some(line) };
        let place = inlined.place().map(|place| format!(" of {place}")).unwrap_or_default();
        Some(format!("{line}, where {}{place} is inlined", inlined.function))
    }

    /// The image's file without its folder.
    pub fn image_name(&self) -> Cow<'_, str> {
        match &self.image {
            Some(path) => path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy()),
            None => Cow::Borrowed("no file"),
        }
    }
}

impl Frame {
    fn place(&self) -> Option<String> {
        let file = self.file.as_ref()?;
        Some(self.line.map_or_else(|| file.clone(), |line| format!("{file}:{line}")))
    }
}

/// `function in file.so (source.c:12, where name of header.h:34 is inlined)`
impl Display for Site {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}", self.function_name(), self.image_name())?;
        self.source().map_or(Ok(()), |source| write!(f, " ({source})"))
    }
}

/// An image in this process: its file, and how far it lies from the addresses that its file has.
pub struct Image {
    pub path: PathBuf,
    pub bias: usize,
}

/// The image that `address` lies in.
pub fn image_of(address: usize) -> Option<Image> {
    const RTLD_DL_LINKMAP: c_int = 2;
    /// The beginning of glibc's `struct link_map`.
    #[repr(C)]
    struct LinkMap {
        bias: usize,
        name: *const core::ffi::c_char,
    }
    // SAFETY: zeros are a valid start; the call fills both, and names live as long as their image.
    unsafe {
        let mut info: libc::Dl_info = core::mem::zeroed();
        let mut extra: *mut c_void = core::ptr::null_mut();
        let found = libc::dladdr1(address as *const c_void, &mut info, &mut extra, RTLD_DL_LINKMAP);
        let map = extra.cast::<LinkMap>().as_ref().filter(|_| found != 0)?;
        let text = |name: *const core::ffi::c_char| CStr::from_ptr(name).to_string_lossy().into_owned();
        let named = !map.name.is_null() && *map.name != 0;
        // The program itself has no name there.
        let path = if named {
            PathBuf::from(text(map.name))
        } else if let Ok(program) = std::env::current_exe() {
            program
        } else {
            PathBuf::from(text(info.dli_fname))
        };
        Some(Image { path, bias: map.bias })
    }
}

/// What is known of the code at `address`. For a return address, ask for the byte before it.
pub fn at(address: usize) -> Site {
    let Some(Image { path, bias }) = image_of(address) else {
        return Site { address, offset: address, ..Site::default() };
    };
    let offset = address - bias;
    let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
    let table = tables.get_or_insert_default().entry(path.clone()).or_insert_with(|| Table::read(&path));
    let (function, frames) =
        table.as_ref().map_or((None, Vec::new()), |table| (table.function(offset), table.frames(offset)));
    Site { address, image: Some(path), offset, function, frames }
}

/// By file, for the files that were asked about; `None` for one that cannot be read.
static TABLES: Mutex<Option<HashMap<PathBuf, Option<Table>>>> = Mutex::new(None);

type Elf = ElfFile64<'static, object::LittleEndian>;
type Bytes = EndianSlice<'static, LittleEndian>;

struct Table {
    /// Functions by address: where each begins and ends.
    symbols: Vec<(usize, usize, &'static str)>,
    lines: Option<Context<Bytes>>,
}

impl Table {
    fn read(path: &Path) -> Option<Table> {
        let file = Elf::parse(map(path)?).ok()?;
        Some(Table { symbols: functions(&file), lines: lines(&file) })
    }

    fn function(&self, offset: usize) -> Option<String> {
        let after = self.symbols.partition_point(|&(start, ..)| start <= offset);
        // Of several names for one function the first is as good as any; a smaller symbol may lie within it.
        let found = self.symbols[..after].iter().rev().take(NEIGHBOURS).find(|&&(_, end, _)| offset < end)?;
        Some(demangle_auto(Cow::Borrowed(found.2), None).into_owned())
    }

    fn frames(&self, offset: usize) -> Vec<Frame> {
        let Some(lines) = &self.lines else { return Vec::new() };
        // Debug information in files of its own is not looked for.
        let Ok(mut found) = lines.find_frames(offset as u64).skip_all_loads() else { return Vec::new() };
        let mut frames = Vec::new();
        while let Ok(Some(frame)) = found.next() {
            let name = frame.function.as_ref().and_then(|name| name.demangle().ok().map(Cow::into_owned));
            let location = frame.location.as_ref();
            frames.push(Frame {
                function: name.unwrap_or_default(),
                file: location.and_then(|l| l.file.map(str::to_owned)),
                line: location.and_then(|l| l.line),
            });
        }
        frames
    }
}

/// How many symbols before an address are looked at for one that reaches it.
const NEIGHBOURS: usize = 8;

/// The functions of the symbol table, or of the dynamic one where that was stripped, by address.
fn functions(file: &Elf) -> Vec<(usize, usize, &'static str)> {
    let table = file.symbol_table().or_else(|| file.dynamic_symbol_table());
    let symbols = table.into_iter().flat_map(|table| table.symbols());
    let mut found: Vec<_> = symbols
        .filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition() && symbol.size() > 0)
        .filter_map(|symbol| {
            let start = symbol.address() as usize;
            Some((start, start + symbol.size() as usize, symbol.name().ok()?))
        })
        .collect();
    found.sort_unstable();
    found
}

/// The debug information that lies in the file itself, uncompressed.
fn lines(file: &Elf) -> Option<Context<Bytes>> {
    let section = |id: SectionId| {
        let data = file.section_by_name(id.name()).and_then(|section| section.data().ok());
        Ok::<_, ()>(Bytes::new(data.unwrap_or_default(), LittleEndian))
    };
    file.section_by_name(SectionId::DebugLine.name())?;
    Context::from_dwarf(Dwarf::load(section).ok()?).ok()
}

/// The file's bytes, for as long as the process lives.
fn map(path: &Path) -> Option<&'static [u8]> {
    let file = File::open(path).ok()?;
    let size = usize::try_from(file.metadata().ok()?.len()).ok().filter(|&size| size > 0)?;
    // SAFETY: a fresh mapping of a file for reading, never taken back.
    unsafe {
        let start = libc::mmap(core::ptr::null_mut(), size, libc::PROT_READ, libc::MAP_PRIVATE, file.as_raw_fd(), 0);
        (start != libc::MAP_FAILED).then(|| core::slice::from_raw_parts(start.cast(), size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[inline(never)]
    extern "C" fn a_function_of_ours() -> usize {
        core::hint::black_box(1)
    }

    #[test]
    fn code_of_the_program_has_a_name_and_a_line() {
        let function: extern "C" fn() -> usize = a_function_of_ours;
        let site = at(function as usize);
        let name = site.function_name().into_owned();
        assert!(name.ends_with("site::tests::a_function_of_ours"), "{name}");
        assert!(site.line().is_some_and(|line| line.contains("runtime/site.rs:")), "{site:?}");
        assert!(site.image.as_ref().is_some_and(|image| image.exists()), "{site:?}");
        assert!(site.to_string().starts_with(&format!("{name} in ")), "{site}");
    }

    #[test]
    fn code_of_the_c_library_has_a_name() {
        let site = at(libc::getpid as *const () as usize);
        assert!(site.function_name().contains("getpid"), "{site:?}");
        assert!(site.image_name().starts_with("libc.so"), "{site:?}");
    }

    #[test]
    fn where_no_image_lies_there_is_an_address() {
        let site = at(16);
        assert_eq!(site.to_string(), "0x10 in no file");
        assert_eq!(site.image, None);
    }
}
