//! Each distinct SQL text, parsed once, and analysed once for each stretch of states in which nothing that it looks up
//! changes.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use crate::analysis::{Analysis, Context, Problem, Stage, Unknown, analyze, analyze_lock, analyze_truncate};
use crate::dialect::Dialect;
use crate::query::Query;
use crate::schema::{Key, Schema, Type, apply};
use crate::source::{Source, Span};
use crate::sql::ddl::Ddl;
use crate::sql::{self, Statement, StatementKind};

use super::input::Release;
use super::line::Line;
use super::made::{Made, Programs};

/// The texts of a check and what is known of each on one line of states.
pub(crate) struct Texts<'l> {
    line: &'l Line,
    dialect: &'static Dialect,
    programs: &'l Programs,
    texts: RefCell<HashMap<Sent, Rc<Text>>>,
    analyses: Cell<usize>,
    /// The first state on which there is a relation of a name.
    first_seen: RefCell<HashMap<Arc<str>, Option<usize>>>,
}

/// A text and who sends it.
type Sent = (Arc<str>, Sender);

/// What about the sender of a text decides on it.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Sender {
    /// The release, where the text names something that its program creates.
    release: Option<String>,
    /// The driver declares a type for each parameter.
    typed: bool,
}

/// One SQL text.
pub(crate) struct Text {
    sql: Arc<str>,
    source: Source,
    statements: Vec<Statement>,
    /// What the program that sends it creates itself, where it names some of that.
    made: Option<Arc<Made>>,
    /// The driver declares a type for each parameter, and which is not known.
    typed: bool,
    stretches: RefCell<BTreeMap<usize, (usize, Arc<Analysis>)>>,
}

impl<'l> Texts<'l> {
    pub(crate) fn new(line: &'l Line, dialect: &'static Dialect, programs: &'l Programs) -> Texts<'l> {
        Texts {
            line,
            dialect,
            programs,
            texts: RefCell::default(),
            analyses: Cell::new(0),
            first_seen: RefCell::default(),
        }
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

    /// The schema of a state.
    #[cfg(feature = "command")]
    pub(super) fn schema(&self, state: usize) -> Option<&'l Schema> {
        self.line.schema(state)
    }

    /// What the programs of the releases create.
    pub(crate) fn programs(&self) -> &'l Programs {
        self.programs
    }

    /// The parsed text, as a release sends it.
    pub(crate) fn sent(&self, release: &Release, query: &Query) -> Rc<Text> {
        let made = self.programs.named_in(&release.id, &query.sql);
        let sender =
            Sender { release: made.map(|_| release.id.clone()), typed: query.call.declares_parameters == Some(true) };
        self.parsed(&query.sql, sender, made)
    }

    /// The parsed text, whoever sends it.
    pub(crate) fn text(&self, sql: &Arc<str>) -> Rc<Text> {
        self.parsed(sql, Sender::default(), None)
    }

    fn parsed(&self, sql: &Arc<str>, sender: Sender, made: Option<&Arc<Made>>) -> Rc<Text> {
        let key = (sql.clone(), sender);
        if let Some(text) = self.texts.borrow().get(&key) {
            return text.clone();
        }
        let text = Rc::new(Text {
            sql: sql.clone(),
            source: Source::new("", &**sql),
            statements: sql::parse(sql, self.dialect),
            made: made.cloned(),
            typed: key.1.typed,
            stretches: RefCell::default(),
        });
        self.texts.borrow_mut().insert(key, text.clone());
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
            Some(schema) => self.analyse_at(text, schema, state),
            None => Analysis::default(),
        });
        let stretch = self.line.unchanged(state, &analysis.dependencies);
        text.stretches.borrow_mut().insert(*stretch.start(), (*stretch.end(), analysis.clone()));
        (*stretch.start(), *stretch.end(), analysis)
    }

    /// With what the program creates itself, where the schema lacks it.
    fn analyse_at(&self, text: &Text, schema: &Schema, state: usize) -> Analysis {
        let analysis = self.analyse(text, schema, &[]);
        let Some(made) = &text.made else { return analysis };
        let missing = made.missing(&analysis, |key| self.was_there(key, state));
        if missing.is_empty() {
            return analysis;
        }
        let mut schema = schema.clone();
        let needs = made.add_to(&mut schema, missing);
        let mut supplied = self.analyse(text, &schema, &[]);
        supplied.dependencies.extend(analysis.dependencies);
        supplied.dependencies.extend(needs);
        supplied
    }

    /// Whether a relation was there on a state or before it.
    fn was_there(&self, key: &Key, state: usize) -> bool {
        let Key::Relation(name) = key else { return false };
        let mut seen = self.first_seen.borrow_mut();
        let first = seen.entry(name.clone()).or_insert_with(|| {
            self.line.states.iter().position(|state| state.schema.find_relation(None, name).is_some())
        });
        first.is_some_and(|first| first <= state)
    }

    /// What the text does on a schema when the driver declares parameter types.
    pub(crate) fn analyse(&self, text: &Text, schema: &Schema, declared: &[Type]) -> Analysis {
        let inferred = self.analyse_as(text, schema, declared, false);
        if !text.typed || inferred.problems.is_empty() {
            return inferred;
        }
        // What the server cannot infer, or infers otherwise, the driver declares: that is no problem.
        let typed = self.analyse_as(text, schema, declared, true);
        if typed.problems.len() >= inferred.problems.len() {
            return inferred;
        }
        let mut typed = typed;
        typed.needs_declared = true;
        typed.shape.parameters = inferred.shape.parameters;
        typed.dependencies.extend(inferred.dependencies);
        typed
    }

    fn analyse_as(&self, text: &Text, schema: &Schema, declared: &[Type], typed: bool) -> Analysis {
        self.analyses.set(self.analyses.get() + 1);
        let context = Context { text: text.sql.clone(), declared: declared.to_vec(), typed, ..Context::default() };
        if let [Statement { kind: StatementKind::Query(query), .. }] = text.statements.as_slice() {
            return analyze(schema, query, &context);
        }
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
    /// How many statements it has.
    #[cfg(feature = "command")]
    pub(super) fn statements(&self) -> usize {
        self.statements.len()
    }

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
            analysis.dependencies.extend(unparsed.identifiers.iter().flat_map(Key::named));
        }
        StatementKind::Ddl(ddl) => match &**ddl {
            // Some of them return rows.
            Ddl::NoEffect { .. } => {
                analysis.shape.complete = false;
                define(schema, statement, text, &mut analysis);
            }
            Ddl::Truncate { tables, cascade } => {
                return analyze_truncate(schema, tables, *cascade, statement.span, context);
            }
            Ddl::Lock { tables } => return analyze_lock(schema, tables, statement.span, context),
            _ => define(schema, statement, text, &mut analysis),
        },
        StatementKind::Do(_) => define(schema, statement, text, &mut analysis),
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
    whole.natural.extend(part.natural);
    whole.fields.extend(part.fields);
    if part.shape.parameters.len() > whole.shape.parameters.len() {
        whole.shape.parameters = part.shape.parameters;
    }
}

/// The span of the whole text.
pub(crate) fn whole(sql: &str) -> Span {
    Span::new(0, sql.len())
}
