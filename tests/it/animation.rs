//! A moving picture of a terminal: an SVG file that shows the lines of several sessions one after the other.
//!
//! The motion is CSS in the file, so it works as an `<img>` on GitHub. Readers who ask for less motion see the last session
//! at rest.

use anstyle_svg::Term;

/// A session: what the terminal shows, and when.
pub struct Scene {
    /// The command and its output, with escape sequences.
    pub text: String,
    /// The pause between two lines, in seconds.
    pub pause: f64,
    /// How long the whole session stays, in seconds.
    pub stay: f64,
}

const COLUMNS: usize = 98;
/// In front of the second line of a long one: as deep as the texts of a report.
const INDENT: &str = "            ";
const LINE_HEIGHT: usize = 18;
const MARGIN: usize = 16;
const WIDTH: usize = 860;
/// The pause after the command, in seconds.
const AFTER_COMMAND: f64 = 1.2;
/// The pause between two sessions, in seconds.
const BETWEEN_SCENES: f64 = 0.3;

const STYLE: &str = "\
    .screen { fill: #0d1117; stroke: #30363d }
    .fg { fill: #e6edf3 }
    .fg-green { fill: #3fb950 }
    .fg-red { fill: #ff7b72 }
    .fg-yellow { fill: #d29922 }
    .fg-cyan { fill: #39c5cf }
    .bold { font-weight: bold }
    .dimmed { fill-opacity: 0.6 }
    text, tspan { font: 14px SFMono-Regular, Consolas, Liberation Mono, Menlo, monospace; white-space: pre }
";

/// Breaks lines that are wider than the screen. Escape sequences have no width.
fn wrap(text: &str) -> String {
    let options = textwrap::Options::new(COLUMNS).subsequent_indent(INDENT);
    let wrap = |line: &str| {
        if textwrap::core::display_width(line) > COLUMNS { textwrap::fill(line, &options) } else { line.to_owned() }
    };
    text.lines().map(wrap).collect::<Vec<_>>().join("\n")
}

/// The lines of a terminal, each as the content of a `<text>` element.
fn lines(text: &str) -> Vec<String> {
    let drawn = Term::new().render_svg(&wrap(text));
    let (_, lines) = drawn.split_once("<text").expect("a text");
    let starts = lines.split("    <tspan x=\"10px\" y=\"").skip(1);
    let line = |start: &str| {
        let (_, rest) = start.split_once('>').expect("the end of the tag");
        rest.split_once("\n</tspan>").map_or(rest, |(line, _)| line).to_owned()
    };
    starts.map(line).collect()
}

/// Draws the sessions, one after the other, again and again.
pub fn animate(scenes: &[Scene], description: &str) -> String {
    let drawn: Vec<Vec<String>> = scenes.iter().map(|scene| lines(&scene.text)).collect();
    let length = |(scene, lines): (&Scene, &Vec<String>)| {
        AFTER_COMMAND + count(lines.len().saturating_sub(1)) * scene.pause + scene.stay + BETWEEN_SCENES
    };
    let total: f64 = scenes.iter().zip(&drawn).map(length).sum();
    let (mut keyframes, mut body, mut start, mut number) = (String::new(), String::new(), 0.0, 0);
    for (index, (scene, lines)) in scenes.iter().zip(&drawn).enumerate() {
        let end = start + length((scene, lines));
        let hidden = (end - BETWEEN_SCENES) / total * 100.0;
        body.extend([format!("  <g class=\"scene-{index}\">\n")]);
        for (row, line) in lines.iter().enumerate() {
            let after = if row == 0 { 0.0 } else { AFTER_COMMAND + count(row - 1) * scene.pause };
            let shown = (start + after) / total * 100.0;
            keyframes.extend([format!(
                "    @keyframes line-{number} {{ 0%, {shown:.2}% {{ opacity: 0 }} {:.2}%, {hidden:.2}% {{ opacity: 1 }} \
                 {:.2}%, 100% {{ opacity: 0 }} }}\n",
                shown + 0.01,
                hidden + 0.01
            )]);
            let y = MARGIN + LINE_HEIGHT * (row + 1);
            body.extend([format!(
                "    <text xml:space=\"preserve\" class=\"fg line\" x=\"{MARGIN}\" y=\"{y}\" style=\"animation-name: \
                 line-{number}\">{line}</text>\n"
            )]);
            number += 1;
        }
        body += "  </g>\n";
        start = end;
    }
    let last = scenes.len() - 1;
    let earlier: Vec<_> = (0..last).map(|index| format!(".scene-{index}")).collect();
    let height = MARGIN * 2 + LINE_HEIGHT / 2 + LINE_HEIGHT * drawn.iter().map(Vec::len).max().unwrap_or_default();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\">\n  <title>{description}</title>\n  <style>\n{STYLE}    .line {{ opacity: 0; animation: {total:.1}s \
         infinite linear }}\n{keyframes}    @media (prefers-reduced-motion: reduce) {{ .line {{ animation: none !important; opacity: 1 }} \
         {} {{ display: none }} }}\n  </style>\n  <rect class=\"screen\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" \
         rx=\"6\"/>\n{body}</svg>\n",
        earlier.join(", "),
        WIDTH - 1,
        height - 1
    )
}

fn count(lines: usize) -> f64 {
    u32::try_from(lines).map_or(0.0, f64::from)
}

#[test]
fn long_lines_wrap_at_the_width_of_the_screen() {
    let words = "word ".repeat(COLUMNS / 5);
    let text = format!("\u{1b}[31m{words}\u{1b}[0mlast\nshort");
    assert_eq!(wrap(&text), format!("\u{1b}[31m{}\n{INDENT}\u{1b}[0mlast\nshort", words.trim_end()));
}

#[test]
fn every_line_appears_once_and_the_last_scene_is_at_rest_without_motion() {
    let scene = |text: &str| Scene { text: text.to_owned(), pause: 0.5, stay: 2.0 };
    let drawn = animate(&[scene("one\ntwo"), scene("three")], "numbers");
    for line in ["one", "two", "three"] {
        assert_eq!(drawn.matches(&format!("<tspan>{line}</tspan>")).count(), 1, "{drawn}");
    }
    assert_eq!(drawn.matches("@keyframes").count(), 3);
    assert!(drawn.contains(
        "prefers-reduced-motion: reduce) { .line { animation: none !important; opacity: 1 } .scene-0 { display: none } }"
    ));
}
