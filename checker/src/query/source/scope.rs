//! What is in scope where an expression stands.

use std::cell::OnceCell;
use std::sync::Arc;

use super::imports::Imports;
use super::locals::Locals;
use super::macro_rules::Rules;
use super::package::Package;
use super::syntax::Offsets;
use crate::source::{Place, Source, Span};

/// What is in scope where an expression stands.
pub(super) struct Scope<'s> {
    pub(super) source: &'s Source,
    pub(super) offsets: Offsets,
    pub(super) package: &'s Package,
    pub(super) imports: Imports,
    /// What the blocks around import, innermost last.
    block_imports: Vec<Imports>,
    globs: OnceCell<Arc<[Vec<String>]>>,
    pub(super) rules: Rules,
    pub(super) locals: Locals,
    /// The inline modules around it.
    pub(super) module: Vec<String>,
    /// What `Self` is.
    pub(super) self_name: Option<String>,
    /// How many macros around it are being expanded.
    pub(super) expanding: usize,
    /// How many lists around it are being followed through closures.
    pub(super) mapping: usize,
}

impl<'s> Scope<'s> {
    pub(super) fn new(
        source: &'s Source,
        package: &'s Package,
        offsets: Offsets,
        imports: Imports,
        rules: Rules,
    ) -> Scope<'s> {
        Scope {
            source,
            offsets,
            package,
            imports,
            block_imports: Vec::new(),
            globs: OnceCell::new(),
            rules,
            locals: Locals::default(),
            module: Vec::new(),
            self_name: None,
            expanding: 0,
            mapping: 0,
        }
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place { source: self.source.clone(), span }
    }

    pub(super) fn span_of(&self, node: &impl syn::spanned::Spanned) -> Span {
        self.offsets.span(node.span())
    }

    /// A path's names with the imports applied, and the first as the crate calls itself.
    pub(super) fn resolve(&self, path: &syn::Path) -> Vec<String> {
        self.resolve_names(path.segments.iter().map(|segment| segment.ident.to_string()).collect())
    }

    pub(super) fn resolve_names(&self, names: Vec<String>) -> Vec<String> {
        let of_blocks = self.block_imports.iter().rev().map(|imports| imports.resolve(&self.module, names.clone()));
        let in_block = of_blocks.into_iter().find(|resolved| *resolved != names);
        let names = in_block.unwrap_or(names);
        let mut resolved = self.imports.resolve(&self.module, names);
        if let Some(first) = resolved.first_mut() {
            let name = self.package.crate_named(first).to_owned();
            *first = name;
        }
        resolved
    }

    /// What is imported whole where an expression stands.
    pub(super) fn globs(&self) -> Arc<[Vec<String>]> {
        self.globs
            .get_or_init(|| {
                let blocks = self.block_imports.iter().rev().flat_map(Imports::globs);
                blocks.chain(self.imports.globs()).map(|glob| self.resolve_names(glob.clone())).collect()
            })
            .clone()
    }

    pub(super) fn open_block(&mut self, imports: Imports) {
        self.block_imports.push(imports);
        self.globs.take();
        self.locals.open();
    }

    pub(super) fn close_block(&mut self) {
        self.locals.close();
        self.globs.take();
        self.block_imports.pop();
    }
}
