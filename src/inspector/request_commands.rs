//! Shell commands that send a delivery. They contain no secrets: credentials other than signatures are omitted, and the secret is read from
//! `CFWH_SECRET`.

use serde::Serialize;

use crate::client::export;
use crate::client::url::{self, Url, UrlTemplate};

use super::delivery::Delivery;
use super::inspector_settings::InspectorSettings;
use super::view::not_sendable;

/// The default URL of commands.
const SOMEWHERE: &str = "http://127.0.0.1:3000/webhooks/confluence";
/// The options of the curl exporter that hide the response, and options that show it.
const QUIET: (&str, &str) = ("-sS -o /dev/null -w '%{http_code}\\n'", "-sS -i");

/// A shell command.
#[derive(Debug, Serialize)]
pub(super) struct ShellCommand {
    pub(super) command: String,
}

/// Returns the command that sends a delivery with curl.
pub(super) fn curl(delivery: &Delivery, settings: &InspectorSettings) -> Result<ShellCommand, String> {
    check(delivery)?;
    let url = destination(delivery, settings)?;
    let mut request = delivery.request.clone();
    for name in url::FOREIGN_CREDENTIALS {
        request.headers_mut().remove(name);
    }
    let curl = export::ALL.iter().find(|exporter| exporter.name == "curl").ok_or("the curl exporter is missing")?;
    let script = curl.request(&url, &request).map_err(|error| error.to_string())?;
    let command =
        String::from_utf8(script).map_err(|_| "a header is not valid UTF-8, so a shell cannot send it".to_owned())?;
    Ok(ShellCommand { command: command.replacen(QUIET.0, QUIET.1, 1) })
}

/// Returns the command that sends a delivery with cfwh.
pub(super) fn cfwh(delivery: &Delivery, settings: &InspectorSettings) -> Result<ShellCommand, String> {
    check(delivery)?;
    let url = quote(destination(delivery, settings)?.as_str());
    let profile = settings.inspector.profile(delivery.entry.as_ref());
    let names_event = profile.names_event_in_url();
    let profile = if profile.is_default() { String::new() } else { format!(" --profile {profile}") };
    if let Some(path) = &delivery.row.summary.capture {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.into());
        let path = path.to_str().ok_or("the name of the capture is not valid UTF-8")?;
        return Ok(ShellCommand { command: format!("cfwh send{profile} --to {url} -- {}\n", quote(path)) });
    }
    let body = std::str::from_utf8(delivery.request.body())
        .map_err(|_| "the body is not valid UTF-8: start cfwh listen with --capture")?;
    let event = delivery.row.summary.event.as_deref().filter(|_| names_event);
    let event = event.map(|event| format!(" --event {}", quote(event))).unwrap_or_default();
    let secret =
        settings.inspector.scheme.as_ref().filter(|scheme| scheme.info().takes(crate::auth::Parameter::Secret));
    let secret = if secret.is_some() { "CFWH_SECRET=\"$SECRET\" " } else { "" };
    let command = format!("printf %s {} | {secret}cfwh send{profile}{event} --to {url} -\n", quote(body));
    Ok(ShellCommand { command })
}

fn check(delivery: &Delivery) -> Result<(), String> {
    not_sendable(delivery).map_or(Ok(()), |reason| Err(reason.to_owned()))
}

/// Returns the URL of a command: the URL of the options, the receiver, or a placeholder.
fn destination(delivery: &Delivery, settings: &InspectorSettings) -> Result<Url, String> {
    let event = delivery.row.summary.event.as_deref().unwrap_or_default();
    if let Some(to) = &settings.to {
        return Ok(url::without_credentials(&to.url_for(event)));
    }
    let template = UrlTemplate::parse(settings.receiver.as_deref().unwrap_or(SOMEWHERE));
    Ok(template.map_err(|error| error.to_string())?.url_for(event))
}

/// Quotes text for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_quoted_text_as_it_is() {
        assert_eq!(quote("it's $(x)\n"), "'it'\\''s $(x)\n'");
    }
}
