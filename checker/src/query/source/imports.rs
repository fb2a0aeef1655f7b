//! What `use` brings into a file's modules.

use std::collections::BTreeMap;

use crate::schema::stored::stored_fields;

/// What `use` declarations bring into each inline module of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Imports {
    names: BTreeMap<(Vec<String>, String), Vec<String>>,
    globs: Vec<Vec<String>>,
}

stored_fields!(Imports { names, globs });

impl Imports {
    pub(super) fn add(&mut self, module: &[String], tree: &syn::UseTree) {
        self.add_tree(module, Vec::new(), tree);
    }

    fn add_tree(&mut self, module: &[String], mut prefix: Vec<String>, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.add_tree(module, prefix, &path.tree);
            }
            syn::UseTree::Name(name) if name.ident == "self" => {
                if let Some(last) = prefix.last().cloned() {
                    self.names.insert((module.to_vec(), last), prefix);
                }
            }
            syn::UseTree::Name(name) => {
                prefix.push(name.ident.to_string());
                self.names.insert((module.to_vec(), name.ident.to_string()), prefix);
            }
            syn::UseTree::Rename(rename) => {
                if rename.ident != "self" {
                    prefix.push(rename.ident.to_string());
                }
                self.names.insert((module.to_vec(), rename.rename.to_string()), prefix);
            }
            syn::UseTree::Glob(_) => self.globs.push(prefix),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_tree(module, prefix.clone(), tree);
                }
            }
        }
    }

    /// A path with its first name replaced by what it was imported as.
    pub(super) fn resolve(&self, module: &[String], path: Vec<String>) -> Vec<String> {
        let Some(first) = path.first() else { return path };
        let mut scopes = (0..=module.len()).rev().filter_map(|length| module.get(..length));
        let found = scopes.find_map(|scope| self.names.get(&(scope.to_vec(), first.clone())));
        match found {
            Some(target) if *target != path => target.iter().chain(path.iter().skip(1)).cloned().collect(),
            _ => path,
        }
    }

    /// The paths that are imported whole.
    pub(super) fn globs(&self) -> &[Vec<String>] {
        &self.globs
    }

    /// Whether everything of one of these crates is imported.
    pub(super) fn has_glob_of(&self, is_crate: impl Fn(&str) -> bool) -> bool {
        self.globs.iter().any(|glob| glob.first().is_some_and(|first| is_crate(first)))
    }
}
