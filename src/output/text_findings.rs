//! Findings for people, as rustc shows its own: rule, place, source line, pointer, help.

use std::fmt::Write;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::validation::report::{Place, Severity};

use super::emitter::Emitter;
use super::escape;
use super::excerpt::{Excerpt, excerpt};
use super::located::{Located, locate};
use super::results::Judged;
use super::text::Paint;

/// The text format. Of a clean input it says nothing.
pub(super) struct Text {
    paint: Paint,
    renderer: Renderer,
}

impl Text {
    pub(super) fn new(color: bool) -> Self {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        Self { paint: Paint::new(color), renderer: renderer.decor_style(DecorStyle::Ascii) }
    }

    fn finding(&self, input: &str, located: Located<'_>, place: &str, excerpt: &Excerpt) -> String {
        let Located { finding, start, .. } = located;
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let source = Snippet::source(&excerpt.text)
            .line_start(start.line)
            .annotation(AnnotationKind::Primary.span(excerpt.span.clone()));
        let place = match &finding.document {
            Some(document) => format!("{place} ({document})"),
            None => place.to_owned(),
        };
        let mut group: Group<'_> = level
            .primary_title(escape::line(&finding.message))
            .id(finding.rule.id)
            .element(source)
            .element(Level::NOTE.with_name("at").message(escape::line(&place)));
        if let Some(help) = &finding.help {
            group = group.element(Level::HELP.message(escape::line(help)));
        }
        // The renderer would count the column in the excerpt, which begins anywhere in the line, so this line is ours.
        let snippet = self.renderer.render(&[group]);
        let (title, rest) = snippet.split_once('\n').unwrap_or((&snippet, ""));
        let margin = start.line.to_string().len();
        let arrow = self.paint.arrow(&format!("{:margin$}-->", ""));
        format!("{title}\n{arrow} {}:{}:{}\n{rest}\n\n", escape::line(input), start.line, start.column)
    }
}

impl Emitter for Text {
    fn judged(&mut self, judged: &Judged<'_>) -> String {
        let mut text = String::new();
        for located in locate(judged) {
            let (place, excerpt) = match &located.finding.place {
                Place::Header { name, .. } => {
                    let value = judged.delivery.headers().text(name).unwrap_or_default();
                    let line = format!("{name}: {value}");
                    (format!("the header {name}"), excerpt(line.as_bytes(), &(0..line.len())))
                }
                Place::Body { pointer, span } => {
                    let place = if pointer.is_empty() { "the whole body" } else { pointer };
                    (place.to_owned(), excerpt(judged.delivery.body(), span))
                }
            };
            text.push_str(&self.finding(judged.input, located, &place, &excerpt));
        }
        if judged.report.omitted > 0 {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}: and {} more\n", escape::line(judged.input), judged.report.omitted);
        }
        text
    }
}
