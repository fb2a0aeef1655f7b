//! Which database a query belongs to where its package has several.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use crate::analysis::{Context, Object, analyze};
use crate::dialect::Dialect;
use crate::migration::History;
use crate::query::Query;
use crate::schema::{Plan, Schema, Scripts, replay};
use crate::sql::{self, StatementKind};

use super::input::{OwnedQuery, Ownership};

/// The databases of a project at one release's head. A history is replayed when a query asks for it.
#[derive(Debug)]
pub struct Candidates {
    heads: Vec<(Arc<str>, Head)>,
}

type Head = LazyLock<Schema, Box<dyn FnOnce() -> Schema + Send>>;

impl FromIterator<(Arc<str>, Schema)> for Candidates {
    /// From each database's name and the schema at the release's head.
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Schema)>>(heads: I) -> Candidates {
        let head = |(name, schema)| (name, Head::new(Box::new(move || schema)));
        Candidates { heads: heads.into_iter().map(head).collect() }
    }
}

impl Candidates {
    /// From each database's name, engine, version of the server and migrations.
    pub fn new<'a>(
        databases: impl IntoIterator<Item = (Arc<str>, &'static Dialect, Option<u32>, &'a History)>,
    ) -> Candidates {
        let head = |(name, dialect, version, history): (Arc<str>, &'static Dialect, Option<u32>, &'a History)| {
            let history = history.clone();
            (name, Head::new(Box::new(move || at_end(dialect, version, &history))))
        };
        Candidates { heads: databases.into_iter().map(head).collect() }
    }
}

/// The schema after all migrations of a history.
fn at_end(dialect: &'static Dialect, version: Option<u32>, history: &History) -> Schema {
    let migrations: Vec<_> = history.migrations.iter().collect();
    let plan = Plan {
        layout: history.layout,
        given: &history.given,
        migrations: &migrations,
        repeatable: &history.repeatable,
    };
    let timeline = replay(&Schema::new(dialect, version), &plan, &mut Scripts::default());
    let head = timeline.states.last().map(|state| state.schema.clone());
    head.unwrap_or_else(|| Schema::new(dialect, version))
}

/// The databases, among those of its package, that a query belongs to: those that hold all its relations, and of these those
/// where it runs, if it does in any of the same engine.
///
/// With one database that is the one. Where several of one engine hold all, each may be the one. Where none does, it is
/// unclear for the first.
pub fn assign(candidates: &Candidates, package: &[Arc<str>], query: &Arc<Query>) -> Vec<(Arc<str>, OwnedQuery)> {
    let owned = |name: &Arc<str>, ownership| (name.clone(), OwnedQuery { query: query.clone(), ownership });
    if let Some(named) = query.database.as_ref().filter(|named| package.contains(named)) {
        return vec![owned(named, Ownership::Certain)];
    }
    if let [only] = package {
        return vec![owned(only, Ownership::Certain)];
    }
    let own = candidates.heads.iter().filter(|(name, _)| package.contains(name));
    let heads: Vec<(&Arc<str>, &Schema)> = own.map(|(name, head)| (name, &**head)).collect();
    let mut fitting: Vec<_> = heads.iter().filter(|(_, schema)| fits(schema, query)).collect();
    if fitting.len() > 1 {
        // Tables of one name in several databases of one engine: the columns tell.
        let runs = |name: &Arc<str>| at_head(candidates, name, query).soundness == Soundness::Sound;
        let running: Vec<bool> = fitting.iter().map(|(name, _)| runs(name)).collect();
        let engines: Vec<&str> = fitting
            .iter()
            .zip(&running)
            .filter(|(_, runs)| **runs)
            .map(|((_, schema), _)| schema.dialect.name)
            .collect();
        let mut running = running.into_iter();
        fitting.retain(|(_, schema)| running.next() == Some(true) || !engines.contains(&schema.dialect.name));
    }
    match fitting.as_slice() {
        [] => heads.first().map(|(name, _)| owned(name, Ownership::Unclear)).into_iter().collect(),
        fitting => {
            let rivals = |schema: &Schema| fitting.iter().filter(|(_, other)| other.dialect == schema.dialect).count();
            let one = |(name, schema): &&(&Arc<str>, &Schema)| {
                owned(name, if rivals(schema) > 1 { Ownership::Tied } else { Ownership::Certain })
            };
            fitting.iter().map(one).collect()
        }
    }
}

/// How a query does on the head of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Soundness {
    /// A part of it is not understood, or only known at run time.
    Unread,
    /// The server would refuse it.
    Refused,
    /// It runs.
    Sound,
}

/// A query on the head of a database.
#[derive(Clone, Debug)]
pub struct AtHead {
    /// How it does.
    pub soundness: Soundness,
    /// What it reads, where it only reads.
    pub reads: Option<BTreeSet<Object>>,
}

/// How a query does on the head of one of the databases.
pub fn at_head(candidates: &Candidates, database: &Arc<str>, query: &Query) -> AtHead {
    let mut found = AtHead { soundness: Soundness::Sound, reads: Some(BTreeSet::new()) };
    let Some((_, schema)) = candidates.heads.iter().find(|(name, _)| name == database) else {
        return AtHead { soundness: Soundness::Unread, reads: None };
    };
    let typed = query.call.declares_parameters == Some(true);
    let context = |typed| Context { text: query.sql.clone(), typed, ..Context::default() };
    for statement in sql::parse(&query.sql, schema.dialect) {
        let StatementKind::Query(read) = &statement.kind else {
            found.reads = None;
            if matches!(statement.kind, StatementKind::Unparsed(_)) {
                found.soundness = Soundness::Unread;
            }
            continue;
        };
        let mut analysis = analyze(schema, read, &context(false));
        if typed && !analysis.problems.is_empty() {
            analysis = analyze(schema, read, &context(true));
        }
        let soundness = match (analysis.problems.is_empty(), analysis.unknowns.is_empty()) {
            (true, true) => Soundness::Sound,
            (_, false) => Soundness::Unread,
            (false, true) => Soundness::Refused,
        };
        found.soundness = found.soundness.min(soundness);
        let reads = found.reads.filter(|_| analysis.writes.is_empty());
        found.reads = reads.map(|mut reads| {
            reads.extend(analysis.uses.into_iter().map(|used| used.object));
            reads
        });
    }
    found
}

/// The databases, of the nearest tier that holds all of a query's relations, else of the first tier at all.
pub fn owners(candidates: &Candidates, tiers: &[Vec<Arc<str>>], query: &Arc<Query>) -> Vec<(Arc<str>, OwnedQuery)> {
    let mut unclear = Vec::new();
    let several = tiers.iter().map(Vec::len).sum::<usize>() > 1;
    for tier in tiers {
        // Whether a tier fits can only be told from others.
        let found = match (tier.as_slice(), several) {
            ([only], true) => assign(candidates, &[only.clone(), "".into()], query),
            (tier, _) => assign(candidates, tier, query),
        };
        if found.iter().any(|(_, owned)| owned.ownership != Ownership::Unclear) {
            return found;
        }
        if unclear.is_empty() {
            unclear = found;
        }
    }
    unclear
}

/// Whether the schema holds all relations of a query.
fn fits(schema: &Schema, query: &Query) -> bool {
    let product = query.described.as_ref().and_then(|described| described.product.as_deref());
    let other_engine = product.is_some_and(|product| !product.to_lowercase().contains(schema.dialect.name));
    if other_engine {
        return false;
    }
    let context = Context { text: query.sql.clone(), ..Context::default() };
    sql::parse(&query.sql, schema.dialect).iter().all(|statement| match &statement.kind {
        StatementKind::Query(query) => {
            analyze(schema, query, &context).problems.iter().all(|problem| problem.rule != "missing-table")
        }
        StatementKind::Unparsed(_) => false,
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{postgres, sqlite};
    use crate::query::Described;
    use crate::rollout::fixture;

    /// Databases with a table each, all of one package, and where a query goes.
    fn assigned(
        databases: &[(&str, &'static Dialect, &str)],
        sql: &str,
        change: impl FnOnce(&mut Query),
    ) -> Vec<(String, Ownership)> {
        let inputs: Vec<_> = databases.iter().map(|(_, _, text)| fixture::input(&[("sql before", text)])).collect();
        let history = |at: usize| inputs[at].candidate.history.as_ref().expect("a history");
        let names = databases.iter().map(|(name, ..)| Arc::from(*name));
        let candidates = Candidates::new(
            names
                .clone()
                .zip(databases)
                .enumerate()
                .map(|(at, (name, (_, dialect, _)))| (name, *dialect, None, history(at))),
        );
        let package: Vec<Arc<str>> = names.collect();
        let mut query = (*fixture::input(&[("sql query", sql)]).baselines[0].queries[0].query).clone();
        change(&mut query);
        let owned = assign(&candidates, &package, &Arc::new(query));
        owned.into_iter().map(|(name, owned)| (name.to_string(), owned.ownership)).collect()
    }

    const USERS: &str = "CREATE TABLE users (id bigint PRIMARY KEY);";
    const ORDERS: &str = "CREATE TABLE orders (id bigint PRIMARY KEY);";

    #[test]
    fn the_only_database_of_a_package_gets_all() {
        let found = assigned(&[("main", &postgres::DIALECT, USERS)], "SELECT 1 FROM nowhere", |_| {});
        assert_eq!(found, [("main".to_owned(), Ownership::Certain)]);
    }

    #[test]
    fn the_database_that_has_the_relations_gets_a_query() {
        let databases = [("main", &postgres::DIALECT, USERS), ("shop", &postgres::DIALECT, ORDERS)];
        let found = assigned(&databases, "SELECT nope FROM orders", |_| {});
        assert_eq!(found, [("shop".to_owned(), Ownership::Certain)]);
        // A name given in the source counts before what the databases hold.
        let found = assigned(&databases, "SELECT 1 FROM orders", |query| query.database = Some("main".into()));
        assert_eq!(found, [("main".to_owned(), Ownership::Certain)]);
    }

    #[test]
    fn where_none_or_several_have_them_it_is_not_certain() {
        let databases = [("main", &postgres::DIALECT, USERS), ("copy", &postgres::DIALECT, USERS)];
        let found = assigned(&databases, "SELECT id FROM users", |_| {});
        assert_eq!(found, [("main".to_owned(), Ownership::Tied), ("copy".to_owned(), Ownership::Tied)]);
        let found = assigned(&databases, "SELECT id FROM orders", |_| {});
        assert_eq!(found, [("main".to_owned(), Ownership::Unclear)]);
    }

    #[test]
    fn engines_do_not_rival_each_other() {
        let databases = [("main", &postgres::DIALECT, USERS), ("local", &sqlite::DIALECT, USERS)];
        let found = assigned(&databases, "SELECT id FROM users", |_| {});
        assert_eq!(found, [("main".to_owned(), Ownership::Certain), ("local".to_owned(), Ownership::Certain)]);
        let product = Described { product: Some("SQLite".to_owned()), ..Described::default() };
        let found = assigned(&databases, "SELECT id FROM users", |query| query.described = Some(Arc::new(product)));
        assert_eq!(found, [("local".to_owned(), Ownership::Certain)]);
    }

    #[test]
    fn columns_tell_databases_of_one_engine_apart() {
        let named = "CREATE TABLE users (id bigint PRIMARY KEY, name text);";
        let databases = [("main", &postgres::DIALECT, USERS), ("copy", &postgres::DIALECT, named)];
        let found = assigned(&databases, "SELECT name FROM users", |_| {});
        assert_eq!(found, [("copy".to_owned(), Ownership::Certain)]);
        let found = assigned(&databases, "SELECT title FROM users", |_| {});
        assert_eq!(found, [("main".to_owned(), Ownership::Tied), ("copy".to_owned(), Ownership::Tied)]);
        // What another engine does says nothing of this one.
        let databases = [("main", &postgres::DIALECT, USERS), ("local", &sqlite::DIALECT, named)];
        let found = assigned(&databases, "SELECT name FROM users", |_| {});
        assert_eq!(found, [("main".to_owned(), Ownership::Certain), ("local".to_owned(), Ownership::Certain)]);
    }
}
