//! No file of the core imports one that imports it, through whatever files between: arrows go down only.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, UseTree, VisRestricted};

/// A module by its path below the root, which is the empty one.
type Module = Vec<String>;

fn sources(directory: &Path, module: &Module, found: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let mut module = module.clone();
        module.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
        if path.is_dir() {
            sources(&path, &module, found);
        } else {
            let root = module == ["lib"];
            let module = if root { Module::new() } else { module };
            found.insert(module, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Collects the paths that a file names, but for those of its tests.
struct Paths(Vec<Module>);

impl Paths {
    fn add_uses(&mut self, before: &Module, tree: &UseTree) {
        let with = |name: &syn::Ident| [before.as_slice(), &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add_uses(&with(&path.ident), &path.tree),
            UseTree::Name(name) => self.0.push(with(&name.ident)),
            UseTree::Rename(rename) => self.0.push(with(&rename.ident)),
            UseTree::Glob(_) => self.0.push(before.clone()),
            UseTree::Group(group) => {
                group
                    .items
                    .iter()
                    .for_each(|tree| self.add_uses(before, tree));
            }
        }
    }
}

fn is_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Path>()
            .is_ok_and(|path| path.is_ident("test"))
}

impl Visit<'_> for Paths {
    fn visit_item_mod(&mut self, module: &ItemMod) {
        if !module.attrs.iter().any(is_test) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &ItemUse) {
        self.add_uses(&Module::new(), &item.tree);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let names = path.segments.iter().map(|name| name.ident.to_string());
        self.0.push(names.collect());
        visit::visit_path(self, path);
    }

    /// Who may see an item is no import.
    fn visit_vis_restricted(&mut self, _: &VisRestricted) {}
}

/// The file that a path within `module` leads to, if it is one of the core's.
fn target(module: &Module, path: &[String], files: &BTreeMap<Module, String>) -> Option<Module> {
    let mut base = module.clone();
    let mut names = path;
    match names.first()?.as_str() {
        "crate" => base.clear(),
        "self" => {}
        "super" => _ = base.pop(),
        name => {
            base.push(name.to_owned());
            if !files.contains_key(&base) {
                return None;
            }
        }
    }
    names = &names[1..];
    while let Some((name, rest)) = names.split_first() {
        if name == "super" {
            base.pop();
        } else {
            base.push(name.clone());
            if !files.contains_key(&base) {
                base.pop();
                break;
            }
        }
        names = rest;
    }
    (base != *module).then_some(base)
}

/// A circle that goes through `way`, whose files were entered in this order.
fn circle(
    way: &mut Vec<Module>,
    imports: &BTreeMap<Module, BTreeSet<Module>>,
    done: &mut BTreeSet<Module>,
) -> Option<Vec<Module>> {
    let here = way.last()?.clone();
    for next in &imports[&here] {
        if let Some(at) = way.iter().position(|module| module == next) {
            return Some(way[at..].to_vec());
        }
        if !done.contains(next) {
            way.push(next.clone());
            if let Some(found) = circle(way, imports, done) {
                return Some(found);
            }
            way.pop();
        }
    }
    done.insert(here);
    None
}

#[test]
fn no_imports_form_a_circle() {
    let mut files = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    sources(&root, &Module::new(), &mut files);
    let imports: BTreeMap<Module, BTreeSet<Module>> = files
        .iter()
        .map(|(module, text)| {
            let mut paths = Paths(Vec::new());
            paths.visit_file(&syn::parse_file(text).unwrap());
            let targets = paths.0.iter();
            let targets = targets.filter_map(|path| target(module, path, &files));
            (module.clone(), targets.collect())
        })
        .collect();
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 100);
    let mut done = BTreeSet::new();
    for module in files.keys() {
        let found = circle(&mut vec![module.clone()], &imports, &mut done);
        let names =
            found.map(|circle| circle.iter().map(|file| file.join("/")).collect::<Vec<_>>());
        assert_eq!(names, None, "files that import each other");
    }
}
