//! A finding as the message of a compile error: the SQL with what is wrong under it, the migration, the way out.

use annotate_snippets::{AnnotationKind, Element, Level as Title, Renderer};

use super::block::snippet;
use super::printable;
use crate::finding::Finding;

/// The message for one finding on a query. `on` says on which schemas it holds; `named` whether the query's own file is
/// shown.
pub fn expansion(finding: &Finding, on: Option<&str>, named: bool) -> String {
    let mut elements: Vec<Element<'_>> = Vec::new();
    if let Some(query) = &finding.query {
        let path = if named { query.part.source.path() } else { "the query" };
        snippet(&mut elements, &query.part, path.to_owned(), AnnotationKind::Primary, &query.label);
    }
    if let Some(cause) = finding.causes.first() {
        let path = cause.place.source.path().to_owned();
        snippet(&mut elements, &cause.place, path, AnnotationKind::Context, "");
    }
    if let Some(on) = on {
        elements.push(Title::NOTE.message(printable(on).into_owned()).into());
    }
    if let Some(help) = &finding.help {
        elements.push(Title::HELP.message(printable(help).into_owned()).into());
    }
    let headline = format!("schemacheck::{}: {}", finding.rule, finding.message);
    let title = Title::ERROR.primary_title(printable(&headline).into_owned());
    let text = Renderer::plain().render(&[title.elements(elements)]);
    text.strip_prefix("error: ").unwrap_or(&text).to_owned()
}
