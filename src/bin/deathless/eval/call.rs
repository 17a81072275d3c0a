//! Calls, with stars and keywords.
//!
//! A method is looked up and then called, as `m = o.m; m()` does it. CPython's
//! compiled `o.m()` goes by the descriptor, which shows in a few messages: there
//! `BaseException.add_note()` where this says `ValueError.add_note()`.

use rustpython_ruff_python_ast::{Arguments, ExprCall};

use super::{Line, clear_if, identifier, raise, type_name};
use crate::object::{Fault, Obj, Outcome};
use crate::report;
use crate::runtime::api;

impl Line<'_> {
    pub(super) fn call(&mut self, call: &ExprCall) -> Outcome<Obj> {
        let callable = self.eval(&call.func)?;
        let arguments = self.tuple(&call.arguments.args)?;
        let keywords = self.keywords(&callable, &call.arguments)?;
        api().PyObject_Call(&callable, &arguments, keywords.as_ref())
    }

    fn keywords(&mut self, callable: &Obj, arguments: &Arguments) -> Outcome<Option<Obj>> {
        if arguments.keywords.is_empty() {
            return Ok(None);
        }
        let dict = api().PyDict_New()?;
        for keyword in &arguments.keywords {
            let value = self.eval(&keyword.value)?;
            match &keyword.arg {
                Some(name) => set_once(callable, &dict, &identifier(name)?, &value)?,
                None => merge(callable, &dict, &value)?,
            }
        }
        Ok(Some(dict))
    }
}

/// `**mapping`
fn merge(callable: &Obj, dict: &Obj, mapping: &Obj) -> Outcome<()> {
    let keys = match api().attribute(mapping, c"keys") {
        Err(Fault::Raised) if clear_if("PyExc_AttributeError")? => {
            let message = format!("Value after ** must be a mapping, not {}", type_name(mapping)?);
            return Err(raise("PyExc_TypeError", &message)?);
        }
        keys => keys?,
    };
    let keys = api().PyObject_Call(&keys, &api().PyTuple_New(0)?, None)?;
    let iterator = api().PyObject_GetIter(&keys)?;
    while let Some(key) = api().PyIter_Next(&iterator)? {
        let value = api().PyObject_GetItem(mapping, &key)?;
        set_once(callable, dict, &key, &value)?;
    }
    Ok(())
}

fn set_once(callable: &Obj, dict: &Obj, key: &Obj, value: &Obj) -> Outcome<()> {
    if api().PyDict_Contains(dict, key)? {
        let message =
            format!("{} got multiple values for keyword argument '{}'", function_name(callable)?, report::str(key)?);
        return Err(raise("PyExc_TypeError", &message)?);
    }
    api().PyDict_SetItem(dict, key, value).map(drop)
}

/// A callable as messages name it: `module.name()`, or its `str`.
fn function_name(callable: &Obj) -> Outcome<String> {
    let name = match api().attribute(callable, c"__qualname__") {
        Err(Fault::Raised) if clear_if("PyExc_AttributeError")? => return report::str(callable),
        name => report::str(&name?)?,
    };
    match api().attribute(callable, c"__module__") {
        Err(Fault::Raised) if clear_if("PyExc_AttributeError")? => Ok(format!("{name}()")),
        module => {
            let module = module?;
            let shown = report::str(&module)?;
            let bare = shown == "builtins" || module.is(&super::expr::none()?);
            Ok(if bare { format!("{name}()") } else { format!("{shown}.{name}()") })
        }
    }
}
