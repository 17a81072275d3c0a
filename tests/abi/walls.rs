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
