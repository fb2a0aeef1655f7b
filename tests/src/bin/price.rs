//! What a macro call costs, in the profile that this is built with: `cargo run -p schemacheck-tests --bin price -- 500`.
//! With a folder after the number, the package that it measures stays there, to be built.
#![expect(clippy::print_stdout, reason = "it is a command")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use schemacheck_checker::build_script::{Environment, FILE, run};
use schemacheck_checker::snapshot::{Asked, Snapshot};
use schemacheck_tests::nested::Nested;

/// The tables whose queries the build script sees.
const SEEN: std::ops::Range<usize> = 60..90;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let migrations: usize = std::env::args().nth(1).map_or(Ok(500), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    if let Some(kept) = std::env::args().nth(2) {
        Nested::new(Path::new(&kept), "price");
        project(Path::new(&kept), migrations)?;
        return Ok(());
    }
    project(folder.path(), migrations)?;
    fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"price\"\n[dependencies]\nsqlx = \"0.9\"\n")?;
    let environment = Environment {
        manifest_dir: folder.path().to_owned(),
        package: "price".to_owned(),
        out_dir: folder.path().join("out"),
        level: None,
    };
    let (answer, script) = timed(|| run(&environment));
    if answer.fails {
        return Err(answer.instructions.join("\n").into());
    }
    println!("build script, {migrations} migrations: {script:.1?}");
    let file = folder.path().join("out").join(FILE);
    println!("snapshot: {} KB", fs::metadata(&file)?.len() / 1024);

    let start = Instant::now();
    let snapshot = Snapshot::read(fs::read(&file)?).map_err(|error| error.to_string())?;
    let read = start.elapsed();
    check(&snapshot, &short(1));
    println!(
        "first call with loading, a query that the build script has seen: {:.2?} (reading {read:.2?})",
        start.elapsed()
    );
    let mut seen: Vec<Duration> = SEEN.map(|table| timed(|| check(&snapshot, &long(table))).1).collect();
    seen.sort();
    println!(
        "later calls, queries that the build script has seen: median {:.2?}, slowest {:.2?}",
        seen[seen.len() / 2],
        seen[seen.len() - 1]
    );
    let start = Instant::now();
    check(&snapshot, &short(2));
    println!("first call of another query, with what is stored of the schema: {:.2?}", start.elapsed());
    for (name, text) in [("200 bytes", short as fn(usize) -> String), ("640 bytes", long), ("200 bytes again", short)] {
        let mut times: Vec<Duration> = (3..40).map(|table| timed(|| check(&snapshot, &text(table))).1).collect();
        times.sort();
        println!(
            "later calls, {name} ({}): fastest {:.3?}, median {:.3?}, slowest {:.3?}",
            text(7).len(),
            times[0],
            times[times.len() / 2],
            times[times.len() - 1]
        );
    }
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

fn check(snapshot: &Snapshot, sql: &str) {
    let said = snapshot.check(&Asked { sql, expectation: None, file: Some("src/lib.rs"), sql_file: None });
    assert!(said.is_empty(), "{said:?}");
}

/// A package whose migrations create a table in two of five and change one in the others.
fn project(folder: &Path, migrations: usize) -> std::io::Result<()> {
    for inner in ["migrations", "src", "out"] {
        fs::create_dir_all(folder.join(inner))?;
    }
    fs::write(
        folder.join("schemacheck.toml"),
        "[database.main]\nmigrations = \"migrations\"\ndialect = \"postgres\"\nlayout = \"sqlx\"\n",
    )?;
    let texts = std::iter::once(short(1)).chain(SEEN.map(long));
    let code: String = texts.map(|text| format!("const _: &str = schemacheck::sql!({text:?});\n")).collect();
    fs::write(folder.join("src/lib.rs"), code)?;
    let mut tables = 0;
    for version in 0..migrations {
        let text = if version % 5 < 2 {
            tables += 1;
            table(tables - 1)
        } else {
            let table = (version * 7) % tables;
            format!(
                "ALTER TABLE t{table} ADD COLUMN c{version} text;\nCREATE INDEX t{table}_c{version} ON t{table} (c{version});\n"
            )
        };
        fs::write(folder.join(format!("migrations/{:06}_step.sql", version + 1)), text)?;
    }
    Ok(())
}

fn table(number: usize) -> String {
    let mut text = format!("CREATE TABLE t{number} (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n");
    for column in 0..8 {
        let _ = writeln!(text, "    column_{column} text NOT NULL DEFAULT '',");
    }
    if number > 0 {
        let _ = writeln!(text, "    parent_id bigint REFERENCES t{} (id) ON DELETE CASCADE,", number / 2);
    }
    text + "    created_at timestamptz NOT NULL DEFAULT now(),\n    CHECK (length(column_0) < 100)\n);\n"
}

fn short(table: usize) -> String {
    format!(
        "SELECT a.id, a.column_0, a.column_1, b.column_2, b.created_at FROM t{table} a JOIN t{} b ON b.id = a.parent_id \
         WHERE a.column_3 = $1 AND b.column_4 <> $2 AND a.created_at > now() ORDER BY a.id",
        table / 2
    )
}

fn long(table: usize) -> String {
    format!(
        "WITH recent AS (SELECT id, column_0, column_1, parent_id FROM t{table} WHERE created_at > now() - interval '7 days' AND column_5 = $1), \
         counted AS (SELECT parent_id, count(*) AS amount, max(column_1) AS newest FROM recent GROUP BY parent_id) \
         SELECT p.id, p.column_0 AS title, coalesce(c.amount, 0) AS amount, c.newest, \
         CASE WHEN c.amount > 10 THEN 'many' WHEN c.amount IS NULL THEN 'none' ELSE 'few' END AS class \
         FROM t{} p LEFT JOIN counted c ON c.parent_id = p.id \
         WHERE p.column_2 LIKE $2 AND NOT EXISTS (SELECT 1 FROM recent r WHERE r.id = p.id AND r.column_0 = p.column_3) \
         ORDER BY amount DESC, p.created_at LIMIT $3 OFFSET 20",
        table / 2
    )
}
