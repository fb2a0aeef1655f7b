//! Columns and constraints.

use crate::source::Span;
use crate::sql::cursor::{Cursor, Parsed, split_commas};
use crate::sql::ddl::{
    ColumnDef, ColumnOption, ConstraintDef, ConstraintKind, Expr, IndexElement, Name, SequenceOptions, TableElement,
};
use crate::sql::lex::Kind;
use crate::sql::token::Tok;

/// Words that can follow a column's default.
const AFTER_DEFAULT: [&str; 17] = [
    "constraint",
    "not",
    "null",
    "check",
    "unique",
    "primary",
    "references",
    "generated",
    "collate",
    "deferrable",
    "initially",
    "default",
    "autoincrement",
    "on",
    "storage",
    "compression",
    "as",
];

impl<'a> Cursor<'a> {
    /// A column's definition, up to the end of the tokens.
    pub(super) fn column_def(&mut self) -> Parsed<ColumnDef> {
        let start = self.position();
        let name = self.name()?;
        let mut column = ColumnDef { name, ty: None, collation: None, options: Vec::new(), span: Span::default() };
        if !self.at_end() && !self.is_column_option() {
            column.ty = Some(self.type_name()?);
        }
        while !self.at_end() && !self.is("cascade") && !self.is("restrict") {
            self.column_option(&mut column)?;
        }
        column.span = self.span_since(start);
        Ok(column)
    }

    fn is_column_option(&self) -> bool {
        const STARTS: [&str; 14] = [
            "constraint",
            "not null",
            "null",
            "check",
            "unique",
            "primary key",
            "references",
            "generated",
            "collate",
            "default",
            "with options",
            "as",
            "on conflict",
            "options",
        ];
        STARTS.iter().any(|words| self.is(words))
    }

    fn column_option(&mut self, column: &mut ColumnDef) -> Parsed<()> {
        let start = self.position();
        let name = if self.eat("constraint") { Some(self.name()?) } else { None };
        if self.eat("collate") {
            column.collation = Some(self.object_name()?);
        } else if self.eat("default") {
            column.options.push(ColumnOption::Default(self.default_expr()?));
        } else if self.eat("not null") {
            self.constraint_attributes(start, None, &mut Vec::new())?;
            column.options.push(ColumnOption::NotNull);
        } else if self.eat("null") {
            self.conflict_clause()?;
            column.options.push(ColumnOption::Null);
        } else if self.eat("generated") || self.is("as") {
            column.options.push(self.generated()?);
        } else if self.eat("autoincrement") || self.eat("auto_increment") {
            column.options.push(ColumnOption::AutoIncrement);
        } else if self.eat("storage") || self.eat("compression") {
            self.advance();
        } else if self.eat("options") {
            self.parentheses()?;
        } else if self.eat("with options") || self.conflict_clause()? {
            // Says nothing of the column.
        } else {
            let kind = self.column_constraint(&column.name)?;
            let mut constraint = Vec::new();
            self.constraint_attributes(start, Some((name, kind)), &mut constraint)?;
            column.options.extend(constraint.into_iter().map(ColumnOption::Constraint));
        }
        Ok(())
    }

    fn default_expr(&mut self) -> Parsed<Expr> {
        // The first token always belongs to the default: `DEFAULT NULL`.
        let tokens = self.until(|tok, before| !before.is_empty() && ends_default(tok, before));
        if tokens.is_empty() {
            return self.failure("an expression");
        }
        Ok(self.expr_of(tokens))
    }

    fn generated(&mut self) -> Parsed<ColumnOption> {
        let always = self.eat("always") || !self.eat("by default");
        self.expect("as")?;
        if self.eat("identity") {
            let options = self.identity_options()?;
            return Ok(ColumnOption::Identity { always, options });
        }
        let expr = self.parenthesized_expr()?;
        let stored = self.eat("stored");
        self.eat("virtual");
        Ok(ColumnOption::Generated { expr, stored })
    }

    fn column_constraint(&mut self, column: &Name) -> Parsed<ConstraintKind> {
        let columns = vec![column.clone()];
        if self.eat("primary key") {
            self.eat_any(&["asc", "desc"]);
            self.index_parameters()?;
            return Ok(ConstraintKind::PrimaryKey { columns, include: Vec::new() });
        }
        if self.eat("unique") {
            let nulls_not_distinct = self.nulls_not_distinct();
            self.index_parameters()?;
            return Ok(ConstraintKind::Unique { columns, include: Vec::new(), nulls_not_distinct });
        }
        if self.eat("check") {
            return Ok(ConstraintKind::Check(self.parenthesized_expr()?));
        }
        if self.eat("references") {
            return self.references(columns);
        }
        self.failure("a column option")
    }

    /// Whether the tokens that follow are a table constraint and not a column.
    pub(super) fn is_table_constraint(&self) -> bool {
        let opens = |n: usize| self.peek_nth(n).is_some_and(|tok| tok.is_mark(b'('));
        self.is("constraint")
            || self.is("primary key")
            || self.is("foreign key")
            || (self.is("unique") && (opens(1) || self.is("unique nulls") || self.is("unique using index")))
            || (self.is("check") && opens(1))
            || self.is("exclude using")
            || (self.is("exclude") && opens(1))
            || (self.is("not null") && self.peek_nth(2).is_some())
    }

    /// Table constraints up to the end of the tokens; where they need no commas between them, several.
    pub(super) fn table_constraints(&mut self) -> Parsed<Vec<ConstraintDef>> {
        let mut constraints = Vec::new();
        while constraints.is_empty() || !self.at_end() {
            let start = self.position();
            let name = match self.eat("constraint") {
                true if self.is_table_constraint() && !self.is("constraint") => None,
                true => Some(self.name()?),
                false => None,
            };
            let kind = self.table_constraint()?;
            self.constraint_attributes(start, Some((name, kind)), &mut constraints)?;
        }
        Ok(constraints)
    }

    fn table_constraint(&mut self) -> Parsed<ConstraintKind> {
        if self.eat("check") {
            return Ok(ConstraintKind::Check(self.parenthesized_expr()?));
        }
        if self.is("primary key") || self.is("unique") {
            return self.key_constraint();
        }
        if self.eat("foreign key") {
            let columns = self.key_columns()?;
            self.expect("references")?;
            return self.references(columns);
        }
        if self.eat("exclude") {
            return self.exclude();
        }
        if self.eat("not null") {
            return Ok(ConstraintKind::NotNull { column: self.name()? });
        }
        self.failure("a constraint")
    }

    fn key_constraint(&mut self) -> Parsed<ConstraintKind> {
        let primary = self.eat("primary key");
        if !primary {
            self.expect("unique")?;
        }
        if self.eat("using index") {
            return Ok(ConstraintKind::UsingIndex { index: self.name()?, primary });
        }
        let nulls_not_distinct = self.nulls_not_distinct();
        let columns = self.key_columns()?;
        let include = if self.eat("include") { self.parenthesized_names()? } else { Vec::new() };
        self.index_parameters()?;
        Ok(match primary {
            true => ConstraintKind::PrimaryKey { columns, include },
            false => ConstraintKind::Unique { columns, include, nulls_not_distinct },
        })
    }

    /// The columns of a key, each perhaps with a collation, a direction, `PERIOD` or `WITHOUT OVERLAPS`.
    fn key_columns(&mut self) -> Parsed<Vec<Name>> {
        let entries = self.parenthesized_list()?;
        let column = |entry: &'a [Tok]| {
            let mut cursor = self.over(entry);
            if entry.len() > 1 {
                cursor.eat("period");
            }
            cursor.name()
        };
        entries.into_iter().map(column).collect()
    }

    fn references(&mut self, columns: Vec<Name>) -> Parsed<ConstraintKind> {
        let table = self.object_name()?;
        let referenced = if self.is_mark(b'(') { self.key_columns()? } else { Vec::new() };
        let (mut on_delete, mut on_update, mut match_full) = (None, None, false);
        loop {
            if self.eat("match") {
                match_full = self.is("full");
                self.advance();
            } else if self.eat("on delete") {
                on_delete = Some(self.referential_action()?);
            } else if self.eat("on update") {
                on_update = Some(self.referential_action()?);
            } else {
                break;
            }
        }
        Ok(ConstraintKind::ForeignKey { columns, table, referenced, on_delete, on_update, match_full })
    }

    fn referential_action(&mut self) -> Parsed<String> {
        const ACTIONS: [&str; 5] = ["no action", "restrict", "cascade", "set null", "set default"];
        let Some(action) = self.eat_any(&ACTIONS) else { return self.failure("a referential action") };
        if self.is_mark(b'(') {
            self.parentheses()?;
        }
        Ok(action.to_string())
    }

    fn exclude(&mut self) -> Parsed<ConstraintKind> {
        let method = if self.eat("using") { Some(self.name()?) } else { None };
        let mut elements = Vec::new();
        for entry in self.parenthesized_list()? {
            let mut cursor = self.over(entry);
            let element = cursor.until_words(&["with"]);
            let element = self.over(element).index_element()?;
            cursor.expect("with")?;
            let operator = cursor.take_rest().iter().map(|tok| self.piece.lexeme(&tok.lexeme)).collect::<String>();
            elements.push((element, operator));
        }
        if self.eat("include") {
            self.parentheses()?;
        }
        self.index_parameters()?;
        let predicate = if self.eat("where") { Some(self.parenthesized_expr()?) } else { None };
        Ok(ConstraintKind::Exclude { method, elements, predicate })
    }

    fn nulls_not_distinct(&mut self) -> bool {
        let not_distinct = self.eat("nulls not distinct");
        self.eat("nulls distinct");
        not_distinct
    }

    /// `WITH (…)`, `USING INDEX TABLESPACE …` and SQLite's `ON CONFLICT …`.
    fn index_parameters(&mut self) -> Parsed<()> {
        loop {
            if self.is("with") && self.peek_nth(1).is_some_and(|tok| tok.is_mark(b'(')) {
                self.advance();
                self.parentheses()?;
            } else if self.eat("using index tablespace") {
                self.name()?;
            } else if !self.conflict_clause()? {
                return Ok(());
            }
        }
    }

    /// `ON CONFLICT …`, which says what a violation does.
    fn conflict_clause(&mut self) -> Parsed<bool> {
        let found = self.eat("on conflict");
        if found && self.advance().is_none() {
            return self.failure("what to do on conflict");
        }
        Ok(found)
    }

    /// What follows a constraint, which is added to the others; for `NOT NULL` there is none to add.
    fn constraint_attributes(
        &mut self,
        start: usize,
        constraint: Option<(Option<Name>, ConstraintKind)>,
        constraints: &mut Vec<ConstraintDef>,
    ) -> Parsed<()> {
        let (mut deferrable, mut initially_deferred, mut no_inherit) = (None, false, false);
        let (mut not_valid, mut not_enforced) = (false, false);
        loop {
            if self.eat("deferrable") {
                deferrable = Some(true);
            } else if self.eat("not deferrable") {
                deferrable = Some(false);
            } else if self.eat("initially deferred") {
                initially_deferred = true;
            } else if self.eat("no inherit") {
                no_inherit = true;
            } else if self.eat("not valid") {
                not_valid = true;
            } else if self.eat("not enforced") {
                not_enforced = true;
            } else if !self.eat("initially immediate") && !self.eat("enforced") && !self.conflict_clause()? {
                break;
            }
        }
        let deferrable = deferrable.unwrap_or(initially_deferred);
        let span = self.span_since(start);
        constraints.extend(constraint.map(|(name, kind)| ConstraintDef {
            name,
            kind,
            not_valid,
            deferrable,
            initially_deferred,
            no_inherit,
            not_enforced,
            span,
        }));
        Ok(())
    }

    /// One key of an index, up to the end of the tokens.
    pub(crate) fn index_element(&mut self) -> Parsed<IndexElement> {
        let tokens = self.index_key();
        let expr = self.expr_of(tokens);
        let column = match tokens {
            [only] => self.over(std::slice::from_ref(only)).name().ok(),
            _ => None,
        };
        if tokens.is_empty() {
            return self.failure("an index key");
        }
        let (mut collation, mut operator_class) = (None, None);
        while !self.at_end() {
            if self.eat("collate") {
                collation = Some(self.object_name()?);
            } else if self.eat("asc") || self.eat("desc") || self.eat("nulls first") || self.eat("nulls last") {
                // The order says nothing of names and types.
            } else {
                operator_class = Some(self.object_name()?);
                if self.is_mark(b'(') {
                    self.parentheses()?;
                }
            }
        }
        Ok(IndexElement { column, expr, collation, operator_class })
    }

    /// The tokens of a key's expression: parentheses, a call or a name, or all up to what follows a key.
    fn index_key(&mut self) -> &'a [Tok] {
        let start = *self;
        let called = self.object_name().is_ok() && self.is_mark(b'(');
        let plain = match (called || start.is_mark(b'(')) && self.parentheses().is_ok() {
            true => true,
            false => !called && start.peek().is_some_and(|tok| tok.name(self.piece).is_some()),
        };
        let ends = self.peek().is_none_or(|tok| matches!(tok.lexeme.kind, Kind::Word | Kind::Quoted));
        if plain && ends {
            return self.since(start.position());
        }
        *self = start;
        self.until_words(&["collate", "asc", "desc", "nulls"])
    }

    /// What is said of a sequence, up to the end of the tokens or a word that says something else.
    pub(super) fn sequence_options(&mut self) -> Parsed<SequenceOptions> {
        let mut options = SequenceOptions::default();
        while !self.at_end() {
            if self.eat("as") {
                options.ty = Some(self.type_name()?);
            } else if self.eat("owned by none") {
                options.owned_by = Some(None);
            } else if self.eat("owned by") {
                options.owned_by = Some(Some(self.column_reference()?));
            } else if self.eat("sequence name") {
                options.name = Some(self.object_name()?);
            } else if self.eat_any(&["no minvalue", "no maxvalue", "no cycle", "cycle", "logged", "unlogged"]).is_some()
            {
                // Says nothing of names and types.
            } else if self.eat("restart")
                || self.eat_any(&["increment", "minvalue", "maxvalue", "start", "cache"]).is_some()
            {
                self.eat_any(&["by", "with"]);
                self.eat_operator("=");
                self.signed_number();
            } else {
                return self.failure("a sequence option");
            }
        }
        Ok(options)
    }

    /// The options of a sequence in parentheses, which can be left out.
    pub(super) fn identity_options(&mut self) -> Parsed<SequenceOptions> {
        if !self.is_mark(b'(') {
            return Ok(SequenceOptions::default());
        }
        let inside = self.parentheses()?;
        self.over(inside).sequence_options()
    }

    fn signed_number(&mut self) {
        let _ = self.eat_operator("-") || self.eat_operator("+");
        if self.peek().is_some_and(|tok| tok.lexeme.kind == Kind::Number) {
            self.advance();
        }
    }

    /// `[schema.]table.column`.
    fn column_reference(&mut self) -> Parsed<(crate::sql::ddl::ObjectName, Name)> {
        let mut parts = vec![self.name()?];
        while self.eat_mark(b'.') {
            parts.push(self.name()?);
        }
        let column = parts.pop();
        let table = parts.pop();
        match (table, column) {
            (Some(name), Some(column)) => Ok((crate::sql::ddl::ObjectName { schema: parts.pop(), name }, column)),
            _ => self.failure("a column with its table"),
        }
    }
}

/// The entries between the parentheses of `CREATE TABLE`.
pub(super) fn table_elements<'a>(cursor: &Cursor<'a>, inside: &'a [Tok]) -> Parsed<Vec<TableElement>> {
    let mut elements = Vec::new();
    for entry in split_commas(inside) {
        let mut cursor = cursor.over(entry);
        if cursor.is("like") {
            elements.push(super::table::like(&mut cursor)?);
        } else if cursor.is_table_constraint() {
            elements.extend(cursor.table_constraints()?.into_iter().map(TableElement::Constraint));
        } else {
            let column = cursor.column_def()?;
            cursor.expect_end()?;
            elements.push(TableElement::Column(column));
        }
    }
    Ok(elements)
}

/// Whether a token outside of brackets ends a default that has tokens before it.
fn ends_default(tok: &Tok, before: &[Tok]) -> bool {
    let last = before.last();
    let after = |words: &[&str]| last.is_some_and(|it| it.is_any(words));
    if tok.is("distinct") || after(&["is"]) {
        return false;
    }
    // An operator still waits for its operand, a cast for its type.
    let open = last.is_some_and(|it| matches!(it.lexeme.kind, Kind::Operator | Kind::DoubleColon | Kind::Mark(b'.')));
    !open && tok.is_any(&AFTER_DEFAULT)
}
