//! The walls between the folders of `src/`, read by a parser of Rust:
//! exported functions stand in `capi/` only, and nothing below names `crate::capi`.

use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

use crate::record::root;

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of src") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn parse(path: &Path) -> syn::File {
    let text = fs::read_to_string(path).expect("a source file");
    syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What stands in one file that concerns the walls.
#[derive(Default)]
struct Findings {
    exported_functions: Vec<String>,
    names_capi: bool,
}

impl<'ast> Visit<'ast> for Findings {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        let exported = function.attrs.iter().any(|attribute| {
            let inner = attribute.parse_args::<syn::Meta>();
            let path = match &inner {
                Ok(inner) if attribute.path().is_ident("unsafe") => inner.path(),
                _ => attribute.path(),
            };
            path.is_ident("no_mangle") || path.is_ident("export_name")
        });
        if exported {
            self.exported_functions.push(function.sig.ident.to_string());
        }
        visit::visit_item_fn(self, function);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut segments = path.segments.iter().map(|segment| segment.ident.to_string());
        let first = segments.next();
        self.names_capi |= first.as_deref() == Some("crate") && segments.next().as_deref() == Some("capi");
        visit::visit_path(self, path);
    }

    fn visit_use_path(&mut self, path: &'ast syn::UsePath) {
        if path.ident == "crate" {
            self.names_capi |= use_tree_begins_with_capi(&path.tree);
        }
        visit::visit_use_path(self, path);
    }
}

fn use_tree_begins_with_capi(tree: &syn::UseTree) -> bool {
    match tree {
        syn::UseTree::Path(path) => path.ident == "capi",
        syn::UseTree::Name(name) => name.ident == "capi",
        syn::UseTree::Rename(rename) => rename.ident == "capi",
        syn::UseTree::Group(group) => group.items.iter().any(use_tree_begins_with_capi),
        syn::UseTree::Glob(_) => false,
    }
}

#[test]
fn the_checks_see_what_they_look_for() {
    let text = "use crate::{capi::list, ffi}; #[unsafe(no_mangle)] pub extern \"C\" fn f() {}";
    let mut findings = Findings::default();
    findings.visit_file(&syn::parse_file(text).expect("Rust"));
    assert!(findings.names_capi);
    assert_eq!(findings.exported_functions, ["f"]);
}

#[test]
fn exported_functions_stand_in_capi_only_and_nothing_below_names_it() {
    let source = root().join("src");
    let capi = source.join("capi");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let outside = files.iter().filter(|file| !file.starts_with(&capi));
    let mut wrong = Vec::new();
    for file in outside {
        let mut findings = Findings::default();
        findings.visit_file(&parse(file));
        let name = file.strip_prefix(&source).expect("below src").display();
        for function in findings.exported_functions {
            wrong.push(format!("{name} exports {function}"));
        }
        if findings.names_capi {
            wrong.push(format!("{name} names crate::capi"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The types whose pointers are references to objects.
fn is_object(ty: &syn::Type) -> bool {
    let syn::Type::Ptr(pointer) = ty else { return false };
    let syn::Type::Path(path) = &*pointer.elem else { return false };
    let name = path.path.segments.last().map(|segment| segment.ident.to_string());
    matches!(name.as_deref(), Some("PyObject" | "PyTypeObject" | "PyVarObject"))
}

/// What the documentation says, in one text.
fn documentation(function: &syn::ItemFn) -> String {
    let lines = function.attrs.iter().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    lines.collect()
}

/// The names of the functions that a function calls or names, whatever their path.
#[derive(Default)]
struct Named(Vec<String>);

impl<'ast> Visit<'ast> for Named {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.extend(path.segments.last().map(|segment| segment.ident.to_string()));
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.0.push(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }
}

fn named(function: &syn::ItemFn) -> Vec<String> {
    let mut named = Named::default();
    named.visit_block(&function.block);
    named.0
}

/// The functions of a file, and whether each is exported.
fn functions(file: &syn::File) -> impl Iterator<Item = (&syn::ItemFn, bool)> {
    file.items.iter().filter_map(|item| {
        let syn::Item::Fn(function) = item else { return None };
        let mut findings = Findings::default();
        findings.visit_item_fn(function);
        Some((function, !findings.exported_functions.is_empty()))
    })
}

/// What hands a reference out so that the ledger sees it, or says by its type that it is lent.
const TELLING: [&str; 4] = ["boundary", "boundary_or", "hand_out", "counted"];

/// Whether a function tells who owns what it returns: itself, or by calling another that does.
fn tells(function: &syn::ItemFn, others: &[(&syn::ItemFn, bool)], depth: usize) -> bool {
    let named = named(function);
    named.iter().any(|name| TELLING.contains(&name.as_str()))
        || depth > 0
            && others.iter().any(|(other, _)| {
                let name = other.sig.ident.to_string();
                function.sig.ident != name && named.contains(&name) && tells(other, others, depth - 1)
            })
}

#[test]
fn every_exported_function_tells_who_owns_the_object_that_it_returns() {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    let files: Vec<syn::File> = files.iter().map(|path| parse(path)).collect();
    let all: Vec<(&syn::ItemFn, bool)> = files.iter().flat_map(functions).collect();
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (function, exported) in &all {
        let returns_object = matches!(&function.sig.output, syn::ReturnType::Type(_, ty) if is_object(ty));
        if !exported || !returns_object {
            continue;
        }
        seen += 1;
        let lent = ["orrowed", "NULL always", "lways NULL"].iter().any(|mark| documentation(function).contains(mark));
        if !lent && !tells(function, &all, 3) {
            wrong.push(function.sig.ident.to_string());
        }
    }
    assert!(seen > 250, "{seen} exported functions return objects");
    assert!(wrong.is_empty(), "say 'Borrowed reference' or go through boundary or hand_out: {wrong:#?}");
}

#[test]
fn references_cross_the_door_where_the_ledger_sees_them() {
    let mut files = Vec::new();
    rust_files(&root().join("src/capi"), &mut files);
    let mut wrong = Vec::new();
    for path in files.iter().filter(|path| !path.ends_with("capi/mod.rs")) {
        for (function, exported) in functions(&parse(path)) {
            let named = named(function);
            let takes = named.iter().any(|name| name == "from_stolen_nullable");
            if exported && takes && !named.iter().any(|name| name == "take_over") {
                wrong.push(format!("{} takes a reference over without take_over", function.sig.ident));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
