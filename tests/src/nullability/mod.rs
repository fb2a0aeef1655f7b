//! Whether result columns that the checker calls never NULL ever are: a project's queries over rows that hold NULL wherever
//! its schema allows it.

mod fill;
mod observe;
mod values;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use postgres::Client;
use schemacheck_checker::analysis::{Context, analyze};
use schemacheck_checker::rollout::{self, ColumnInfo, OwnedQuery, Ownership};
use schemacheck_checker::schema::Schema;
use schemacheck_checker::sql;
use serde::{Deserialize, Serialize};

use crate::mutate::{self, Model};
use crate::queries::normalised;
use crate::server::Server;
use crate::{Result, failure};
pub use fill::{Hints, Values};
pub use observe::{Executor, Observed};

/// What a project's queries showed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NullabilityTally {
    /// Distinct texts of the project.
    pub queries: usize,
    /// Those that return columns and that the server runs.
    pub run: usize,
    /// Those of them that returned a row.
    pub reached: usize,
    /// Their columns: the checker says never NULL, can be NULL, does not say.
    pub said: [usize; 3],
    /// Said to be never NULL, and was.
    pub unsound: usize,
    /// Said to be NULL, or not said, and never was, in queries that returned rows.
    pub never_seen: usize,
    /// Columns that a prepared list knows too.
    pub listed: Listed,
    /// A few lines for each difference that counts.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// The checker beside the lists that sqlx prepared.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Listed {
    /// Both say never NULL.
    pub both_never: usize,
    /// Only sqlx says so.
    pub only_sqlx: usize,
    /// Those of them that were NULL.
    pub sqlx_wrong: usize,
    /// Only the checker says so.
    pub only_checker: usize,
    /// Neither says so.
    pub neither: usize,
    /// What the checker says that sqlx would have inferred: as it did, never NULL though it did not, can be NULL though it did
    /// not.
    pub inferred: [usize; 3],
}

/// The rows of all tables, one set after the other.
const ROUNDS: [Option<Values>; 3] = [None, Some(Values::Plain), Some(Values::Extreme)];

/// Runs a project's queries on its final schema, with tables empty and filled.
///
/// # Errors
///
/// When the project cannot be read, or the server refuses its history.
pub fn measure(server: &Server, folder: &Path, database: Option<&str>) -> Result<NullabilityTally> {
    let input = mutate::read(server, folder, database)?;
    let model = Model::new(&input)?;
    let mut seen = BTreeSet::new();
    let whole = |owned: &&OwnedQuery| owned.ownership != Ownership::Unclear && owned.query.holes.is_empty();
    let queries = input.candidate.queries.iter().filter(whole).filter(|owned| seen.insert(owned.query.sql.clone()));
    let queries: Vec<&OwnedQuery> = queries.collect();
    let stretches = model.queries("", queries.iter().copied());
    let head = rollout::head(&input, None).ok_or_else(|| failure("the project has no schema".into()))?;
    let mut observed: Vec<Option<Observed>> = vec![None; queries.len()];
    let empty = mutate::replayed(server, &input)?;
    let mut hints = Hints::default();
    for owned in &queries {
        hints.read(&owned.query.sql);
    }
    for round in ROUNDS {
        let name = server.create_database(Some(&empty))?;
        let mut client = server.connect(&name)?;
        if let Some(values) = round {
            fill::fill(&mut client, values, &hints)?;
        }
        drop(client);
        let mut client = server.connect(&name)?;
        run(&mut client, &queries, &mut observed)?;
    }
    let mut tally = NullabilityTally { queries: queries.len(), ..NullabilityTally::default() };
    for ((owned, stretch), observed) in queries.iter().zip(stretches).zip(observed) {
        if let (Some(stretch), Some(observed)) = (stretch, observed) {
            tally.add(owned, &stretch.columns, &observed);
            tally.add_inferred(owned, &head);
        }
    }
    Ok(tally)
}

/// Fills the tables of a database.
///
/// # Errors
///
/// What the driver says when the catalogs cannot be read.
pub fn fill_tables(client: &mut Client, values: Values, hints: &Hints) -> Result<()> {
    fill::fill(client, values, hints)
}

fn run(client: &mut Client, queries: &[&OwnedQuery], observed: &mut [Option<Observed>]) -> Result<()> {
    let executor = Executor::load(client)?;
    for (owned, seen) in queries.iter().zip(observed) {
        if let Some(more) = executor.observe(client, &owned.query.sql)? {
            seen.get_or_insert_default().add(more);
        }
    }
    Ok(())
}

impl NullabilityTally {
    fn add(&mut self, owned: &OwnedQuery, columns: &[ColumnInfo], observed: &Observed) {
        if observed.nulls.is_empty() {
            return;
        }
        self.run += 1;
        let sql = normalised(&owned.query.sql);
        if observed.rows > 0 {
            self.reached += 1;
        } else {
            let why = observed.why.as_deref().unwrap_or("no row meets its conditions");
            self.notes.push(format!("EMPTY {why}: {sql}"));
        }
        if columns.len() != observed.nulls.len() {
            self.notes.push(format!("{} columns, on the server {}: {sql}", columns.len(), observed.nulls.len()));
            return;
        }
        for (column, null) in columns.iter().zip(&observed.nulls) {
            self.said[match column.nullable {
                Some(false) => 0,
                Some(true) => 1,
                None => 2,
            }] += 1;
            match null {
                Some(values) if column.nullable == Some(false) => {
                    self.unsound += 1;
                    self.notes.push(format!("UNSOUND {} is NULL for ({values}): {sql}", column.name));
                }
                None if column.nullable != Some(false) && observed.rows > 0 => self.never_seen += 1,
                _ => {}
            }
        }
        let described = owned.query.described.as_ref().filter(|described| described.columns.len() == columns.len());
        for ((column, null), (_, _, listed)) in
            columns.iter().zip(&observed.nulls).zip(described.iter().flat_map(|described| &described.columns))
        {
            let Listed { both_never, only_sqlx, sqlx_wrong, only_checker, neither, .. } = &mut self.listed;
            match (column.nullable == Some(false), *listed == Some(false)) {
                (true, true) => *both_never += 1,
                (true, false) => *only_checker += 1,
                (false, false) => *neither += 1,
                (false, true) => {
                    *only_sqlx += 1;
                    *sqlx_wrong += usize::from(null.is_some());
                    let seen = if null.is_some() { ", and it was" } else { "" };
                    self.notes.push(format!("BLUNT {} may be NULL{seen}: {sql}", column.name));
                }
            }
        }
    }

    /// What sqlx recorded beside what the checker says that it would infer.
    fn add_inferred(&mut self, owned: &OwnedQuery, schema: &Schema) {
        let Ok(parsed) = sql::parse_query(&owned.query.sql, schema.dialect) else { return };
        let Some(described) = &owned.query.described else { return };
        let found = analyze(schema, &parsed, &Context { text: owned.query.sql.clone(), ..Context::default() });
        if found.shape.columns.len() != described.columns.len() {
            return;
        }
        for (column, (_, _, listed)) in found.shape.columns.iter().zip(&described.columns) {
            let (ours, theirs) = (column.is_described_not_null(schema), *listed == Some(false));
            self.listed.inferred[if ours == theirs { 0 } else { 1 + usize::from(theirs) }] += 1;
            if ours != theirs {
                let said = if theirs { "never NULL" } else { "nullable" };
                self.notes.push(format!(
                    "INFERRED {}: sqlx says {said}: {}",
                    column.name,
                    normalised(&owned.query.sql)
                ));
            }
        }
    }

    /// The figures.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let [never, can, open] = self.said;
        let _ = writeln!(
            text,
            "{} queries, {} run and return columns, {} of them a row\ncolumns: {} never NULL, {} can be NULL, {} not said",
            self.queries, self.run, self.reached, never, can, open
        );
        let _ = writeln!(
            text,
            "unsound: {}; not said to be never NULL, and never seen NULL: {}",
            self.unsound, self.never_seen
        );
        let Listed { both_never, only_sqlx, sqlx_wrong, only_checker, neither, inferred } = self.listed;
        let _ = writeln!(
            text,
            "beside sqlx: both never NULL {both_never}, only sqlx {only_sqlx} (of them NULL was seen in {sqlx_wrong}), only the \
             checker {only_checker}, neither {neither}"
        );
        let [same, never, nullable] = inferred;
        let _ = writeln!(
            text,
            "what sqlx infers: the same {same}, said never NULL {never}, said nullable {nullable}, though it is not so to sqlx"
        );
        text
    }
}
