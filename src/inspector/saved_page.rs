//! Saved pages: the page and its data in one file, which works without `cfwh` and without a network.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::comparison::{Comparison, ContentIds, compare};
use super::delivery_log::DeliveryLog;
use super::delivery_row::DeliveryRow;
use super::inspector_settings::InspectorSettings;
use super::page_state::InspectorState;
use super::request_commands::{cfwh, curl};
use super::shown_credentials::{Audience, without_credentials};
use super::timeline::{Timeline, timeline};
use super::view::DeliveryView;

/// The HTML of the page.
pub(super) const PAGE: &str = include_str!("page/index.html");
/// The CSS of the page.
pub(super) const STYLE: &str = include_str!("page/page.css");
/// The JavaScript of the page.
pub(super) const SCRIPT: &str = concat!(
    include_str!("page/dom.js"),
    include_str!("page/source.js"),
    include_str!("page/list.js"),
    include_str!("page/body.js"),
    include_str!("page/views.js"),
    include_str!("page/app.js"),
);

/// The elements that load the CSS and the JavaScript.
const STYLE_LINK: &str = "<link rel=\"stylesheet\" href=\"page.css\">";
const SCRIPT_LINK: &str = "<script src=\"page.js\"></script>";
const REFERRER: &str = "<meta name=\"referrer\" content=\"no-referrer\">";

/// The data of a saved page.
#[derive(Serialize)]
struct SavedData<'a> {
    state: InspectorState<'a>,
    omitted: usize,
    deliveries: Vec<DeliveryRow>,
    inspections: Vec<serde_json::Value>,
    differences: Vec<Comparison>,
    timeline: Timeline,
}

/// The shell commands of a delivery.
#[derive(Serialize)]
struct Commands {
    curl: Option<String>,
    cfwh: Option<String>,
}

/// Returns a page with the newest deliveries, and their number.
pub fn saved_page(log: &DeliveryLog, settings: &InspectorSettings, last: usize) -> (String, usize) {
    let (deliveries, all) = log.rows(None, last, |_| true);
    let (mut inspections, mut differences, mut ids) = (Vec::new(), Vec::new(), ContentIds::new());
    for row in &deliveries {
        let Some(mut delivery) = log.get(row.number) else { continue };
        let command = |command: Result<super::request_commands::ShellCommand, String>| command.ok().map(|c| c.command);
        let view = DeliveryView::new(&delivery, settings, Audience::SavedPage);
        *delivery.request.headers_mut() = without_credentials(delivery.request.headers(), Audience::SavedPage);
        let commands = Commands { curl: command(curl(&delivery, settings)), cfwh: command(cfwh(&delivery, settings)) };
        let view = serde_json::to_value(view).and_then(|mut view| {
            view["commands"] = serde_json::to_value(commands)?;
            Ok(view)
        });
        inspections.extend(view);
        differences.extend(compare(log, settings, None, row.number, &mut ids, Audience::SavedPage));
    }
    let count = deliveries.len();
    let omitted = log.counts().1 + all - count;
    let timeline = timeline(log, settings);
    let state = InspectorState::new(settings);
    let data = SavedData { state, omitted, deliveries, inspections, differences, timeline };
    (page_with(&serde_json::to_string(&data).unwrap_or_default()), count)
}

/// Returns a self-contained page. Its policy allows only this CSS and JavaScript, by hash, and no requests.
fn page_with(data: &str) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    // In JSON, `<` occurs only in strings. Escape it, so that no string can close the element.
    let data = data.replace('<', "\\u003c");
    let (head, rest) = PAGE.split_once(STYLE_LINK).unwrap_or((PAGE, ""));
    let (body, end) = rest.split_once(SCRIPT_LINK).unwrap_or((rest, ""));
    let head = head
        .replace(REFERRER, &format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n{REFERRER}"));
    let mut page = head;
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "<style>{STYLE}</style>{body}<script type=\"application/json\" id=\"data\">{data}</script>\n<script>{SCRIPT}</script>{end}"
    );
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_delivery_ends_the_data() {
        let page = page_with("{\"title\":\"</script><script>alert(1)</script><!--\"}");
        assert!(page.contains("\\u003c/script>\\u003cscript>alert(1)\\u003c/script>\\u003c!--"));
        assert_eq!(page.matches("</script>").count(), 2);
        assert!(!page.contains("page.css") && !page.contains("page.js"), "nothing is loaded");
        assert!(!SCRIPT.contains("</script") && !SCRIPT.contains("innerHTML"));
        assert!(PAGE.len() + STYLE.len() + SCRIPT.len() < 100 * 1024);
    }
}
