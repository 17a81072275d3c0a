//! The registry: every immortal that this interpreter can meet, with its kind, size and where it came from.
//!
//! Nothing is listed twice in memory: statics are walked where they lie, what was built for the process and what was
//! promoted is remembered by those who did it.
//!
//! * [`walk`]    the heap walk
//! * `caches`    what it fills in
//! * `footprint` what an object takes in memory
//! * `names`     how a person recognises it
//! * [`reach`]   what an object holds

use core::ffi::CStr;
use std::collections::HashSet;
use std::ffi::CString;
use std::os::unix::ffi::OsStringExt;

use crate::ffi::PyObject;
use crate::object::immortal::{self, Healed, Origin};
use crate::object::{Object, Type};
use crate::runtime::{ThreadState, site};
use crate::types::module::definition::PyModuleDef_Type;
use crate::types::type_::{builtin, statics};
use crate::types::{exceptions, singletons, stream, tuple};

mod caches;
mod footprint;
mod names;
pub mod reach;
pub mod walk;

use names::Names;
pub use names::full_name as type_name;

/// A name by which a person recognises an object.
pub fn name_of(object: &Object) -> String {
    Names::default().of(object)
}

/// What is told about one.
pub struct Immortal<'a> {
    pub kind: &'static CStr,
    pub type_name: &'a CStr,
    /// Whose memory it lies in: the library, an extension's file, an interpreter.
    pub owner: &'a CStr,
    /// How it became immortal.
    pub origin: &'static CStr,
    pub object: &'a Object,
    pub bytes: usize,
    /// Of those, what a mortal would have given back.
    pub mortal_cost: u64,
    /// By how many references unbalanced code is ahead on it.
    pub drift: i64,
    pub healed: Healed,
    names: &'a Names,
}

impl Immortal<'_> {
    /// A name that a person recognises.
    pub fn name(&self) -> String {
        self.names.of(self.object)
    }
}

const LIBRARY: &CStr = c"deathless";

/// Calls `visit` with each until it says stop; whether it did.
pub fn visit(ts: &ThreadState, visit: &mut dyn FnMut(Immortal<'_>) -> bool) -> bool {
    crate::types::type_::builtin::complete();
    let mut walk = Walk { ts, seen: HashSet::new(), names: Names::default(), visit };
    walk.learn_names();
    walk.image() || walk.process() || walk.extensions() || walk.promoted()
}

struct Walk<'v> {
    ts: &'v ThreadState,
    /// Objects that stand in more than one table.
    seen: HashSet<*const PyObject>,
    names: Names,
    visit: &'v mut dyn FnMut(Immortal<'_>) -> bool,
}

impl Walk<'_> {
    fn tell(&mut self, kind: &'static CStr, owner: &CStr, origin: Origin, object: &Object) -> bool {
        let bytes = footprint::of(object);
        let in_image = matches!(origin, Origin::Image | Origin::Extension);
        // SAFETY: a type's name is a C string that lives as long as the type.
        let type_name = unsafe { CStr::from_ptr(object.ty().tp_name) };
        (self.visit)(Immortal {
            kind,
            type_name,
            owner,
            origin: origin_text(origin),
            object,
            bytes,
            mortal_cost: if in_image { 0 } else { bytes as u64 },
            drift: immortal::drift(object),
            healed: immortal::healed(object),
            names: &self.names,
        })
    }

    /// Types and modules, after which the dicts and tuples are named that they hang on to.
    fn learn_names(&mut self) {
        crate::types::builtin_types().for_each(|ty| self.names.learn(ty));
        // SAFETY: an extension's image is never unloaded; an interpreter's immortals live as long as it.
        immortal::adopted().iter().for_each(|object| self.names.learn(unsafe { object.as_ref() }));
        let interp = self.ts.interp();
        // SAFETY: as above.
        interp.promoted.borrow().iter().for_each(|(object, _)| self.names.learn(unsafe { object.as_ref() }));
        // SAFETY: as above.
        interp.walked.borrow().iter().flatten().for_each(|object| self.names.learn(unsafe { object.as_ref() }));
    }

    fn image_one(&mut self, kind: &'static CStr, object: &Object) -> bool {
        self.seen.insert(object) && self.tell(kind, LIBRARY, Origin::Image, object)
    }

    fn image(&mut self) -> bool {
        let constants: [&Object; 8] = [
            singletons::none_ref(),
            crate::types::bool::bool_ref(true),
            crate::types::bool::bool_ref(false),
            singletons::ellipsis_ref(),
            singletons::not_implemented_ref(),
            &*tuple::Tuple::empty(),
            stream::STDOUT.as_object(),
            stream::STDERR.as_object(),
        ];
        constants.into_iter().any(|o| self.image_one(c"singleton", o))
            || crate::types::builtin_types().any(|ty| {
                let exception = ty.is_subtype_of(&exceptions::BASE_EXCEPTION);
                self.image_one(if exception { c"exception" } else { c"built-in type" }, ty)
            })
            || crate::types::int::small_objects().any(|o| self.image_one(c"small int", o))
            || crate::types::bytes::static_objects()
                .filter(|b| b.len() == 1)
                .any(|b| self.image_one(c"one-byte bytes", b))
            || crate::types::str::static_strs().any(|s| {
                let kind = match s.len() {
                    0 => c"singleton",
                    1 => c"one-character str",
                    _ => c"identifier",
                };
                self.image_one(kind, s)
            })
    }

    fn process(&mut self) -> bool {
        builtin::objects().into_iter().any(|object| {
            self.seen.insert(object);
            self.tell(part_of_type(object), LIBRARY, Origin::Runtime, object)
        }) || statics::visit(&mut |ty, object| {
            self.seen.insert(object) && self.tell(part_of_type(object), &file_of(ty), Origin::OfExtension, object)
        })
    }

    fn extensions(&mut self) -> bool {
        immortal::adopted().into_iter().any(|object| {
            // SAFETY: an extension's image is never unloaded.
            let object = unsafe { object.as_ref() };
            let kind = match object.downcast::<Type>() {
                Some(_) => c"extension's type",
                None if core::ptr::eq(object.ty(), &PyModuleDef_Type) => c"extension's module definition",
                None => c"extension's object",
            };
            self.tell(kind, &file_of(object), Origin::Extension, object)
        })
    }

    fn promoted(&mut self) -> bool {
        let owner = CString::new(format!("interpreter {}", self.ts.interp().id)).unwrap_or_default();
        let promoted = self.ts.interp().promoted.borrow().clone();
        promoted.into_iter().any(|(object, origin)| {
            let kind = match origin {
                Origin::Overflow => c"overflowed",
                Origin::Interned => c"interned for ever",
                _ => c"promoted",
            };
            // SAFETY: an immortal of this interpreter lives as long as it.
            self.tell(kind, &owner, origin, unsafe { object.as_ref() })
        }) || self.walked(&owner)
    }

    fn walked(&mut self, owner: &CStr) -> bool {
        let interp = self.ts.interp();
        let lists = interp.walked.borrow();
        // SAFETY: as above.
        lists.iter().flatten().any(|object| self.tell(c"walked", owner, Origin::Walk, unsafe { object.as_ref() }))
    }
}

/// What something is that a type hangs on to.
fn part_of_type(object: &Object) -> &'static CStr {
    match object.ty() {
        ty if ty.has(crate::ffi::Py_TPFLAGS_DICT_SUBCLASS) => c"type's namespace",
        ty if ty.has(crate::ffi::Py_TPFLAGS_UNICODE_SUBCLASS) => c"name",
        ty if ty.has(crate::ffi::Py_TPFLAGS_TUPLE_SUBCLASS) => c"type's bases",
        _ => c"descriptor",
    }
}

fn origin_text(origin: Origin) -> &'static CStr {
    match origin {
        Origin::Image => c"laid out by the compiler",
        Origin::Runtime => c"built when the process started",
        Origin::Extension => c"static in an extension",
        Origin::OfExtension => c"built for a static type of an extension",
        Origin::Promoted => c"promoted by hand",
        Origin::Overflow => c"its count overflowed",
        Origin::Interned => c"interned for ever",
        Origin::Walk => c"made so by the heap walk",
    }
}

/// The file of the image in which a static lies.
fn file_of(object: &Object) -> CString {
    let image = site::image_of(object.as_ptr().addr());
    let path = image.and_then(|image| CString::new(image.path.into_os_string().into_vec()).ok());
    path.unwrap_or_else(|| c"an extension".to_owned())
}

/// Looks at every immortal's word, writes back those that drifted, and says how many did.
pub fn check(ts: &ThreadState) -> usize {
    let mut drifted = 0;
    visit(ts, &mut |immortal| {
        if !immortal::is_canonical(immortal.object) {
            immortal::heal(immortal.object);
            drifted += 1;
        }
        false
    });
    drifted
}
