//! Parameters: their numbers, and the types that the statement gives them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use sqlparser::ast::{Statement, Value, ValueWithSpan, Visitor};

use super::Stage;
use super::cx::{Cx, Kind, Words};
use super::tree::{Node, Typed};
use super::types::UNKNOWN;
use crate::dialect::TypeId;
use crate::schema::Type;
use crate::source::Span;
use crate::sql::{Query, Removed, RemovedKind, byte_span, walk};

const INCONSISTENT: Kind = Kind("type-mismatch", "42P08", Stage::Parse);

/// Numbers that a server accepts.
const MOST: usize = 65_535;

/// The parameters of a statement.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters {
    /// What is known of each, by number from 0.
    known: Vec<Known>,
    /// Whether the driver declares a type for each.
    typed: bool,
    /// The number of the parameter that stands at an offset, where its sign does not say it.
    numbers: BTreeMap<usize, usize>,
    /// Uses that ask for no type.
    loose: Vec<(usize, Span)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// No use of it was seen.
    Unseen,
    /// It was seen where nothing tells its type.
    Undecided,
    /// Its type.
    Type(TypeId),
    /// The driver declares its type, which is not known.
    Declared,
}

impl Parameters {
    pub(super) fn new(declared: &[Type], typed: bool) -> Parameters {
        let open = if typed { Known::Declared } else { Known::Unseen };
        let known = |ty: &Type| if ty.id.is_sure() { Known::Type(ty.id) } else { open };
        Parameters { known: declared.iter().take(MOST).map(known).collect(), typed, ..Parameters::default() }
    }

    fn slot(&mut self, number: usize) -> Option<&mut Known> {
        if number >= MOST {
            return None;
        }
        if self.known.len() <= number {
            self.known.resize(number + 1, if self.typed { Known::Declared } else { Known::Unseen });
        }
        self.known.get_mut(number)
    }

    /// The types in order; not sure where nothing told them.
    pub(super) fn types(&self) -> Vec<Type> {
        let ty = |known: &Known| match known {
            Known::Type(id) => Type::plain(*id),
            Known::Unseen | Known::Undecided | Known::Declared => Type::UNSURE,
        };
        self.known.iter().map(ty).collect()
    }
}

impl Cx<'_> {
    /// Numbers the parameters of a statement whose signs do not carry numbers, in the order of the text.
    pub(super) fn number_parameters(&mut self, query: &Query) {
        let mut collect = Collect::default();
        match &query.signs {
            Some(signs) => collect.found.extend(signs.iter().cloned()),
            None => _ = walk(&*query.tree, &mut collect),
        }
        collect.within_removed(&query.removed);
        collect.found.sort();
        collect.inserts.sort_unstable();
        self.inserts = collect.inserts;
        let mut names: Vec<(String, usize)> = Vec::new();
        let mut next = 0;
        for (offset, sign) in collect.found {
            let digits = sign.get(1..).unwrap_or("");
            let number = match digits.parse::<usize>() {
                Ok(number) => number.saturating_sub(1),
                Err(_) if digits.is_empty() => next,
                Err(_) => match names.iter().find(|(name, _)| *name == sign) {
                    Some((_, number)) => *number,
                    None => {
                        names.push((sign, next));
                        next
                    }
                },
            };
            next = next.max(number.saturating_add(1));
            self.parameters.numbers.insert(offset, number);
            if let Some(known @ Known::Unseen) = self.parameters.slot(number) {
                *known = Known::Undecided;
            }
        }
    }

    /// The number of a parameter, from 0, and its type: the pseudo-type of untyped literals while it is not decided.
    pub(super) fn parameter(&mut self, sign: &str, span: Span) -> (usize, Type) {
        let written = sign.get(1..).and_then(|digits| digits.parse::<usize>().ok());
        let number = written.map(|number| number.saturating_sub(1));
        let number = number.or_else(|| self.parameters.numbers.get(&span.start).copied()).unwrap_or(0);
        let is_static = self.rules().static_types;
        let ty = match self.parameters.slot(number) {
            Some(Known::Type(id)) => Type::plain(*id),
            Some(Known::Declared) => Type::UNSURE,
            _ if is_static => Type::plain(UNKNOWN),
            _ => Type::UNSURE,
        };
        (number, ty)
    }

    /// Gives a parameter the type that its place asks for.
    pub(super) fn decide_parameter(&mut self, number: usize, ty: TypeId, span: Span) {
        if !ty.is_sure() {
            return;
        }
        let Some(known) = self.parameters.slot(number) else { return };
        match *known {
            Known::Type(decided) if decided != ty => {
                let message = format!("parameter ${} cannot have two types", number + 1);
                self.problem(INCONSISTENT, Vec::new(), Words { span, message, label: "of another type".into() });
            }
            Known::Declared => {}
            _ => *known = Known::Type(ty),
        }
    }
}

impl Cx<'_> {
    /// Records that an expression asks for no type: a parameter there must have one already.
    pub(super) fn asks_for_no_type(&mut self, typed: &Typed) {
        if let (Node::Parameter(number), UNKNOWN) = (&typed.node, typed.ty.id) {
            self.parameters.loose.push((*number, typed.span));
        }
    }

    /// Says so where the statement does not tell the type of a parameter.
    pub(super) fn check_parameters(&mut self) {
        if !self.rules().static_types {
            return;
        }
        for (number, span) in std::mem::take(&mut self.parameters.loose) {
            // A use before the one that decides comes too early.
            let decided = matches!(self.parameters.known.get(number), Some(Known::Type(_)));
            self.undetermined(number, span, if decided { "42P08" } else { "42P18" });
        }
        let unseen = self.parameters.known.iter().position(|known| *known == Known::Unseen);
        // The parameters of a routine's statements are the routine's arguments.
        if let Some(number) = unseen.filter(|_| self.routines.is_empty()) {
            self.undetermined(number, self.span, "42P18");
        }
    }

    fn undetermined(&mut self, number: usize, span: Span, code: &'static str) {
        let message = format!("nothing tells the type of parameter ${}", number + 1);
        let kind = Kind(INCONSISTENT.0, code, Stage::Parse);
        self.problem(kind, Vec::new(), Words { span, message, label: "of no type".into() });
    }
}

/// Collects the signs of parameters, and the words `INSERT`, with their offsets.
#[derive(Default)]
struct Collect {
    found: Vec<(usize, String)>,
    inserts: Vec<usize>,
}

impl Visitor for Collect {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        if let Statement::Insert(insert) = statement {
            self.inserts.extend(byte_span(insert.insert_token.0.span).map(|span| span.end));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_value(&mut self, value: &ValueWithSpan) -> ControlFlow<()> {
        if let Value::Placeholder(sign) = &value.value {
            let offset = byte_span(value.span).map_or(0, |span| span.start);
            self.found.push((offset, sign.clone()));
        }
        ControlFlow::Continue(())
    }
}

impl Collect {
    /// Parameters in what was taken out of the tree.
    fn within_removed(&mut self, removed: &[Removed]) {
        for piece in removed {
            let mut visit = |expr: &crate::sql::ddl::Expr| {
                if let Some(tree) = expr.tree() {
                    let _ = walk(&**tree, self);
                }
            };
            match &piece.what {
                RemovedKind::ConflictTarget { elements, predicate } => {
                    elements.iter().for_each(|element| visit(&element.expr));
                    predicate.iter().for_each(visit);
                }
                RemovedKind::AssignmentTarget(subscripts) => subscripts.iter().for_each(visit),
                _ => {}
            }
        }
    }
}
