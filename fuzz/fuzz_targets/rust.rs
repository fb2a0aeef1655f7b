//! Bytes as a Rust file and as a prepared list: queries are found without a panic, and their pieces fit the files.
//!
//! Run without `--cfg fuzzing` (`cargo fuzz run --no-cfg-fuzzing rust`): under it proc-macro2 gives no offsets.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use schemacheck_checker::query::{Options, Package, collect, scan_file};
use schemacheck_checker::source::Source;

static PACKAGE: LazyLock<Arc<Package>> = LazyLock::new(|| {
    let manifest = "[package]\nname = \"p\"\n[dependencies]\nsqlx = \"1\"\ntokio-postgres = \"1\"\nrusqlite = \"1\"\ndiesel = \"1\"";
    Arc::new(Package::from_manifest("", manifest, None).unwrap_or_default())
});

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let scan = scan_file(&Source::new("src/lib.rs", text.clone()), &PACKAGE);
    let list = Source::new(".sqlx/query-1.json", text.clone());
    let included = |path: &str| Some(Source::new(path, text.clone()));
    let found = collect(&[scan], &[list], &included, &Options { include_tests: true });
    for query in &found.queries {
        for segment in &query.segments {
            let end = segment.sql_start + (segment.span.end - segment.span.start);
            let piece = query.sql.get(segment.sql_start..end);
            assert_eq!(
                piece,
                Some(segment.source.slice(segment.span)),
                "a piece stands in its file as it does in the text"
            );
        }
        for hole in &query.holes {
            assert!(query.sql.get(hole.start..hole.end).is_some(), "a hole fits the text");
        }
    }
    for (place, _) in &found.unread {
        assert!(place.span.end <= place.source.text().len(), "a place lies in its file");
    }
});
