//! What a configuration may say, and what it is told when it says something else.

use super::*;

fn read(text: &str) -> Result<Config, String> {
    Config::read(&Source::new(FILE, text)).map_err(|error| error.to_string())
}

/// The example at the top of the module's documentation.
fn documented() -> String {
    let text = include_str!("../config.rs");
    let lines =
        text.lines().map_while(|line| line.strip_prefix("//!")).map(|line| line.strip_prefix(' ').unwrap_or(line));
    let lines: Vec<&str> =
        lines.skip_while(|line| *line != "```toml").skip(1).take_while(|line| *line != "```").collect();
    lines.join("\n")
}

#[test]
fn the_documented_example_is_read() {
    let config = read(&documented()).expect("the example");
    let database = &config.databases[0];
    assert_eq!(
        (database.name.as_str(), database.dialect.as_deref(), database.version),
        ("main", Some("postgres"), Some(15))
    );
    assert_eq!(database.layout.map(|layout| layout.id), Some("sqlx"));
    assert_eq!((database.at_start, database.ignores_unknown), (Some(false), Some(true)));
    assert_eq!(config.rollout.baseline, Some(vec![Spec::Tag("v*".to_owned())]));
    assert_eq!(config.rollout.applied, Some(Applied::UpTo("20240501120000".to_owned())));
    assert_eq!(config.rollout.contract, Some(Contract::Folder("migrations/contract".to_owned())));
    assert_eq!(config.rollout_of("main").order, Some(Order::Any));
    assert_eq!(config.rollout_of("main").releases, Some(2));
    assert_eq!(config.rollout_of("other").order, Some(Order::MigrateFirst));
    assert_eq!(config.rules["missing-column"].0, Level::Deny);
    assert_eq!((config.consumers.len(), config.expect.len(), config.touches.len(), config.tests), (1, 1, 1, true));
}

#[test]
fn the_user_guide_has_the_same_example_and_all_layouts() {
    let guide = include_str!("../../../../docs/configuration.md").replace("\r\n", "\n");
    // The guide explains the keys of the example in its tables, so only the keys and values have to be the same.
    for line in documented().lines() {
        let said = line.split(" #").next().unwrap_or("").trim_end();
        assert!(guide.contains(said), "docs/configuration.md lacks `{said}` of the example in project::config");
    }
    for layout in migration::LAYOUTS {
        assert!(guide.contains(&format!("`\"{}\"`", layout.id)), "docs/configuration.md lacks {}", layout.id);
    }
}

#[test]
fn nothing_is_a_configuration() {
    let config = read("\u{feff}# nothing\n").expect("nothing");
    assert!(config.databases.is_empty() && config.rollout.order.is_none());
}

/// A configuration, and what is said of it.
const REFUSED: &[(&str, &str)] = &[
    (
        "[rollout]\nordre = \"any\"",
        "`rollout` has no key `ordre`\n  --> schemacheck.toml:2:1\n  = help: did you mean `order`?",
    ),
    (
        "xyz = 1",
        "there is no key `xyz`\n  --> schemacheck.toml:1:1\n  = help: known are: rollout, database, consumers, expect, touches, rules, build, queries",
    ),
    (
        "\u{feff}\n[rollout]\norder = \"andy\"",
        "there is no order `andy`\n  --> schemacheck.toml:3:1\n  = help: did you mean `any`?",
    ),
    ("[rollout]\norder = 1", "`rollout.order` is a string, not an integer\n  --> schemacheck.toml:2:1"),
    (
        "[database.a]\nlayot = 1\n",
        "`database.a` has no key `layot`\n  --> schemacheck.toml:2:1\n  = help: did you mean `layout`?",
    ),
    (
        "[database.a]\nmigrations = [1]\n",
        "`database.a.migrations` is a list of strings, not an integer\n  --> schemacheck.toml:2:1",
    ),
    ("database = 1", "`database` is a table, not an integer\n  --> schemacheck.toml:1:1"),
    ("[database]\ndialect = \"postgres\"", "`database.dialect` is a table, not a string\n  --> schemacheck.toml:2:1"),
    (
        "[rollout]\nbaseline = \"v1\"",
        "`v1` names no baseline: write one of `merge-base`, `branch:NAME`, `tag:PATTERN`, `ref:REVISION`, `file:PATH`\n  --> schemacheck.toml:2:1",
    ),
    ("[rollout]\nreleases = 0", "`releases` is at least 1\n  --> schemacheck.toml:2:1"),
    (
        "[rollout]\nreleases = -1",
        "`rollout.releases` is a whole number that is not negative\n  --> schemacheck.toml:2:1",
    ),
    (
        "[rollout.contract]\nafter = \"1\"\nmarked = \"x\"",
        "`contract` has one of `folder`, `after` and `marked`\n  --> schemacheck.toml:1:10",
    ),
    (
        "[[expect]]\npaths = \"a\"\nflag = \"f\"",
        "`flag` needs `since`: the version that has to be there before it is turned on\n  --> schemacheck.toml:1:1",
    ),
    ("[[consumers]]\nname = \"a\"", "`consumers` needs `file`\n  --> schemacheck.toml:1:1"),
    (
        "[rules]\nx = \"fatal\"",
        "there is no level `fatal`\n  --> schemacheck.toml:2:1\n  = help: known are: allow, warn, deny",
    ),
    ("[rollout", "this is not TOML: unclosed table, expected `]`\n  --> schemacheck.toml:1:9"),
];

#[test]
fn what_is_not_understood_is_said_with_its_place() {
    for (text, expected) in REFUSED {
        assert_eq!(read(text).err().as_deref(), Some(*expected), "{text}");
    }
}

#[test]
fn rules_that_do_not_exist_are_errors() {
    let config = read("[rules]\nmising-column = \"deny\"\nmissing-table = \"warn\"").expect("a configuration");
    let errors = config.unknown_rules(&["missing-column", "missing-table"]);
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        ["there is no rule `mising-column`\n  --> schemacheck.toml:2:1\n  = help: did you mean `missing-column`?"]
    );
}
