//! Text in Markdown.

/// Returns the text as it is shown in a paragraph: code spans stay, and what Markdown or HTML would interpret is escaped.
pub fn escape(text: &str) -> String {
    let spans = text.split('`').enumerate().map(|(index, span)| {
        if index % 2 == 1 {
            format!("`{span}`")
        } else {
            span.replace('<', "&lt;").replace('*', "\\*").replace('[', "\\[")
        }
    });
    spans.collect()
}

/// Returns the text as it is shown in a cell of a table.
pub fn cell(text: &str) -> String {
    escape(text).replace('|', "\\|").replace('\n', " ")
}

/// Returns these texts as code, separated by commas.
pub fn code_list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let spans: Vec<_> = texts.into_iter().map(|text| format!("`{}`", text.as_ref().replace('|', "\\|"))).collect();
    spans.join(", ")
}

/// Returns a table. The cells are Markdown already.
pub fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule = format!("|{}\n", " --- |".repeat(N));
    let rows: String = rows.into_iter().map(|row| line(&row)).collect();
    format!("| {} |\n{rule}{rows}", head.join(" | "))
}

/// Returns a page with a title and a note about its origin.
pub fn page(title: &str, source: &str, text: &str) -> String {
    format!("# {title}\n\n<!-- A test writes this page from `{source}`: do not edit it. -->\n\n{}\n", text.trim())
}
