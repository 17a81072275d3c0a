//! The filters of `-W`: `sys.warnoptions`, which `PySys_AddWarnOption` and `PYTHONWARNINGS` fill.
//!
//! An option is `action:message:category:module:line`, each part of which may be left out. The message is how the
//! warning's text begins, in any case; the module is its whole name. CPython's `warnings` reads the options once,
//! when it is first imported; here, where it never is, they are read at each warning. There is no `re`: what 3.15
//! takes for a regular expression, `/…/`, is refused.

use super::Place;
use crate::modules::import;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::exceptions::WARNING;
use crate::types::{List, Str};

/// What becomes of a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Printed once for each place.
    Default,
    Always,
    Ignore,
    /// Printed once for each module.
    Module,
    /// Printed once.
    Once,
    /// Raised.
    Error,
}

const ACTIONS: [(&str, Action); 6] = [
    ("default", Action::Default),
    ("always", Action::Always),
    ("ignore", Action::Ignore),
    ("module", Action::Module),
    ("once", Action::Once),
    ("error", Action::Error),
];

/// One option, its category aside.
struct Filter<'a> {
    action: Action,
    message: &'a str,
    category: &'a str,
    module: &'a str,
    line: i32,
}

impl<'a> Filter<'a> {
    /// What the option says, or what is wrong with it.
    fn parse(option: &'a str) -> core::result::Result<Filter<'a>, String> {
        let parts: Vec<&str> = option.split(':').map(str::trim).collect();
        if parts.len() > 5 {
            return Err(format!("too many fields (max 5): '{option}'"));
        }
        let part = |i: usize| parts.get(i).copied().unwrap_or("");
        let line = match part(4) {
            "" => 0,
            line => {
                line.parse().ok().filter(|&line: &i32| line >= 0).ok_or_else(|| format!("invalid lineno '{line}'"))?
            }
        };
        let (message, module) = (part(1), part(3));
        for text in [message, module] {
            if text.len() > 1 && text.starts_with('/') && text.ends_with('/') {
                return Err(format!("regular expressions are not supported: '{text}'"));
            }
        }
        Ok(Filter { action: action_of(part(0))?, message, category: part(2), module, line })
    }

    fn matches(&self, text: &str, place: &Place<'_>) -> bool {
        let begins = || text.to_lowercase().starts_with(&self.message.to_lowercase());
        (self.message.is_empty() || begins())
            && (self.module.is_empty() || self.module == place.module)
            && (self.line == 0 || self.line == place.line)
    }
}

fn action_of(name: &str) -> core::result::Result<Action, String> {
    if name == "all" {
        return Ok(Action::Always);
    }
    let found = ACTIONS.iter().find(|(known, _)| known.starts_with(name));
    found.map(|(_, action)| *action).ok_or_else(|| format!("invalid action: '{name}'"))
}

/// The class of that name, from `builtins` unless a module stands before it.
fn category_of(ts: &ThreadState, name: &str) -> Result<core::result::Result<Owned<Type>, String>> {
    let (module, class) = name.rsplit_once('.').unwrap_or(("builtins", name));
    if name.is_empty() {
        return Ok(Ok(Owned::immortal(&WARNING)));
    }
    let module = match import::import_dotted(ts, module) {
        Ok(module) => module,
        Err(raised) => {
            ts.recover(raised, &crate::types::exceptions::IMPORT_ERROR)?;
            return Ok(Err(format!("invalid module name: '{module}'")));
        }
    };
    let Some(found) = object::find_attr(ts, &module, &*Str::new(ts, class)?)? else {
        return Ok(Err(format!("unknown warning category: '{class}'")));
    };
    match found.downcast_owned::<Type>() {
        Ok(ty) if ty.is_subtype_of(&WARNING) => Ok(Ok(ty)),
        _ => Ok(Err(format!("invalid warning category: '{class}'"))),
    }
}

fn options(ts: &ThreadState) -> Option<Owned<List>> {
    let options = crate::modules::sys::get(ts, "warnoptions")?.downcast_owned::<List>().ok()?;
    if options.is_empty() { None } else { Some(options) }
}

/// What the options say of a warning; the last that fits counts, and one that is wrong says nothing.
pub fn action(ts: &ThreadState, category: &Type, text: &str, place: &Place<'_>) -> Result<Option<Action>> {
    let Some(options) = options(ts) else { return Ok(None) };
    for i in (0..options.len()).rev() {
        let Some(option) = options.get(i).and_then(Object::downcast::<Str>).map(Str::to_string) else { continue };
        let Ok(filter) = Filter::parse(&option) else { continue };
        if filter.matches(text, place)
            && let Ok(class) = category_of(ts, filter.category)?
            && category.is_subtype_of(&class)
        {
            return Ok(Some(filter.action));
        }
    }
    Ok(None)
}

/// Says of the options that were given for the start which are wrong.
pub fn check(ts: &ThreadState) -> Result<()> {
    let Some(options) = options(ts) else { return Ok(()) };
    for i in 0..options.len() {
        let Some(option) = options.get(i).and_then(Object::downcast::<Str>).map(Str::to_string) else { continue };
        let wrong = match Filter::parse(&option) {
            Ok(filter) => category_of(ts, filter.category)?.err(),
            Err(wrong) => Some(wrong),
        };
        if let Some(wrong) = wrong {
            crate::modules::sys::write_stderr(ts, &format!("Invalid -W option ignored: {wrong}\n"));
        }
    }
    Ok(())
}
