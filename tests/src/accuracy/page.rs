//! The page: every figure comes from the kept results.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use cargo_schemacheck::verify::report::Counts;

use super::{Measured, MutationFigures, Results};
use crate::mutate::KindTally;

const HEAD: &str = "\
# Accuracy

How often the checker and a real server agree on public projects. Written by `judge accuracy` from the files in
[accuracy/](accuracy); no figure is typed by hand. All parts again, with clones of the projects in `CLONES/NAME`:

```sh
cargo build --release -p cargo-schemacheck
cargo run --release -p schemacheck-tests --bin judge -- accuracy --clones CLONES \\
  --product target/release/cargo-schemacheck --seed 1 --count 5000
```

`--corpus NAME` and `--part PART` (`states`, `cells`, `steps`, `nullability`, `mutations`, as the sections below) measure one project or one part and
leave the other figures as they are; a further `--seed` of mutations adds to those before; without `--clones` the page alone is written anew. Notes on
every disagreement go to the folder of `--out`.

Each cell is a query on a state of the schema, or a fact of the schema on a state. *Missed*: the server fails and the checker does not say so. *False
alarm*: the checker says that it breaks, and the server runs it. *Unknown*: the checker does not say.
";

/// The page for some projects.
#[must_use]
pub fn page(all: &[Results]) -> String {
    let mut out = String::from(HEAD);
    projects(&mut out, all);
    states(&mut out, all);
    cells(&mut out, all);
    steps(&mut out, all);
    nullability(&mut out, all);
    mutations(&mut out, all);
    remains(&mut out, all);
    out
}

fn projects(out: &mut String, all: &[Results]) {
    out.push_str("\n## Projects\n\n| project | commit |\n|---|---|\n");
    for results in all {
        let corpus = &results.corpus;
        let commit = corpus.commit.get(..10).unwrap_or_default();
        let _ = writeln!(out, "| [{}]({}) | {commit} |", corpus.name, corpus.repository);
    }
}

/// A part of the page, where any project has figures for it.
fn section<'r, T: 'r>(
    out: &mut String,
    title: &str,
    words: &str,
    all: &'r [Results],
    part: impl Fn(&'r Results) -> Option<&'r Measured<T>>,
) -> Vec<(&'r str, &'r Measured<T>)> {
    let found: Vec<(&str, &Measured<T>)> =
        all.iter().filter_map(|results| Some((results.corpus.name.as_str(), part(results)?))).collect();
    if !found.is_empty() {
        let _ = writeln!(out, "\n## {title}\n\n{words}");
    }
    found
}

fn measured<T>(found: &[(&str, &Measured<T>)]) -> String {
    let mut runs: BTreeMap<(String, &str, &str), Vec<&str>> = BTreeMap::new();
    for (name, it) in found {
        runs.entry((it.date.clone(), &it.checker, &it.server)).or_default().push(name);
    }
    let run = |((date, checker, server), names): (&(String, &str, &str), &Vec<&str>)| {
        format!("{} on {date}, commit {checker}, Postgres {server}", names.join(", "))
    };
    format!("\nMeasured: {}.\n", runs.iter().map(run).collect::<Vec<_>>().join("; "))
}

fn states(out: &mut String, all: &[Results]) {
    let words = "`cargo schemacheck verify`: after each step of the whole history, every fact of the schema beside the catalogs, and every query as the \
                 server prepares it: accepted or refused with which code; parameter types, result names and types where both accept.\n";
    let found =
        section(out, "Every state: the schema, acceptance, shapes", words, all, |results| results.states.as_ref());
    if found.is_empty() {
        return;
    }
    out.push_str("| project | states | queries | | cells | agree | missed | false alarms | otherwise | unknown |\n|---|---|---|---|---|---|---|---|---|---|\n");
    let mut sums: BTreeMap<usize, (&str, Counts)> = BTreeMap::new();
    for (name, it) in &found {
        let figures = &it.figures;
        let mut first = format!("| {name} | {} of {} | {} |", figures.states, figures.of_states, figures.queries);
        for (at, (kind, counts)) in figures.summary.kinds().into_iter().enumerate() {
            let _ = writeln!(out, "{first} {}", row_of(kind, counts));
            "| | | |".clone_into(&mut first);
            let sum = sums.entry(at).or_insert((kind, Counts::default()));
            sum.1 = sum.1.plus(counts);
        }
    }
    let mut first = "| **all** | | |".to_owned();
    for (kind, counts) in sums.values() {
        let _ = writeln!(out, "{first} {}", row_of(kind, *counts));
        "| | | |".clone_into(&mut first);
    }
    let withheld: Vec<String> = found.iter().map(|(name, it)| format!("{name} {}", it.figures.withheld)).collect();
    let _ = writeln!(
        out,
        "\nStates that pass while one file runs cannot be seen from outside. Not sent, because parts of the text are known only at run time, or \
         because it has several statements: {}.",
        withheld.join(", ")
    );
    out.push_str(&measured(&found));
}

fn row_of(kind: &str, counts: Counts) -> String {
    let Counts { agree, missed, false_alarms, otherwise, unknown } = counts;
    format!("{kind} | {} | {agree} | {missed} | {false_alarms} | {otherwise} | {unknown} |", counts.cells())
}

fn cells(out: &mut String, all: &[Results]) {
    let words = "Every query on every state, also planned and executed, with sample values on tables that hold a row: the verdict of `cargo schemacheck \
                 matrix` beside what happens.\n";
    let found = section(out, "Every state: execution", words, all, |results| results.cells.as_ref());
    if found.is_empty() {
        return;
    }
    out.push_str(
        "| project | queries | cells | fail | said so | said may break | unknown | missed | run | false alarms | unknown |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (name, it) in &found {
        let tally = &it.figures.tally;
        let [may_break, unknown, missed] = tally.not_called;
        let _ = writeln!(
            out,
            "| {name} | {} | {} | {} | {} | {may_break} | {unknown} | {missed} | {} | {} | {} |",
            tally.queries,
            tally.cells,
            tally.failing.0,
            tally.failing.1,
            tally.running.0,
            tally.running.1,
            tally.unknown.saturating_sub(unknown)
        );
    }
    out.push_str(&measured(&found));
}

fn steps(out: &mut String, all: &[Results]) {
    let words = "Every commit that adds migrations, against its first parent: the queries of the parent (N) and of the commit (N+1) on every state of the \
                 rollout, also with sessions that keep their statements; what `cargo schemacheck check` reports beside what fails.\n";
    let found = section(out, "Real steps N → N+1", words, all, |results| results.steps.as_ref());
    if found.is_empty() {
        return;
    }
    out.push_str(
        "| project | steps | failing cells of N, reported / all | failing queries of N | false alarms | failing queries of N+1 | failing migrations | \
         false | unknown queries | slowest step |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (name, it) in &found {
        let tally = &it.figures.tally;
        let _ = writeln!(
            out,
            "| {name} | {} | {} / {} | {} / {} | {} | {} / {} | {} / {} | {} | {} of {} | {:.1} s |",
            tally.steps,
            tally.reported,
            tally.failing,
            tally.reported_queries,
            tally.failing_queries,
            tally.false_alarms,
            tally.new_failing.1,
            tally.new_failing.0,
            tally.failing_migrations.1,
            tally.failing_migrations.0,
            tally.false_migrations,
            tally.summary.unknown,
            tally.summary.queries,
            tally.took.1.as_secs_f64()
        );
    }
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (kind, (failing, reported)) in found.iter().flat_map(|(_, it)| &it.figures.tally.kinds) {
        let sum = kinds.entry(kind).or_default();
        *sum = (sum.0 + failing, sum.1 + reported);
    }
    out.push_str("\n| failing cells of N, by what the server says | reported / all |\n|---|---|\n");
    for (kind, (failing, reported)) in kinds {
        let _ = writeln!(out, "| {}, {kind} | {reported} / {failing} |", condition(kind));
    }
    let migrations: usize = found.iter().map(|(_, it)| it.figures.tally.migrations).sum();
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for (rule, findings) in found.iter().flat_map(|(_, it)| &it.figures.tally.findings) {
        *rules.entry(rule).or_default() += findings;
    }
    let _ = writeln!(
        out,
        "\nFindings on these {migrations} migrations, one for each cause and release:\n\n| rule | findings | for each 100 migrations |\n|---|---|---|"
    );
    let rate = |findings: usize| findings as f64 * 100.0 / migrations.max(1) as f64;
    for (rule, findings) in &rules {
        let _ = writeln!(out, "| {rule} | {findings} | {:.1} |", rate(*findings));
    }
    let all: usize = rules.values().sum();
    let _ = writeln!(out, "| **all** | {all} | {:.1} |", rate(all));
    out.push_str(&measured(&found));
}

/// What the code of a failure is called in the server's manual, appendix "Error Codes".
fn condition(kind: &str) -> &'static str {
    match kind.rsplit(' ').next().unwrap_or_default() {
        "0A000" if kind.starts_with("kept") => "a kept statement's result changed",
        "0A000" => "feature not supported",
        "22P02" | "22P03" => "a value that its type does not read",
        "23502" => "a required column left out",
        "23503" => "foreign key",
        "23505" => "unique constraint",
        "23514" => "check constraint",
        "42601" => "syntax or number of columns",
        "42501" => "insufficient privilege",
        "42702" => "ambiguous column",
        "42703" => "undefined column",
        "42704" => "undefined type or object",
        "42725" => "ambiguous function",
        "42803" => "grouping",
        "42804" => "types that do not fit",
        "42809" => "wrong kind of object",
        "42883" => "undefined function or operator",
        "42846" => "a cast that there is not",
        "42P01" => "undefined table",
        "42P08" | "42P18" => "parameter type",
        "42P10" => "no arbiter for ON CONFLICT",
        "428C9" => "generated column written",
        "55000" => "object not in that state",
        _ => "other",
    }
}

fn nullability(out: &mut String, all: &[Results]) {
    let words = "Every query of the final schema over rows that hold NULL wherever the schema allows it. *Unsound*: a column that the checker calls never \
                 NULL, and that was. Beside `.sqlx`, where a list has the query: what sqlx inferred with the server's help.\n";
    let found = section(out, "Nullability", words, all, |results| results.nullability.as_ref());
    if found.is_empty() {
        return;
    }
    out.push_str(
        "| project | queries run, with a row | columns | never NULL | can be NULL | not said | unsound | both never | only sqlx (NULL seen) | only the \
         checker | neither |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (name, it) in &found {
        let tally = &it.figures;
        let [never, can, open] = tally.said;
        let listed = &tally.listed;
        let _ = writeln!(
            out,
            "| {name} | {}, {} | {} | {never} | {can} | {open} | {} | {} | {} ({}) | {} | {} |",
            tally.run,
            tally.reached,
            never + can + open,
            tally.unsound,
            listed.both_never,
            listed.only_sqlx,
            listed.sqlx_wrong,
            listed.only_checker,
            listed.neither
        );
    }
    out.push_str(&measured(&found));
}

fn mutations(out: &mut String, all: &[Results]) {
    let found: Vec<(&str, u64, &Measured<MutationFigures>)> = all
        .iter()
        .flat_map(|results| results.mutations.iter().map(|(seed, it)| (results.corpus.name.as_str(), *seed, it)))
        .collect();
    if found.is_empty() {
        return;
    }
    out.push_str(
        "\n## Mutations\n\nOne random change of the final schema after the other, and all queries that it concerns: prepared, planned, executed, and kept by a \
         session over the change. `judge mutate DIR --seed SEED --only NUMBER` repeats one. *Other rows*: queries that survive a change and then return \
         something else, compared after changes by which a name can come to stand for something else.\n\n",
    );
    let mut projects: BTreeMap<&str, KindTally> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, KindTally> = BTreeMap::new();
    for (name, _, it) in &found {
        for (kind, tally) in &it.figures.kinds {
            for sum in [projects.entry(name).or_default(), kinds.entry(kind).or_default()] {
                *sum = sum.plus(*tally);
            }
        }
    }
    let all = projects.values().fold(KindTally::default(), |sum, tally| sum.plus(*tally));
    for (what, rows) in [("project", &projects), ("change", &kinds)] {
        let _ = writeln!(
            out,
            "| {what} | tried | refused, said / really | said wrongly | on rows differs | cells | break, said / really | only may-break | missed | false \
             alarms | data decides | unknown | other rows, said / really | types right / open / wrong |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
        );
        for (name, tally) in rows {
            let _ = writeln!(out, "{}", mutation_row(name, tally));
        }
        let _ = writeln!(out, "{}\n", mutation_row("**all**", &all));
    }
    let mut seeds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, seed, it) in &found {
        seeds.entry(name).or_default().push(format!("{seed} ({})", it.figures.count));
    }
    let seeds: Vec<String> = seeds.iter().map(|(name, seeds)| format!("{name} {}", seeds.join(", "))).collect();
    let _ = writeln!(out, "Seeds, with how many changes were drawn from each: {}.", seeds.join("; "));
    let runs: Vec<(&str, &Measured<MutationFigures>)> = found.iter().map(|(name, _, it)| (*name, *it)).collect();
    let unique: BTreeSet<(&str, String)> =
        runs.iter().map(|(name, it)| (*name, format!("{}{}", it.date, it.checker))).collect();
    let first_of = |(name, run): &(&str, String)| {
        runs.iter().find(|(other, it)| other == name && format!("{}{}", it.date, it.checker) == *run).copied()
    };
    out.push_str(&measured(&unique.iter().filter_map(first_of).collect::<Vec<_>>()));
}

fn mutation_row(name: &str, tally: &KindTally) -> String {
    let [right, open, wrong] = tally.columns;
    format!(
        "| {name} | {} | {} / {} | {} | {} | {} | {} / {} | {} | {} | {} | {} | {} | {} / {} | {right} / {open} / {wrong} |",
        tally.mutations,
        tally.refused.1,
        tally.refused.0,
        tally.wrongly_refused,
        tally.rows_differ,
        tally.cells,
        tally.failing.1,
        tally.failing.0,
        tally.only_may_break,
        tally.missed,
        tally.false_alarms,
        tally.undecided,
        tally.unknown,
        tally.silent.1,
        tally.silent.0,
    )
}

/// Every class of disagreement that remains.
fn remains(out: &mut String, all: &[Results]) {
    let mut rows: BTreeMap<(&str, &str), BTreeMap<&str, usize>> = BTreeMap::new();
    for results in all {
        let parts = [
            ("states", results.states.as_ref().map(|it| &it.figures.classes)),
            ("cells", results.cells.as_ref().map(|it| &it.figures.classes)),
            ("steps", results.steps.as_ref().map(|it| &it.figures.classes)),
        ];
        let mutations = results.mutations.values().map(|it| ("mutations", Some(&it.figures.classes)));
        for (part, classes) in parts.into_iter().chain(mutations) {
            for (class, count) in classes.into_iter().flatten() {
                *rows.entry((part, class)).or_default().entry(&results.corpus.name).or_default() += count;
            }
        }
    }
    out.push_str("\n## What remains\n\n");
    if rows.is_empty() {
        out.push_str("No disagreement.\n");
        return;
    }
    out.push_str("Every disagreement and every unknown by its class; one in many states counts once.\n\n| part | class | how many |\n|---|---|---|\n");
    for ((part, class), counts) in rows {
        let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
        let _ = writeln!(out, "| {part} | {class} | {} |", counts.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::accuracy::{corpora, kept};
    use crate::nested::repository;

    /// The committed page is what the committed figures say.
    #[test]
    fn the_page_is_rendered_from_the_results() {
        let list = corpora(&repository().join("tests/corpora.toml")).unwrap();
        let folder = repository().join("docs/accuracy");
        let all: Vec<Results> = list.iter().map(|corpus| kept(&folder, corpus).unwrap()).collect();
        let path = repository().join("docs/accuracy.md");
        if Path::new(&path).exists() {
            let found = std::fs::read_to_string(&path).unwrap();
            assert!(found == page(&all), "docs/accuracy.md is stale: judge accuracy --corpora tests/corpora.toml");
        }
    }
}
