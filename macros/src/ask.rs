//! What the package's build script left, asked for one query.

use proc_macro2::Span;
use schemacheck_checker::build_script::{Left, left};
use schemacheck_checker::query::Expectation;
use schemacheck_checker::snapshot::{Asked, Snapshot};
use syn::Error;

use crate::input::Arguments;

/// What is wrong with a query: errors on its literal, and on the versions that it is said to be for.
pub(crate) fn query(sql: &str, span: Span, arguments: &Arguments, sql_file: Option<&str>) -> Result<(), Error> {
    let snapshot = match left() {
        // What is wrong there the script says itself.
        Left::Nothing | Left::Failed(_) => return Ok(()),
        Left::Broken(reason) => return Err(Error::new(span, unreadable(&reason))),
        Left::Snapshot(snapshot) => snapshot,
    };
    versions(&snapshot, arguments)?;
    let file = file(span, &snapshot);
    let asked = Asked { sql, expectation: expectation(arguments), file: file.as_deref(), sql_file };
    match snapshot.check(&asked).as_slice() {
        [] => Ok(()),
        messages => Err(Error::new(span, messages.join("\n\n"))),
    }
}

/// What is wrong with the versions that arguments name.
pub(crate) fn versions(snapshot: &Snapshot, arguments: &Arguments) -> Result<(), Error> {
    let text = |value: &Option<syn::LitStr>| value.as_ref().map(syn::LitStr::value);
    let (since, until) = snapshot.misnamed(text(&arguments.since).as_deref(), text(&arguments.until).as_deref());
    let at = |value: &Option<syn::LitStr>| value.as_ref().map_or_else(Span::call_site, syn::LitStr::span);
    let error =
        |message: &str, value| Error::new(at(value), format!("schemacheck::expectation-out-of-range: {message}"));
    let mut errors = [since.map(|it| error(&it, &arguments.since)), until.map(|it| error(&it, &arguments.until))]
        .into_iter()
        .flatten();
    let Some(mut first) = errors.next() else { return Ok(()) };
    first.extend(errors);
    Err(first)
}

/// What to do about a snapshot that cannot be read.
pub(crate) fn unreadable(reason: &str) -> String {
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    format!(
        "the snapshot that the build script left cannot be read: {reason}\n\
         = help: `cargo clean -p {package}` and build again, with `schemacheck` and `schemacheck-checker` of one version"
    )
}

fn expectation(arguments: &Arguments) -> Option<Expectation> {
    let text = |value: &Option<syn::LitStr>| value.as_ref().map(syn::LitStr::value);
    let said = Expectation {
        since: text(&arguments.since),
        until: text(&arguments.until),
        flag: text(&arguments.flag),
        place: None,
    };
    (said != Expectation::default()).then_some(said)
}

/// The file that a literal stands in, relative to the project; `None` where the compiler does not say it.
fn file(span: Span, snapshot: &Snapshot) -> Option<String> {
    let file = span.unwrap().local_file()?;
    let (file, root) = (std::path::absolute(file).ok()?, std::path::Path::new(&snapshot.facts().root));
    // One of them may have come through a link.
    let real = || Some(file.canonicalize().ok()?.strip_prefix(root.canonicalize().ok()?).ok()?.to_path_buf());
    let inner = file.strip_prefix(root).map(std::path::Path::to_path_buf).ok().or_else(real)?;
    Some(inner.to_str()?.replace('\\', "/"))
}
