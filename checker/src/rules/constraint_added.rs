//! Constraints that a query's values were not made for.

use std::sync::Arc;

use crate::analysis::{Known, Value, Write, holds, may_be_supplied};
use crate::finding::{Level, Verdict};
use crate::rollout::{Check, Family, Hit, Meeting, Rule, Story, Words};
use crate::schema::{Column, ColumnNumber, Constraint, ConstraintKind, Index, Key, Relation, Schema};
use crate::sql::ddl::Event;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "constraint-added",
    level: Level::Warn,
    summary: "a query writes values that a new constraint may refuse",
    docs: include_str!("constraint-added.md"),
    check: Check::Query { family: Family::Own, find, words },
};

fn find(meeting: &Meeting<'_>) -> Vec<Hit> {
    if !meeting.accepted() {
        return Vec::new();
    }
    let mut hits: Vec<Hit> = Vec::new();
    for write in &meeting.met.analysis.writes {
        let Some(relation) = meeting.met.schema.relation(write.relation) else { continue };
        let Some(before) = same_name(meeting.contract.schema, &relation) else { continue };
        let comparable = meeting.comparable;
        let tables = Tables { old: meeting.contract.schema, new: meeting.met.schema, comparable, before, relation };
        hits.extend(tables.uniqueness(write));
        hits.extend(tables.conditions(write));
        hits.extend(tables.required(write));
        hits.extend(tables.domains(write));
        hits.extend(tables.references(write));
        hits.extend(tables.referred_to(write));
    }
    hits
}

fn same_name(schema: &Schema, relation: &Relation) -> Option<Arc<Relation>> {
    schema.find_relation(Some(&relation.schema), &relation.name)
}

/// A table at the contract and on the state.
struct Tables<'s> {
    old: &'s Schema,
    new: &'s Schema,
    /// Whether ids mean the same in both schemas: a table keeps its id when it is renamed.
    comparable: bool,
    before: Arc<Relation>,
    relation: Arc<Relation>,
}

impl Tables<'_> {
    fn column(&self, number: ColumnNumber) -> Option<&Column> {
        self.relation.column_numbered(number)
    }

    /// What the statement gives a column.
    fn given<'w>(&self, write: &'w Write, number: ColumnNumber) -> Option<&'w Value> {
        write.columns.iter().find(|written| written.column == number).map(|written| &written.value)
    }

    /// What is known of a column's value in the row that is written.
    fn known(&self, write: &Write, number: ColumnNumber) -> Known {
        let by_trigger = |column: &Column| may_be_supplied(self.new, &self.relation, &column.name, write.event);
        if self.column(number).is_some_and(by_trigger) {
            return Known::Nothing;
        }
        match (self.given(write, number), write.event) {
            (Some(Value::Null), _) => Known::Null,
            (Some(Value::Literal(text)), _) => Known::Text(text.to_string()),
            (Some(_), _) => Known::Nothing,
            (None, Event::Insert) => self.column(number).map_or(Known::Nothing, default),
            (None, _) => Known::Nothing,
        }
    }

    fn hit(&self, write: &Write, verdict: Verdict, about: Key, label: &str, message: String) -> Hit {
        Hit {
            rule: RULE.id,
            verdict,
            span: write.span,
            label: label.to_owned(),
            message,
            about: vec![about, Key::Relation(self.relation.name.clone())],
            by_step: false,
        }
    }

    /// Unique indexes, and constraints that exclude.
    fn uniqueness(&self, write: &Write) -> Vec<Hit> {
        if !matches!(write.event, Event::Insert | Event::Update) {
            return Vec::new();
        }
        let excludes = |index: &Index| {
            let owner = index.constraint.as_ref().and_then(|name| self.relation.constraint(name));
            owner.is_some_and(|owner| matches!(owner.kind, ConstraintKind::Exclude))
        };
        let demands = self.relation.indexes.iter().filter(|index| index.unique || excludes(index));
        let new = demands.filter(|index| !self.before.indexes.iter().any(|old| self.implies(old, index)));
        let hits = new.filter_map(|index| {
            let decides = write.conflict.as_ref().is_some_and(|conflict| conflict.arbiters.contains(&index.name));
            if decides || !self.may_repeat(write, index) {
                return None;
            }
            let about = Key::Constraint(self.relation.name.clone(), index.name.clone());
            let skips = write.conflict.as_ref().is_some_and(|conflict| !conflict.targeted && conflict.do_nothing);
            let what = if skips { "silently leaves out" } else { "refuses" };
            let message = format!("`{}` {what} rows that are there already", index.name);
            Some(self.hit(write, Verdict::MayBreak, about, "may be there already", message))
        });
        hits.collect()
    }

    /// Whether an index of the contract's schema already demands what a new one does.
    fn implies(&self, old: &Index, new: &Index) -> bool {
        let expressions = |index: &Index| -> Vec<Arc<str>> {
            index.keys.iter().filter_map(|key| key.expr.as_ref()).map(|expr| expr.text.clone()).collect()
        };
        let predicate = |index: &Index| index.predicate.as_ref().map(|predicate| predicate.text.clone());
        let rows = old.predicate.is_none() || predicate(old) == predicate(new);
        if !rows || old.unique != new.unique {
            return false;
        }
        let keyed = old.keys.iter().chain(&new.keys).any(|key| key.column.is_none());
        if keyed {
            return expressions(old) == expressions(new) && old.keys.len() == new.keys.len();
        }
        let named = |relation: &Relation, index: &Index| -> Option<Vec<Arc<str>>> {
            let column = |key: &crate::schema::IndexKey| Some(relation.column_numbered(key.column?)?.name.clone());
            index.keys.iter().map(column).collect()
        };
        let (Some(then), Some(now)) = (named(&self.before, old), named(&self.relation, new)) else { return false };
        then.iter().all(|name| now.contains(name))
    }

    /// Whether the row that is written can have the keys of another one.
    fn may_repeat(&self, write: &Write, index: &Index) -> bool {
        let mut columns: Vec<ColumnNumber> = index.columns().collect();
        columns.extend(index.keys.iter().flat_map(|key| key.mentions.iter().copied()));
        if write.event == Event::Update {
            let mut given = columns.iter().filter_map(|&number| self.given(write, number)).peekable();
            let set = given.peek().is_some();
            return set && (index.nulls_not_distinct || given.all(|value| *value != Value::Null));
        }
        // NULL repeats nothing, and what makes a new value for each row does not repeat one.
        let differs = |number: &ColumnNumber| match self.given(write, *number) {
            Some(Value::Null) => !index.nulls_not_distinct,
            Some(_) => false,
            None => {
                let made = self.column(*number).is_some_and(makes_values);
                made || default_of(self.column(*number)) == Known::Null && !index.nulls_not_distinct
            }
        };
        !columns.iter().any(differs) && !columns.is_empty()
    }

    fn conditions(&self, write: &Write) -> Vec<Hit> {
        if !matches!(write.event, Event::Insert | Event::Update) {
            return Vec::new();
        }
        let hits = self.relation.constraints.iter().filter_map(|constraint| {
            let ConstraintKind::Check(check) = &constraint.kind else { return None };
            let same = |old: &Constraint| match &old.kind {
                ConstraintKind::Check(other) => other.text == check.text || old.name == constraint.name,
                _ => false,
            };
            if self.before.constraints.iter().any(same) {
                return None;
            }
            self.condition(write, constraint, check.tree().map(|tree| &**tree))
        });
        hits.collect()
    }

    fn condition(&self, write: &Write, constraint: &Constraint, check: Option<&sqlparser::ast::Expr>) -> Option<Hit> {
        let about = Key::Constraint(self.relation.name.clone(), constraint.name.clone());
        let set: Vec<&Value> = constraint.columns.iter().filter_map(|&number| self.given(write, number)).collect();
        let name = &constraint.name;
        if set.is_empty() && write.event == Event::Update {
            // Rows from before a check that is not validated are checked when anything in them changes.
            let message = format!("`{name}` is not validated: old rows that break it can no longer be updated");
            return (!constraint.valid)
                .then(|| self.hit(write, Verdict::MayBreak, about, "old rows are checked, too", message));
        }
        let value_of = |name: &str| match self.relation.column(name) {
            Some(column) => self.known(write, column.number),
            None => Known::Nothing,
        };
        let outcome = check.and_then(|check| holds(check, self.new.dialect.fold, &value_of));
        let open = set.iter().any(|value| matches!(value, Value::Parameter(_) | Value::Expression { .. }));
        // That a value may be NULL is said only where it can be.
        let present = |name: &str| match value_of(name) {
            Known::Nothing if !self.can_be_null(write, name) => Known::Present,
            known => known,
        };
        let only_null = || check.and_then(|check| holds(check, self.new.dialect.fold, &present)) == Some(true);
        match outcome {
            Some(true) => None,
            None if only_null() => None,
            Some(false) => {
                let message = format!("`{name}` refuses the values that the query writes");
                Some(self.hit(write, Verdict::Breaks, about, "refused", message))
            }
            None if open => {
                let message = format!("`{name}` may refuse the values that the query writes");
                Some(self.hit(write, Verdict::MayBreak, about, "may be refused", message))
            }
            None => None,
        }
    }

    /// Whether a column is given a value that can be NULL, as far as the text tells.
    fn can_be_null(&self, write: &Write, name: &str) -> bool {
        let value = self.relation.column(name).and_then(|column| self.given(write, column.number));
        matches!(value, Some(Value::Null | Value::Expression { nullable: Some(true) }))
    }

    /// Columns that refuse NULL now.
    fn required(&self, write: &Write) -> Vec<Hit> {
        let hits = write.columns.iter().filter_map(|written| {
            let column = self.column(written.column).filter(|column| column.not_null && !column.auto_number)?;
            let took = self.before.column(&column.name).is_some_and(|before| !before.not_null);
            let null = written.value == Value::Null;
            if !took || !null && !self.can_be_null(write, &column.name) {
                return None;
            }
            let about = Key::Column(self.relation.name.clone(), column.name.clone());
            let verdict = if null { Verdict::Breaks } else { Verdict::MayBreak };
            let message = format!("`{}` is `NOT NULL` now, and the value can be NULL", column.name);
            Some(Hit { span: written.span, ..self.hit(write, verdict, about, "can be NULL", message) })
        });
        hits.collect()
    }

    /// New checks of the domains that columns are of.
    fn domains(&self, write: &Write) -> Vec<Hit> {
        let mut hits = Vec::new();
        for written in &write.columns {
            let Some(column) = self.column(written.column) else { continue };
            let Some(domain) = self.new.domain(column.ty.id) else { continue };
            let then = self.before.column(&column.name).and_then(|before| self.old.domain(before.ty.id));
            let known = |name: &Arc<str>| then.is_some_and(|then| then.checks.iter().any(|check| check.name == *name));
            for check in domain.checks.iter().filter(|check| !known(&check.name)) {
                let value = self.known(write, written.column);
                let outcome = check.expr.tree().map(|tree| &**tree);
                let outcome = outcome.and_then(|tree| holds(tree, self.new.dialect.fold, &|_| value.clone()));
                let verdict = match outcome {
                    Some(true) => continue,
                    Some(false) => Verdict::Breaks,
                    None => Verdict::MayBreak,
                };
                let about = Key::Type((&*domain.info.name).into());
                let message = format!("domain `{}` may refuse the value of `{}`", domain.info.name, column.name);
                let label = "checked by its domain";
                hits.push(Hit { span: written.span, ..self.hit(write, verdict, about, label, message) });
            }
        }
        hits
    }

    /// New foreign keys of the table.
    fn references(&self, write: &Write) -> Vec<Hit> {
        if !matches!(write.event, Event::Insert | Event::Update) {
            return Vec::new();
        }
        let hits = self.relation.constraints.iter().filter_map(|constraint| {
            let ConstraintKind::ForeignKey { table, .. } = &constraint.kind else { return None };
            let referenced = self.new.relation(*table)?;
            if self.before.constraints.iter().any(|old| self.same_reference(old, constraint)) {
                return None;
            }
            let set = constraint.columns.iter().any(|&number| self.given(write, number).is_some());
            // A key of which a part is NULL refers to nothing.
            let refers = constraint.columns.iter().all(|&number| self.known(write, number) != Known::Null);
            if !set || !refers {
                return None;
            }
            let about = Key::Constraint(self.relation.name.clone(), constraint.name.clone());
            let message = format!("`{}` refuses values that `{}` does not have", constraint.name, referenced.name);
            Some(self.hit(write, Verdict::MayBreak, about, "must be there", message))
        });
        hits.collect()
    }

    fn same_reference(&self, old: &Constraint, new: &Constraint) -> bool {
        let (ConstraintKind::ForeignKey { table: a, .. }, ConstraintKind::ForeignKey { table: b, .. }) =
            (&old.kind, &new.kind)
        else {
            return false;
        };
        let names = |relation: &Relation, constraint: &Constraint| -> Vec<Arc<str>> {
            let name = |&number: &ColumnNumber| relation.column_numbered(number).map(|column| column.name.clone());
            constraint.columns.iter().filter_map(name).collect()
        };
        let tables = self.old.relation(*a).zip(self.new.relation(*b));
        tables.is_some_and(|(a, b)| a.name == b.name || self.comparable && a.id == b.id)
            && names(&self.before, old) == names(&self.relation, new)
    }

    /// New foreign keys of other tables that refer to this one.
    fn referred_to(&self, write: &Write) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (id, constraint) in self.new.referencing(self.relation.id) {
            let ConstraintKind::ForeignKey { referenced, on_delete, on_update, .. } = &constraint.kind else {
                continue;
            };
            let Some(child) = self.new.relation(id) else { continue };
            let stands = |action: &Option<String>| matches!(action.as_deref(), None | Some("restrict" | "no action"));
            let set = referenced.iter().any(|&number| self.given(write, number).is_some());
            let concerns = match write.event {
                Event::Delete => stands(on_delete),
                Event::Update => set && stands(on_update),
                _ => false,
            };
            let kept = self.old.relation(id).filter(|_| self.comparable);
            let then = kept.or_else(|| same_name(self.old, &child));
            let known = then.is_some_and(|then| {
                let tables = Tables { before: then.clone(), relation: child.clone(), ..*self };
                then.constraints.iter().any(|old| tables.same_reference(old, constraint))
            });
            if concerns && !known {
                let about = Key::Constraint(child.name.clone(), constraint.name.clone());
                let message = format!("`{}` keeps rows that `{}` refers to", constraint.name, child.name);
                hits.push(self.hit(write, Verdict::MayBreak, about, "may be referred to", message));
            }
        }
        hits
    }
}

/// The value that a column has where none is written.
fn default_of(column: Option<&Column>) -> Known {
    column.map_or(Known::Nothing, default)
}

fn default(column: &Column) -> Known {
    use sqlparser::ast::Expr;
    if column.generated.is_some() || column.identity.is_some() || column.auto_number {
        return Known::Nothing;
    }
    let Some(default) = &column.default else { return Known::Null };
    let Some(mut tree) = default.tree().map(|tree| &**tree) else { return Known::Nothing };
    // The bound guards against a wrong tree.
    for _ in 0..100 {
        match tree {
            Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => tree = inner,
            _ => break,
        }
    }
    match tree {
        Expr::Value(value) => match &value.value {
            sqlparser::ast::Value::Null => Known::Null,
            sqlparser::ast::Value::Number(digits, _) => Known::Text(digits.clone()),
            sqlparser::ast::Value::SingleQuotedString(text) => Known::Text(text.clone()),
            sqlparser::ast::Value::Boolean(truth) => Known::Text(truth.to_string()),
            _ => Known::Nothing,
        },
        _ => Known::Nothing,
    }
}

/// Whether a column makes a value of its own for each row.
fn makes_values(column: &Column) -> bool {
    let computed = column.default.is_some() && default(column) == Known::Nothing;
    column.identity.is_some() || column.auto_number || computed
}

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} {}{}: {}", story.release, story.breaks(), story.where_from(), story.hit.message);
    let help = "in two releases: let the program keep to it; then add the constraint";
    Words { message, help: Some(help.to_owned()) }
}
