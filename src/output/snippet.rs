//! Shows a finding with its source line, in the style of rustc.

use std::fmt::Write;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::models::request::Request;
use crate::models::rule::Severity;
use crate::validation::position::Position;
use crate::validation::report::{Finding, FindingLocation};

use super::escape;
use super::excerpt::excerpt;
use super::style::Style;

/// Renders a finding in a request: rule, location, source line, pointer and fix. `input` is the name of the file, `start` the
/// position in it.
pub(super) fn snippet(finding: &Finding, start: Position, input: &str, request: &Request, style: Style) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let (mut place, excerpt) = match &finding.location {
        FindingLocation::Header { name, index } => {
            let value = request.headers().nth(*index).unwrap_or_default();
            let line = format!("{name}: {}", String::from_utf8_lossy(value));
            (format!("the header {name}"), excerpt(line.as_bytes(), &(0..line.len())))
        }
        FindingLocation::Body { pointer, span } => {
            let place = if pointer.is_empty() { "the whole body" } else { pointer };
            (place.to_owned(), excerpt(request.body(), span))
        }
    };
    if let Some(document) = &finding.document {
        // Writing to a String cannot fail.
        let _ = write!(place, " ({document})");
    }
    let source = Snippet::source(&excerpt.text)
        .line_start(start.line)
        .annotation(AnnotationKind::Primary.span(excerpt.span.clone()));
    let mut group: Group<'_> = level
        .primary_title(escape::line(&finding.message))
        .id(finding.rule.id())
        .element(source)
        .element(Level::NOTE.with_name("at").message(escape::line(&place)));
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.with_name("fix").message(escape::line(help)));
    }
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let snippet = renderer.decor_style(DecorStyle::Ascii).render(&[group]);
    // The renderer would count columns in the excerpt, which may begin inside the line, so this line is written here.
    let (title, rest) = snippet.split_once('\n').unwrap_or((&snippet, ""));
    let margin = start.line.to_string().len();
    let arrow = style.bright_blue(&format!("{:margin$}-->", ""));
    format!("{title}\n{arrow} {}:{}:{}\n{rest}\n\n", escape::line(input), start.line, start.column)
}
