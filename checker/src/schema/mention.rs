//! What an expression mentions: columns of its relation, routines, types, sequences.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use sqlparser::ast::{
    AccessExpr, DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName, Query, Value,
    Visitor, VisitorMut,
};

use super::{ColumnNumber, Dependency, Relation, Schema};
use crate::source::Span;
use crate::sql::{byte_span, ddl, walk, walk_mut};

/// What an expression mentions.
#[derive(Clone, Debug, Default)]
pub(super) struct Mentions {
    /// Columns of the relation that it belongs to, in order of number.
    pub(super) columns: Vec<ColumnNumber>,
    /// Columns of the engine's own that it mentions.
    pub(super) system: BTreeSet<Arc<str>>,
    /// Names that ought to be columns of that relation and are not.
    pub(super) missing: Vec<(Arc<str>, Span)>,
    /// Routines, types and relations that migrations created.
    pub(super) depends: Vec<Dependency>,
}

/// What an expression of a relation mentions. Columns are written bare, or after the relation's name or one of `aliases`.
pub(super) fn mentions(schema: &Schema, expr: &ddl::Expr, relation: &Relation, aliases: &[&str]) -> Mentions {
    let mut collector = Collector::new(schema, Some(relation), aliases);
    if let Some(tree) = expr.tree() {
        let _ = walk(&**tree, &mut collector);
    }
    collector.finish()
}

/// What an expression mentions that belongs to no relation.
pub(super) fn uses(schema: &Schema, expr: &ddl::Expr) -> Vec<Dependency> {
    let mut collector = Collector::new(schema, None, &[]);
    if let Some(tree) = expr.tree() {
        let _ = walk(&**tree, &mut collector);
    }
    collector.finish().depends
}

struct Collector<'a> {
    schema: &'a Schema,
    relation: Option<&'a Relation>,
    aliases: &'a [&'a str],
    /// Relations that the subqueries around the current place read.
    inner: Vec<Arc<Relation>>,
    depth: usize,
    /// Where names stand that are fields of a value before them.
    fields: BTreeSet<Option<Span>>,
    columns: BTreeSet<ColumnNumber>,
    system: BTreeSet<Arc<str>>,
    missing: Vec<(Arc<str>, Span)>,
    depends: BTreeSet<Dependency>,
}

impl<'a> Collector<'a> {
    fn new(schema: &'a Schema, relation: Option<&'a Relation>, aliases: &'a [&'a str]) -> Collector<'a> {
        Collector {
            schema,
            relation,
            aliases,
            inner: Vec::new(),
            depth: 0,
            fields: BTreeSet::new(),
            columns: BTreeSet::new(),
            system: BTreeSet::new(),
            missing: Vec::new(),
            depends: BTreeSet::new(),
        }
    }

    fn finish(self) -> Mentions {
        Mentions {
            columns: self.columns.into_iter().collect(),
            system: self.system,
            missing: self.missing,
            depends: self.depends.into_iter().collect(),
        }
    }

    /// A bare name.
    fn bare(&mut self, ident: &Ident) {
        let Some(relation) = self.relation else { return };
        let name = folded(self.schema, ident);
        if let Some(inner) = self.inner.iter().rev().find_map(|it| it.column(&name).map(|c| (it.id, c.number))) {
            self.depends.insert(Dependency::Column(inner.0, inner.1));
        } else if let Some(column) = relation.column(&name) {
            self.columns.insert(column.number);
        } else if self.names_relation(&name) {
            self.columns.extend(relation.columns.iter().map(|column| column.number));
        } else if self.depth == 0 && !self.is_value(ident) {
            let span = byte_span(ident.span).unwrap_or_default();
            self.missing.push((name.into(), span));
        }
    }

    /// Whether a word that is no column's name is the engine's own column, or is taken for a value: a truth value where the
    /// grammar does not reserve the words, a text where it may stand in double quotes.
    fn is_value(&mut self, ident: &Ident) -> bool {
        let name = folded(self.schema, ident);
        if self.schema.dialect.system_columns.iter().any(|(system, _)| *system == name) {
            self.system.insert(name.into());
            return true;
        }
        match ident.quote_style {
            Some(quote) => quote == '"' && self.schema.dialect.resolution.quoted_names_may_be_strings,
            None => ["true", "false"].iter().any(|word| ident.value.eq_ignore_ascii_case(word)),
        }
    }

    /// A name with qualifiers.
    fn qualified(&mut self, idents: &[Ident]) {
        let [.., qualifier, name] = idents else { return };
        let (qualifier, name) = (folded(self.schema, qualifier), folded(self.schema, name));
        if let Some(inner) = self.inner.iter().find(|inner| *inner.name == *qualifier) {
            let column = inner.column(&name).map(|column| Dependency::Column(inner.id, column.number));
            self.depends.extend(column);
            return;
        }
        let Some(relation) = self.relation.filter(|_| self.names_relation(&qualifier)) else { return };
        match relation.column(&name) {
            Some(column) => {
                self.columns.insert(column.number);
            }
            None => {
                let span = idents.last().and_then(|ident| byte_span(ident.span)).unwrap_or_default();
                self.missing.push((name.into(), span));
            }
        }
    }

    fn names_relation(&self, name: &str) -> bool {
        self.relation.is_some_and(|relation| *relation.name == *name) || self.aliases.contains(&name)
    }

    fn function(&mut self, name: &ObjectName, arguments: &FunctionArguments) {
        let (schema, name) = split(self.schema, name);
        let count = match arguments {
            FunctionArguments::List(list) => list.args.len(),
            FunctionArguments::None | FunctionArguments::Subquery(_) => 0,
        };
        let routines = self.schema.find_routines(schema.as_deref(), &name);
        let fits = |routine: &super::RoutineRef<'_>| {
            let signature = routine.signature();
            let most = signature.arguments.len();
            count >= most.saturating_sub(signature.defaults + usize::from(signature.variadic.is_some()))
                && (count <= most || signature.variadic.is_some())
        };
        let mut fitting = routines.into_iter().filter(fits);
        // With more than one candidate it takes types to know which; the dependency is then left out.
        if let (Some(routine), None) = (fitting.next(), fitting.next()) {
            self.depends.extend(routine.id().map(Dependency::Routine));
        }
        if let (true, FunctionArguments::List(list)) = (self.schema.dialect.definition.takes_sequence(&name), arguments)
        {
            self.depends.extend(list.args.first().and_then(|argument| self.sequence(argument)));
        }
    }

    /// The sequence in `nextval('name')`.
    fn sequence(&self, argument: &FunctionArg) -> Option<Dependency> {
        let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = argument else { return None };
        let mut expr = expr;
        while let Expr::Cast { expr: inner, .. } | Expr::Nested(inner) = expr {
            expr = inner;
        }
        let Expr::Value(value) = expr else { return None };
        let Value::SingleQuotedString(text) = &value.value else { return None };
        let (schema, name) = self.schema.split_name(text)?;
        let relation = self.schema.find_relation(schema.as_deref(), &name)?;
        Some(Dependency::Relation(relation.id))
    }

    fn cast(&mut self, ty: &DataType) {
        let mut ty = ty;
        while let DataType::Array(sqlparser::ast::ArrayElemTypeDef::SquareBracket(element, _)) = ty {
            ty = element;
        }
        let DataType::Custom(name, _) = ty else { return };
        let (schema, name) = split(self.schema, name);
        let found = self.schema.find_type(schema.as_deref(), &name).filter(|id| id.is_user());
        self.depends.extend(found.map(Dependency::Type));
    }
}

/// Where the name of `.name` after a value stands.
fn field(access: &AccessExpr) -> Option<Option<Span>> {
    match access {
        AccessExpr::Dot(Expr::Identifier(ident)) => Some(byte_span(ident.span)),
        _ => None,
    }
}

impl Visitor for Collector<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
        self.depth -= 1;
        if self.depth == 0 {
            self.inner.clear();
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        let (schema, name) = split(self.schema, relation);
        if let Some(relation) = self.schema.find_relation(schema.as_deref(), &name) {
            self.depends.insert(Dependency::Relation(relation.id));
            self.inner.push(relation);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Identifier(ident) if !self.fields.contains(&byte_span(ident.span)) => self.bare(ident),
            Expr::CompoundIdentifier(idents) => self.qualified(idents),
            Expr::CompoundFieldAccess { access_chain, .. } => self.fields.extend(access_chain.iter().filter_map(field)),
            Expr::Function(function) => self.function(&function.name, &function.args),
            Expr::Cast { data_type, .. } => self.cast(data_type),
            Expr::TypedString(typed) => self.cast(&typed.data_type),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Renames a column in an expression of its relation.
pub(super) fn rename_column(schema: &Schema, relation: &str, expr: &mut ddl::Expr, from: &str, to: &str) {
    let Some(tree) = expr.tree_mut() else { return };
    let mut renamer = Renamer { schema, relation, from, to, depth: 0, changed: false };
    let _ = walk_mut(Arc::make_mut(tree), &mut renamer);
    if renamer.changed {
        let text = tree.to_string();
        expr.text = text.into();
    }
}

struct Renamer<'a> {
    schema: &'a Schema,
    relation: &'a str,
    from: &'a str,
    to: &'a str,
    depth: usize,
    changed: bool,
}

impl Renamer<'_> {
    fn rename(&mut self, ident: &mut Ident) {
        if folded(self.schema, ident) == self.from {
            rename_ident(self.schema, ident, self.to);
            self.changed = true;
        }
    }
}

/// Gives an identifier another text, in quotes where it needs them.
pub(super) fn rename_ident(schema: &Schema, ident: &mut Ident, to: &str) {
    let quoted = (schema.dialect.quote)(to);
    ident.quote_style = quoted.chars().next().filter(|_| quoted != to);
    ident.value = to.to_owned();
}

impl VisitorMut for Renamer<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        match expr {
            // Inside a subquery a bare name may be another relation's.
            Expr::Identifier(ident) if self.depth == 0 => self.rename(ident),
            Expr::CompoundIdentifier(idents) => {
                if let [.., qualifier, ident] = idents.as_mut_slice() {
                    let qualifier = folded(self.schema, qualifier);
                    if qualifier == self.relation || matches!(&*qualifier, "new" | "old") {
                        self.rename(ident);
                    }
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// An identifier as it is looked up.
pub(super) fn folded(schema: &Schema, ident: &Ident) -> String {
    match ident.quote_style {
        Some(_) => (schema.dialect.fold_quoted)(&ident.value),
        None => (schema.dialect.fold)(&ident.value),
    }
}

/// A name of at most two parts as it is looked up; of a longer one the last two.
pub(super) fn split(schema: &Schema, name: &ObjectName) -> (Option<String>, String) {
    let mut parts =
        name.0.iter().rev().map(|part| part.as_ident().map(|ident| folded(schema, ident)).unwrap_or_default());
    let last = parts.next().unwrap_or_default();
    (parts.next(), last)
}

impl Schema {
    /// A name in a string, such as `nextval` takes: `schema.name`, each part quoted or not.
    pub(super) fn split_name(&self, text: &str) -> Option<(Option<String>, String)> {
        let mut parts = Vec::new();
        let mut rest = text.trim();
        loop {
            let part;
            if let Some(quoted) = rest.strip_prefix('"') {
                let end = quoted.find('"')?;
                part = (self.dialect.fold_quoted)(quoted.get(..end)?);
                rest = quoted.get(end + 1..)?;
            } else {
                let end = rest.find('.').unwrap_or(rest.len());
                part = (self.dialect.fold)(rest.get(..end)?.trim());
                rest = rest.get(end..)?;
            }
            parts.push(part);
            match rest.trim_start().strip_prefix('.') {
                Some(after) => rest = after.trim_start(),
                None => break,
            }
        }
        let name = parts.pop().filter(|name| !name.is_empty())?;
        Some((parts.pop(), name))
    }
}
