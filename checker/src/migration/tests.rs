//! What each layout makes of small directories.

use super::*;

/// Reads `files` (path, or path and text after a `=`) and prints what came out, a line per thing.
fn read(layout_id: &str, files: &[&str]) -> String {
    let files: Vec<File> = files
        .iter()
        .map(|file| {
            let (path, text) = file.split_once('=').unwrap_or((file, "select 1"));
            (path.to_owned(), Source::new(format!("m/{path}"), text))
        })
        .collect();
    let layout = layout(layout_id).expect("a known layout");
    print(&(layout.read)(&files))
}

fn print(reading: &Reading) -> String {
    let mut lines = Vec::new();
    for migration in &reading.migrations {
        let mut line = format!("{} {:?} {}", migration.version.text, migration.name, migration.up.path());
        line += &migration.down.as_ref().map_or(String::new(), |down| format!(" down {}", down.path()));
        line += if migration.transaction { "" } else { " no-transaction" };
        line += if migration.marked { " contract" } else { "" };
        line += if migration.opaque { " opaque" } else { "" };
        line += &migration.gaps.map_or(String::new(), |gaps| format!(" {gaps:?}"));
        lines.push(line);
    }
    lines.extend(reading.repeatable.iter().map(|source| format!("repeatable {}", source.path())));
    for problem in &reading.problems {
        let what = if problem.fails { "fails" } else { "left out" };
        lines.push(format!("{what} {}: {}", problem.path, problem.message));
    }
    lines.join("\n")
}

/// Layout, files, what comes out.
const CASES: &[(&str, &[&str], &str)] = &[
    (
        "sqlx",
        &["10_ten_things.sql", "2_two.up.sql", "2_two.down.sql", "README.md", "README.sql", "sub/3_x.sql"],
        "2 \"two\" m/2_two.up.sql down m/2_two.down.sql\n10 \"ten things\" m/10_ten_things.sql",
    ),
    (
        "sqlx",
        &[
            "0001_a.sql=-- no-transaction\nselect 1",
            "2_b.sql=\n-- no-transaction",
            "3_c.sql=-- why\n--schemacheck: contract\nselect 1",
        ],
        "1 \"a\" m/0001_a.sql no-transaction\n2 \"b\" m/2_b.sql\n3 \"c\" m/3_c.sql contract",
    ),
    (
        "sqlx",
        &["1_a.sql", "01_b.sql", "seed_users.sql", "3_x.down.sql", "99999999999999999999_x.sql"],
        "1 \"b\" m/01_b.sql\n\
         fails m/1_a.sql: version 1 is also m/01_b.sql\n\
         fails m/99999999999999999999_x.sql: sqlx wants an integer before the first `_` of the file name, not `99999999999999999999`\n\
         fails m/seed_users.sql: sqlx wants an integer before the first `_` of the file name, not `seed`\n\
         left out m/3_x.down.sql: version 3 has no file that applies it",
    ),
    (
        "diesel",
        &[
            "2020-12-15-000000_b/up.sql",
            "2020-12-7-190800_a_few_words/up.sql",
            "2020-12-7-190800_a_few_words/down.sql",
            ".hidden/up.sql",
            "2021-01-01-000000_c/up.sql",
            "2021-01-01-000000_c/metadata.toml=run_in_transaction = false",
            "2021-01-02-000000_d/up.sql",
            "2021-01-02-000000_d/metadata.toml=",
            "2021-01-03-000000_e/up.sql",
            "2021-01-03-000000_e/metadata.toml=run_in_transaction = true",
        ],
        "20201215000000 \"b\" m/2020-12-15-000000_b/up.sql\n\
         2020127190800 \"a few words\" m/2020-12-7-190800_a_few_words/up.sql down m/2020-12-7-190800_a_few_words/down.sql\n\
         20210101000000 \"c\" m/2021-01-01-000000_c/up.sql no-transaction\n\
         20210102000000 \"d\" m/2021-01-02-000000_d/up.sql no-transaction\n\
         20210103000000 \"e\" m/2021-01-03-000000_e/up.sql",
    ),
    (
        "diesel",
        &["1_a/up.sql", "1_b/up.sql", "2_c/down.sql", "3_d/up.sql", "3_d/metadata.toml=run_in_transaction = 1"],
        "1 \"a\" m/1_a/up.sql\n3 \"d\" m/3_d/up.sql\n\
         fails m/1_b/up.sql: version 1 is also m/1_a/up.sql\n\
         fails m/2_c/down.sql: diesel wants an up.sql in the folder `2_c`\n\
         fails m/3_d/metadata.toml: `run_in_transaction` is not a boolean",
    ),
    (
        "refinery",
        &[
            "V10__ten.sql",
            "deep/V2__two.sql=-- refinery:noTransaction\nselect 1",
            "U3__any_time.sql",
            "V4__code.rs",
            "V5__a-b.sql",
            "mod.rs",
        ],
        "2 \"two\" m/deep/V2__two.sql no-transaction\n3 \"any_time\" m/U3__any_time.sql Fills\n\
         4 \"code\" m/V4__code.rs opaque\n10 \"ten\" m/V10__ten.sql\n\
         left out m/V5__a-b.sql: refinery takes only names like `V1__name.sql`",
    ),
    (
        "refinery",
        &["V1__a.sql", "V1__b.sql", "V1.2__c.sql"],
        "1 \"a\" m/V1__a.sql\n\
         fails m/V1.2__c.sql: refinery wants an integer version, not `1.2`\n\
         fails m/V1__b.sql: version 1 is also m/V1__a.sql",
    ),
    (
        "flyway",
        &[
            "V1_10__later.sql",
            "V1.2__sooner.sql",
            "U1.2__sooner.sql",
            "V2__x.sql",
            "V2__x.sql.conf=executeInTransaction = false",
            "R__views.sql",
            "R__a_views.sql",
            "afterMigrate.sql",
        ],
        "1.2 \"sooner\" m/V1.2__sooner.sql down m/U1.2__sooner.sql\n1.10 \"later\" m/V1_10__later.sql\n\
         2 \"x\" m/V2__x.sql no-transaction\nrepeatable m/R__a_views.sql\nrepeatable m/R__views.sql",
    ),
    (
        "flyway",
        &["V1__a.sql", "V1.0__b.sql", "V1x__c.sql"],
        "1 \"b\" m/V1.0__b.sql\n\
         fails m/V1__a.sql: version 1 is also m/V1.0__b.sql\n\
         fails m/V1x__c.sql: `1x` is not a version: numbers separated by dots",
    ),
    (
        "numbered",
        &["001_a.sql", "10-b.up.sql", "10-b.down.sql", "2.sql", "0003_2fa.sql", "seed.sql", "2024-05-01_x.sql"],
        "001 \"a\" m/001_a.sql\n2 \"\" m/2.sql\n0003 \"2fa\" m/0003_2fa.sql\n\
         10 \"b\" m/10-b.up.sql down m/10-b.down.sql\n2024-05-01 \"x\" m/2024-05-01_x.sql\n\
         left out m/seed.sql: the name starts with no number",
    ),
    (
        "numbered",
        &["1_a.sql", "01_b.sql", "1_c.sql"],
        "01 \"b\" m/01_b.sql\nfails m/1_a.sql: version 1 is also m/01_b.sql\nfails m/1_c.sql: version 1 is also m/01_b.sql",
    ),
    (
        "numbered",
        &["é_x.sql", "1é_x.sql", ".sql", "_.sql", "1_.sql", "1..sql"],
        "1 \"\" m/1..sql\nleft out m/.sql: the name starts with no number\n\
         fails m/1_.sql: version 1 is also m/1..sql\nleft out m/1é_x.sql: the name starts with no number\n\
         left out m/_.sql: the name starts with no number\nleft out m/é_x.sql: the name starts with no number",
    ),
    (
        "rusqlite",
        &["02-b/up.sql", "01-a_table/up.sql", "01-a_table/down.sql", "04-d/up.sql", "notes.md"],
        "1 \"a table\" m/01-a_table/up.sql down m/01-a_table/down.sql\n2 \"b\" m/02-b/up.sql\n4 \"d\" m/04-d/up.sql\n\
         fails m/04-d/up.sql: the numbers go from 1 on without gaps: 3 is missing",
    ),
    (
        "dbmate",
        &[
            "1_a.sql=-- migrate:up transaction:false\ncreate table a();\n-- migrate:down\ndrop table a;\n",
            "2_b.sql=drop table b",
            "3_c.sql=-- migrate:up\n",
        ],
        "1 \"a\" m/1_a.sql down m/1_a.sql no-transaction\n3 \"c\" m/3_c.sql\nfails m/2_b.sql: there is no `-- migrate:up` in it",
    ),
    ("goose", &["1_a.sql=-- +goose NO TRANSACTION\n-- +goose Up\nx\n"], "1 \"a\" m/1_a.sql no-transaction"),
    (
        "files",
        &["20240101_b.sql", "20240101_a.sql", "10_x.up.sql", "10_x.down.sql"],
        "10_x \"x\" m/10_x.up.sql\n20240101_a \"a\" m/20240101_a.sql\n20240101_b \"b\" m/20240101_b.sql",
    ),
];

#[test]
fn layouts_read_as_their_tools_do() {
    for (layout, files, expected) in CASES {
        assert_eq!(read(layout, files), *expected, "{layout} {files:?}");
    }
}

#[test]
fn a_directory_is_recognised_by_its_names() {
    let cases: &[(&[&str], Option<&str>)] = &[
        (&["20240101000000_a.sql", "20240102000000_b.up.sql"], Some("sqlx")),
        (&["2024-01-01-000000_a/up.sql", "2024-01-01-000000_a/down.sql"], Some("diesel")),
        (&["V1__a.sql"], Some("refinery")),
        (&["V1.1__a.sql"], Some("flyway")),
        (&["1-a.sql"], Some("numbered")),
        (&["seed.sql"], None),
        (&[], None),
    ];
    for (names, expected) in cases {
        let found = LAYOUTS.iter().find(|layout| (layout.recognises)(names)).map(|layout| layout.id);
        assert_eq!(found, *expected, "{names:?}");
    }
}

#[test]
fn the_other_direction_is_blank_and_places_stay() {
    let text = "-- migrate:up\ncreate é;\r\n-- migrate:down\ndrop é;\n-- migrate:up\nmore;";
    let files = [("1_a.sql".to_owned(), Source::new("1_a.sql", text))];
    let reading = (sections::DBMATE.read)(&files);
    let up = reading.migrations[0].up.text();
    assert_eq!(up.len(), text.len());
    assert_eq!(up.find("more"), text.find("more"));
    assert_eq!(
        up.split_whitespace().collect::<Vec<_>>(),
        ["--", "migrate:up", "create", "é;", "--", "migrate:up", "more;"]
    );
    assert_eq!(layout_marked(text).map(|layout| layout.id), Some("dbmate"));
    assert_eq!(layout_marked("-- +goose Up").map(|layout| layout.id), Some("goose"));
    assert_eq!(layout_marked("select '-- migrate:up'").map(|layout| layout.id), None);
}

#[test]
fn people_name_versions_loosely() {
    let version = Version::textual("20240501120000");
    for named in ["20240501120000", "2024-05-01-120000", "2024-05-01-120000_add_x", " 20240501120000 "] {
        assert!(version.is_named(named), "{named}");
    }
    assert!(Version::new("1").is_named("0001_x.sql") && Version::new("7").is_named("V7__x.sql"));
    for named in ["", "2024", "x", "V", "20240501120001"] {
        assert!(!version.is_named(named), "{named}");
    }
}
