//! Each distinct SQL text, parsed once, and analysed once for each stretch of states in which nothing that it looks up
//! changes.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use crate::analysis::{Analysis, Context, Problem, Stage, Unknown, analyze};
use crate::dialect::Dialect;
use crate::schema::{Key, Schema, Type, apply};
use crate::source::{Source, Span};
use crate::sql::{self, Statement, StatementKind};

use super::line::Line;

/// The texts of a check and what is known of each on one line of states.
pub(crate) struct Texts<'l> {
    line: &'l Line,
    dialect: &'static Dialect,
    texts: RefCell<HashMap<Arc<str>, Rc<Text>>>,
    analyses: Cell<usize>,
}

/// One SQL text.
pub(crate) struct Text {
    sql: Arc<str>,
    source: Source,
    statements: Vec<Statement>,
    stretches: RefCell<BTreeMap<usize, (usize, Arc<Analysis>)>>,
}

impl<'l> Texts<'l> {
    pub(crate) fn new(line: &'l Line, dialect: &'static Dialect) -> Texts<'l> {
        Texts { line, dialect, texts: RefCell::default(), analyses: Cell::new(0) }
    }

    /// The engine.
    pub(crate) fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    /// How many analyses were made: the cost of a check.
    #[cfg(test)]
    pub(crate) fn analyses(&self) -> usize {
        self.analyses.get()
    }

    /// The parsed text.
    pub(crate) fn text(&self, sql: &Arc<str>) -> Rc<Text> {
        if let Some(text) = self.texts.borrow().get(sql) {
            return text.clone();
        }
        let statements = sql::parse(sql, self.dialect);
        let text = Rc::new(Text {
            sql: sql.clone(),
            source: Source::new("", &**sql),
            statements,
            stretches: RefCell::default(),
        });
        self.texts.borrow_mut().insert(sql.clone(), text.clone());
        text
    }

    /// What the text does on a state, and the neighbouring states on which it does the same.
    pub(crate) fn on(&self, text: &Text, state: usize) -> (usize, usize, Arc<Analysis>) {
        if let Some((&from, (to, analysis))) = text.stretches.borrow().range(..=state).next_back()
            && state <= *to
        {
            return (from, *to, analysis.clone());
        }
        let analysis = Arc::new(match self.line.schema(state) {
            Some(schema) => self.analyse(text, schema, &[]),
            None => Analysis::default(),
        });
        let stretch = self.line.unchanged(state, &analysis.dependencies);
        text.stretches.borrow_mut().insert(*stretch.start(), (*stretch.end(), analysis.clone()));
        (*stretch.start(), *stretch.end(), analysis)
    }

    /// What the text does on a schema when the driver declares parameter types.
    pub(crate) fn analyse(&self, text: &Text, schema: &Schema, declared: &[Type]) -> Analysis {
        self.analyses.set(self.analyses.get() + 1);
        let context = Context { text: text.sql.clone(), declared: declared.to_vec(), ..Context::default() };
        let mut schema = schema.clone();
        let mut parts = text.statements.iter().map(|statement| part(&mut schema, statement, text, &context));
        let mut whole = parts.next().unwrap_or_else(|| Analysis { shape: complete(), ..Analysis::default() });
        for part in parts {
            join(&mut whole, part);
        }
        whole
    }
}

impl Text {
    /// Why a part of the text is not understood at all.
    pub(crate) fn unparsed(&self) -> Option<&sql::Unparsed> {
        self.statements.iter().find_map(|statement| match &statement.kind {
            StatementKind::Unparsed(unparsed) => Some(unparsed),
            _ => None,
        })
    }
}

/// One statement of the text on a schema, which it may change for those after it.
fn part(schema: &mut Schema, statement: &Statement, text: &Text, context: &Context) -> Analysis {
    let mut analysis = Analysis { shape: complete(), ..Analysis::default() };
    match &statement.kind {
        StatementKind::Query(query) => return analyze(schema, query, context),
        StatementKind::Transaction(_) => {}
        StatementKind::Unparsed(unparsed) => {
            let reason = unparsed.reason.clone();
            analysis.unknowns.push(Unknown { span: unparsed.at, reason });
            analysis.dependencies.extend(unparsed.identifiers.iter().flat_map(names));
        }
        StatementKind::Ddl(_) | StatementKind::Do(_) => define(schema, statement, text, &mut analysis),
    }
    analysis
}

/// A statement that changes the schema, sent by the program: it runs where it applies.
fn define(schema: &mut Schema, statement: &Statement, text: &Text, analysis: &mut Analysis) {
    let applied = apply(schema, statement, &text.source);
    // What it looks up is not told apart, so that anything may matter to it.
    analysis.dependencies.insert(Key::Everything);
    for problem in applied.problems {
        match problem.sqlstate {
            // An object that is there already is what such a statement makes sure of.
            Some("42P07" | "42P06" | "42701" | "42710" | "42723") => {}
            Some(sqlstate) if problem.rule == "migration-fails" => analysis.problems.push(Problem {
                rule: match problem.about.first() {
                    Some(Key::Column(..)) => "missing-column",
                    Some(Key::Type(_)) => "missing-type",
                    Some(Key::Routine(_)) => "missing-function",
                    _ => "missing-table",
                },
                span: problem.span,
                label: problem.message.clone(),
                message: problem.message,
                about: problem.about,
                sqlstate,
                stage: Stage::Execute,
                certain: true,
            }),
            _ if problem.rule == "unparsed-statement" => {
                analysis.unknowns.push(Unknown { span: problem.span, reason: problem.message });
            }
            _ => {}
        }
    }
}

/// Everything that an identifier may name.
fn names(identifier: &Arc<str>) -> [Key; 4] {
    let name = || identifier.clone();
    [Key::Relation(name()), Key::Type(name()), Key::Routine(name()), Key::Schema(name())]
}

fn complete() -> crate::analysis::Shape {
    crate::analysis::Shape { complete: true, ..crate::analysis::Shape::default() }
}

/// Adds a further statement of the same text: its rows are not what the caller reads.
fn join(whole: &mut Analysis, part: Analysis) {
    whole.problems.extend(part.problems);
    whole.unknowns.extend(part.unknowns);
    whole.dependencies.extend(part.dependencies);
    whole.uses.extend(part.uses);
    whole.writes.extend(part.writes);
    if part.shape.parameters.len() > whole.shape.parameters.len() {
        whole.shape.parameters = part.shape.parameters;
    }
}

/// The span of the whole text.
pub(crate) fn whole(sql: &str) -> Span {
    Span::new(0, sql.len())
}
