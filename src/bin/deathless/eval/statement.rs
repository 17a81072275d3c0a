//! Assignments, plain and in place, `del` and `import`.

use std::ffi::CString;

use rustpython_ruff_python_ast::{Alias, Expr, Stmt, StmtAugAssign};

use super::expr::in_place;
use super::{Line, clear_if, identifier, raise, type_name};
use crate::object::{Fault, Obj, Outcome};
use crate::runtime::api;

impl Line<'_> {
    /// Runs a statement; the value of one that is an expression.
    pub(super) fn execute(&mut self, statement: &Stmt) -> Outcome<Option<Obj>> {
        match statement {
            Stmt::Expr(statement) => return self.eval(&statement.value).map(Some),
            Stmt::Assign(statement) => {
                let value = self.eval(&statement.value)?;
                for target in &statement.targets {
                    self.assign(target, &value)?;
                }
            }
            Stmt::AugAssign(statement) => self.assign_in_place(statement)?,
            Stmt::Delete(statement) => {
                statement.targets.iter().try_for_each(|target| self.delete(target))?;
            }
            Stmt::Import(statement) => {
                statement.names.iter().try_for_each(|alias| self.import(alias))?;
            }
            Stmt::Pass(_) => {}
            _ => {
                let message = "deathless eval knows expressions, assignments, del and import only";
                return Err(Fault::Unsupported(message.to_owned()));
            }
        }
        Ok(None)
    }

    pub(super) fn assign(&mut self, target: &Expr, value: &Obj) -> Outcome<()> {
        match target {
            Expr::Name(name) => {
                self.scope.names.insert(name.id.to_string(), value.clone());
                Ok(())
            }
            Expr::Attribute(attribute) => {
                let object = self.eval(&attribute.value)?;
                let name = identifier(&attribute.attr)?;
                api().PyObject_SetAttr(&object, &name, Some(value)).map(drop)
            }
            Expr::Subscript(subscript) => {
                let object = self.eval(&subscript.value)?;
                let key = self.eval(&subscript.slice)?;
                api().PyObject_SetItem(&object, &key, value).map(drop)
            }
            Expr::Tuple(tuple) => self.unpack(&tuple.elts, value),
            Expr::List(list) => self.unpack(&list.elts, value),
            _ => Err(Fault::Unsupported("SyntaxError: cannot assign to this".to_owned())),
        }
    }

    /// `a, *b, c = value`
    fn unpack(&mut self, targets: &[Expr], value: &Obj) -> Outcome<()> {
        let star = targets.iter().position(Expr::is_starred_expr);
        let items = take_items(value, targets.len(), star)?;
        let surplus = items.len() - (targets.len() - usize::from(star.is_some()));
        let mut items = items.into_iter();
        for target in targets {
            match target {
                Expr::Starred(starred) => {
                    let list = api().PyList_New(0)?;
                    for item in items.by_ref().take(surplus) {
                        api().PyList_Append(&list, &item)?;
                    }
                    self.assign(&starred.value, &list)?;
                }
                target => {
                    let item = items.next().ok_or(Fault::Unsupported(String::new()))?;
                    self.assign(target, &item)?;
                }
            }
        }
        Ok(())
    }

    /// The target's parts are evaluated once, before the operand.
    fn assign_in_place(&mut self, statement: &StmtAugAssign) -> Outcome<()> {
        match &*statement.target {
            Expr::Attribute(attribute) => {
                let object = self.eval(&attribute.value)?;
                let name = identifier(&attribute.attr)?;
                let old = api().PyObject_GetAttr(&object, &name)?;
                let operand = self.eval(&statement.value)?;
                let new = in_place(statement.op, &old, &operand)?;
                api().PyObject_SetAttr(&object, &name, Some(&new)).map(drop)
            }
            Expr::Subscript(subscript) => {
                let object = self.eval(&subscript.value)?;
                let key = self.eval(&subscript.slice)?;
                let old = api().PyObject_GetItem(&object, &key)?;
                let operand = self.eval(&statement.value)?;
                let new = in_place(statement.op, &old, &operand)?;
                api().PyObject_SetItem(&object, &key, &new).map(drop)
            }
            name => {
                let old = self.eval(name)?;
                let operand = self.eval(&statement.value)?;
                let new = in_place(statement.op, &old, &operand)?;
                self.assign(name, &new)
            }
        }
    }

    fn delete(&mut self, target: &Expr) -> Outcome<()> {
        match target {
            Expr::Name(name) => match self.scope.names.remove(name.id.as_str()) {
                Some(_) => Ok(()),
                None => Err(raise("PyExc_NameError", &format!("name '{}' is not defined", name.id))?),
            },
            Expr::Attribute(attribute) => {
                let object = self.eval(&attribute.value)?;
                api().PyObject_SetAttr(&object, &identifier(&attribute.attr)?, None).map(drop)
            }
            Expr::Subscript(subscript) => {
                let object = self.eval(&subscript.value)?;
                let key = self.eval(&subscript.slice)?;
                api().PyObject_DelItem(&object, &key).map(drop)
            }
            Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(|item| self.delete(item)),
            Expr::List(list) => list.elts.iter().try_for_each(|item| self.delete(item)),
            _ => Err(Fault::Unsupported("SyntaxError: cannot delete this".to_owned())),
        }
    }

    /// `import a.b` binds `a`; `import a.b as c` binds the inner module.
    fn import(&mut self, alias: &Alias) -> Outcome<()> {
        let import = |name: &str| {
            let name = CString::new(name).map_err(|_| Fault::Unsupported("a name with a NUL character".to_owned()))?;
            api().PyImport_ImportModule(&name)
        };
        let mut module = import(&alias.name)?;
        let first = alias.name.split('.').next().unwrap_or(&alias.name);
        let bound = alias.asname.as_ref().map_or(first, |name| name.as_str());
        if alias.asname.is_none() && first != alias.name.as_str() {
            module = import(first)?;
        }
        self.scope.names.insert(bound.to_owned(), module);
        Ok(())
    }
}

/// The items to unpack, as many as there are targets for.
fn take_items(value: &Obj, targets: usize, star: Option<usize>) -> Outcome<Vec<Obj>> {
    let class = type_name(value)?;
    let iterator = match api().PyObject_GetIter(value) {
        Err(Fault::Raised) if clear_if("PyExc_TypeError")? => {
            let message = format!("cannot unpack non-iterable {class} object");
            return Err(raise("PyExc_TypeError", &message)?);
        }
        iterator => iterator?,
    };
    let needed = targets - usize::from(star.is_some());
    let mut items = Vec::new();
    while star.is_some() || items.len() <= needed {
        match api().PyIter_Next(&iterator)? {
            Some(item) => items.push(item),
            None => break,
        }
    }
    let message = if items.len() < needed {
        let least = if star.is_some() { "at least " } else { "" };
        let got = items.len();
        format!("not enough values to unpack (expected {least}{needed}, got {got})")
    } else if star.is_none() && items.len() > needed {
        match class.as_str() {
            "list" | "tuple" | "dict" => {
                let got = api().PyObject_Size(value)?;
                format!("too many values to unpack (expected {needed}, got {got})")
            }
            _ => format!("too many values to unpack (expected {needed})"),
        }
    } else {
        return Ok(items);
    };
    Err(raise("PyExc_ValueError", &message)?)
}
