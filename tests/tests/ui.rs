//! What the macros say: each folder of `ui/` is a package with migrations, whose build script leaves the snapshot for the
//! programs in its `cases/`. A program with a `.stderr` beside it fails to compile with exactly that; any other compiles in
//! silence. `UPDATE=1` writes the files.
//!
//! trybuild puts programs into a package of its own, which has no build script and stands outside the project: macros refuse
//! the snapshot of another package there, and what the configuration says of files does not reach them. Here each program is
//! a target of the package that the snapshot is for, as in a real build.

use std::fs;
use std::path::{Path, PathBuf};

use schemacheck_tests::nested::{Built, Nested, repository};

#[test]
fn shop() {
    cases("shop");
}

#[test]
fn without_a_build_script() {
    cases("none");
}

#[test]
fn breaks() {
    cases("breaks");
}

#[test]
fn first_release() {
    cases("first");
}

#[test]
fn two_databases() {
    cases("two");
}

#[test]
fn changes() {
    cases("changes");
}

#[test]
fn unreadable() {
    cases("unreadable");
}

/// Checks the programs of one snapshot.
fn cases(snapshot: &str) {
    let source = repository().join("tests/ui").join(snapshot);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui").join(snapshot);
    // What an earlier run left may be of cases that are gone.
    let _ = fs::remove_dir_all(folder.join("src"));
    let nested = Nested::new(&folder, &format!("ui-{snapshot}"));
    copy(&source, &folder);
    if !source.join("migrations").is_dir() {
        nested.remove("build.rs");
    }
    let names = programs(&source.join("cases"));
    assert!(!names.is_empty());
    for name in &names {
        let text = fs::read_to_string(source.join("cases").join(format!("{name}.rs"))).expect("a case");
        nested.write(&format!("src/bin/{name}.rs"), &text);
    }
    let built = nested.cargo(&["check", "--offline", "--bins", "--keep-going"]);
    let wrong: Vec<String> = names.iter().filter_map(|name| differs(&source, name, &built)).collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), if built.success { "" } else { &built.stderr });
}

/// The names of the programs in a folder.
fn programs(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("cases").map(|entry| entry.expect("a case").path());
    let rust = entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let mut names: Vec<String> = rust.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    names
}

/// In what the compiler's words on a program differ from those expected.
fn differs(source: &Path, name: &str, built: &Built) -> Option<String> {
    let file = source.join("cases").join(format!("{name}.stderr"));
    let said = built.rendered(name).replace(&repository().display().to_string(), "REPOSITORY");
    let expected = fs::read_to_string(&file).unwrap_or_default();
    if said == expected {
        // Silence counts of a program that was compiled.
        let compiled = !said.is_empty() || built.has_compiled(name);
        return (!compiled).then(|| format!("{name}: not compiled"));
    }
    if std::env::var_os("UPDATE").is_some() {
        if said.is_empty() {
            fs::remove_file(&file).expect("it was there");
        } else {
            fs::write(&file, &said).expect("it can be written");
        }
        return None;
    }
    Some(format!("{name}: expected\n{expected}\nfound\n{said}"))
}

/// Copies all but the programs.
fn copy(from: &Path, to: &Path) {
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(from.join(&folder)).expect("a folder") {
            let name = folder.join(entry.expect("an entry").file_name());
            if from.join(&name).is_dir() {
                if name != Path::new("cases") {
                    fs::create_dir_all(to.join(&name)).expect("a folder can be made");
                    folders.push(name);
                }
            } else if fs::read(from.join(&name)).ok() != fs::read(to.join(&name)).ok() {
                fs::copy(from.join(&name), to.join(&name)).expect("a file can be copied");
            }
        }
    }
}
