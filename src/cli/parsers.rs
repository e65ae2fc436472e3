//! Parsers of option values.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PathBufValueParser, PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use http::Method;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::auth::{self, RejectionKind, forge};
use crate::client::export::{self, Exporter};
use crate::client::url::{self, EVENT_PLACEHOLDER, Url, UrlTemplate};
use crate::output::emit::{self, ReportFormat};
use crate::output::schemas::SCHEMAS;
use crate::profiles::event_pattern::EventPattern;
use crate::profiles::{self, KnownEvent, Profile};

use super::values::{At, AuthChoice, EventSource, Route};

/// The largest value of `--max-body`, in bytes: 1 TiB.
const MAX_BODY_SIZE: u64 = 1 << 40;

/// The longest duration that an option accepts.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// A parser, and the values that shells complete for it.
#[derive(Clone)]
struct WithEventNames<P> {
    parser: P,
    names: Vec<&'static str>,
}

impl<P: TypedValueParser> TypedValueParser for WithEventNames<P> {
    type Value = P::Value;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<P::Value, clap::Error> {
        self.parser.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.names.iter().map(PossibleValue::new)))
    }
}

/// Returns the names of all events that can be generated, and `words`.
fn event_names(words: &[&'static str]) -> Vec<&'static str> {
    let declared = KnownEvent::all().filter(|event| event.kind().is_some());
    declared.map(KnownEvent::name).chain(words.iter().copied()).collect()
}

/// Parses the name of a known event. The error suggests a similar name.
pub(super) fn known_event() -> impl TypedValueParser<Value = KnownEvent> {
    let parser = StringValueParser::new().try_map(|name| name.parse::<KnownEvent>());
    WithEventNames { parser, names: KnownEvent::all().map(KnownEvent::name).collect() }
}

/// Parses the name of an event, `all` or `story`.
pub(super) fn event_source() -> impl TypedValueParser<Value = EventSource> {
    let parser = StringValueParser::new().try_map(|name| name.parse::<EventSource>());
    WithEventNames { parser, names: event_names(&["all", "story"]) }
}

/// Parses the name of an event, `all`, `story`, `ping`, a callback of a scheme, or a path.
pub(super) fn source() -> impl TypedValueParser<Value = PathBuf> {
    let callbacks = auth::ALL.iter().flat_map(|scheme| scheme.callbacks).copied();
    let words: Vec<_> = ["all", "story", "ping"].into_iter().chain(callbacks).collect();
    WithEventNames { parser: PathBufValueParser::new(), names: event_names(&words) }
}

/// Parses the name of one of these values.
fn one_of<T: Sync>(
    values: &'static [&'static T],
    possible_value: fn(&T) -> PossibleValue,
) -> impl TypedValueParser<Value = &'static T> {
    PossibleValuesParser::new(values.iter().map(|value| possible_value(value))).map(move |name| {
        let is_named = |value: &&&T| possible_value(value).get_name() == name;
        *values.iter().find(is_named).expect("only these names are accepted")
    })
}

/// Parses the name of a profile.
pub(super) fn profile() -> impl TypedValueParser<Value = &'static Profile> {
    one_of(&profiles::ALL, |profile| profile.name.into())
}

/// Parses the key of an envelope: the object that some senders wrap their bodies in.
pub(super) fn envelope() -> impl TypedValueParser<Value = &'static str> {
    let keys = || profiles::ALL.iter().filter_map(|profile| profile.envelope);
    PossibleValuesParser::new(keys()).map(move |name| keys().find(|key| *key == name).unwrap_or_default())
}

/// Parses the name of a report format.
pub(super) fn report_format() -> impl TypedValueParser<Value = &'static ReportFormat> {
    one_of(&emit::ALL, |format| PossibleValue::new(format.name).help(format.help))
}

/// Parses the name of a tool for `--export`.
pub(super) fn exporter() -> impl TypedValueParser<Value = &'static Exporter> {
    one_of(&export::ALL, |exporter| exporter.name.into())
}

/// Returns the help of `--profile`: what the command does with it, and all profiles.
pub(super) fn profile_help(what: &str) -> String {
    format!("{what}: {}", profiles::ALL.map(|profile| format!("{} ({})", profile.name, profile.sender)).join(", "))
}

/// Parses the name of an authentication scheme, or `none`.
pub(super) fn auth() -> impl TypedValueParser<Value = AuthChoice> {
    let names = auth::ALL.iter().map(|scheme| scheme.name).chain(["none"]);
    PossibleValuesParser::new(names).map(|name| {
        let scheme = auth::ALL.iter().find(|scheme| scheme.name == name);
        scheme.map_or(AuthChoice::None, |scheme| AuthChoice::Scheme(scheme))
    })
}

/// Returns the help of `--auth`, with all schemes.
pub(super) fn auth_help() -> String {
    let schemes: Vec<_> = auth::ALL.iter().map(|scheme| format!("{} ({})", scheme.name, scheme.description)).collect();
    format!(
        "Authenticate with this scheme: {}, none [default: {} if a secret is given]",
        schemes.join(", "),
        auth::default_scheme().name
    )
}

/// Parses the path of a base URL.
pub(super) fn base_path(text: &str) -> Result<String, String> {
    if text.starts_with('/') && !text.contains(['?', '#']) && !text.contains(char::is_whitespace) {
        return Ok(text.trim_end_matches('/').to_owned());
    }
    Err("a path begins with a slash and has no query, like /connect".to_owned())
}

/// Parses the id of a Forge app.
pub(super) fn app_id(text: &str) -> Result<String, String> {
    if forge::is_app_id(text) {
        return Ok(text.to_owned());
    }
    Err(format!("expected an app id as in the app's manifest, like {}", forge::APP_ID))
}

/// Parses an HTTP method.
pub(super) fn method(text: &str) -> Result<Method, String> {
    text.to_uppercase().parse().map_err(|_| "expected an HTTP method, like POST".to_owned())
}

/// Parses a URL with a host.
pub(super) fn absolute_url(text: &str) -> Result<Url, String> {
    UrlTemplate::parse(text).map(|template| template.url_for("")).map_err(|error| error.to_string())
}

/// Parses a URL that may contain `{event}`.
pub(super) fn url_template(text: &str) -> Result<UrlTemplate, String> {
    UrlTemplate::parse(text).map_err(|error| error.to_string())
}

/// Parses the name of a command with JSON output, and returns the schema of its lines.
pub(super) fn output_schema() -> impl TypedValueParser<Value = &'static str> {
    PossibleValuesParser::new(SCHEMAS.map(|(command, _)| command))
        .map(|name| SCHEMAS.iter().find(|(command, _)| *command == name).map_or("", |(_, schema)| schema))
}

/// Parses `FORMAT=FILE`.
pub(super) fn report(text: &str) -> Result<(&'static ReportFormat, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("expected FORMAT=FILE, like junit=report.xml")?;
    let format = emit::ALL.into_iter().find(|format| format.name == name).ok_or_else(|| {
        let names = emit::ALL.map(|format| format.name);
        format!("unknown format `{name}`; the formats are {}", names.join(", "))
    })?;
    if file.is_empty() {
        return Err("the file name is missing; expected FORMAT=FILE, like junit=report.xml".to_owned());
    }
    if file == "-" {
        return Err("a report cannot be written to stdout; name a file, like junit=report.xml".to_owned());
    }
    Ok((format, file.into()))
}

/// Parses the path of `listen --path`.
pub(super) fn path(text: &str) -> Result<String, String> {
    if !text.starts_with('/') || text.contains(['?', '#', '\\']) || text.contains(char::is_control) {
        return Err("a path begins with a slash and has no query, like /webhooks/confluence".to_owned());
    }
    if text.contains(EVENT_PLACEHOLDER) {
        return Err(format!("leave out {EVENT_PLACEHOLDER}; one more path segment may always name the event"));
    }
    // Clients encode what cannot be in a URL, and resolve `..`.
    let url = Url::parse(&format!("http://localhost{text}")).map_err(|error| error.to_string())?;
    Ok(url.path().trim_end_matches('/').to_owned())
}

/// Parses a host name, or takes the host of a URL.
pub(super) fn host(text: &str) -> Result<String, String> {
    let url = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let name = Url::parse(&url).map(|url| url::host(&url).trim_end_matches('.').to_owned()).unwrap_or_default();
    if name.is_empty() || name.contains('*') {
        return Err("expected one host without wildcards, like hooks.example.com".to_owned());
    }
    Ok(name)
}

/// Parses a size in bytes.
pub(super) fn size(text: &str) -> Result<usize, String> {
    let (number, factor) = match text {
        _ if text.ends_with("GiB") => (&text[..text.len() - 3], 1 << 30),
        _ if text.ends_with("MiB") => (&text[..text.len() - 3], 1 << 20),
        _ if text.ends_with("KiB") => (&text[..text.len() - 3], 1 << 10),
        _ => (text, 1),
    };
    let number = number.trim();
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
        let size = number.parse::<usize>().ok().and_then(|number| number.checked_mul(factor));
        return match size {
            Some(0) => Err("the size must be at least 1".to_owned()),
            Some(size) => Ok(size),
            None => Err("the size is too large".to_owned()),
        };
    }
    Err("expected a size in bytes, KiB, MiB or GiB, like 65536, 64KiB or 1MiB".to_owned())
}

/// Parses the size of a body. A body is in memory as a whole, so the largest size is bounded.
pub(super) fn body_size(text: &str) -> Result<usize, String> {
    match size(text)? {
        size if size as u64 > MAX_BODY_SIZE => Err("the size of a body must be at most 1024GiB".to_owned()),
        size => Ok(size),
    }
}

/// Parses `http://…` or `PATTERN=http://…`. A pattern has no slash.
pub(super) fn route(text: &str) -> Result<Route, String> {
    match text.split_once('=') {
        Some((pattern, url)) if !pattern.contains('/') => {
            let pattern = pattern.parse::<EventPattern>().map_err(|error| error.to_string())?;
            Ok(Route { pattern: Some(pattern), url: url.to_owned() })
        }
        _ => Ok(Route { pattern: None, url: text.to_owned() }),
    }
}

/// Parses a whole number.
pub(super) fn whole<N: TryFrom<u64>>(text: &str) -> Result<N, String> {
    number(text, 0)
}

/// Parses a whole number that is at least 1.
pub(super) fn positive<N: TryFrom<u64>>(text: &str) -> Result<N, String> {
    number(text, 1)
}

/// Parses a number from `least` to the largest number of its unsigned type.
fn number<N: TryFrom<u64>>(text: &str, least: u64) -> Result<N, String> {
    let number = text.parse().ok().filter(|number| *number >= least).and_then(|number| N::try_from(number).ok());
    let most = u64::MAX >> (64 - 8 * size_of::<N>());
    number.ok_or_else(|| format!("expected a whole number from {least} to {most}"))
}

/// Parses a probability.
pub(super) fn probability(text: &str) -> Result<f64, String> {
    let probability = text.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number));
    probability.ok_or_else(|| "expected a number from 0 to 1, like 0.2 for 20 %".to_owned())
}

/// Parses a time, or `now`.
pub(super) fn at(text: &str) -> Result<At, String> {
    if text == "now" {
        return Ok(At::Now);
    }
    if let Ok(seconds) = text.parse::<i64>() {
        let time = Timestamp::from_second(seconds).ok().filter(|_| text.len() > 4);
        let time = time.map(|time| At::Time(time.as_millisecond()));
        return time.ok_or_else(|| "expected a time as RFC 3339, or in seconds since 1970, like 1768469400".to_owned());
    }
    let time = text.parse::<Timestamp>().map(|time| At::Time(time.as_millisecond()));
    time.map_err(|_| {
        "expected `now`, or a time as RFC 3339, like 2026-01-15T09:30:00Z, in the years 0 to 9998".to_owned()
    })
}

/// Parses a time, a date in the local time zone, or a duration before now.
pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(ago) = duration(text) {
        return Timestamp::now().checked_sub(ago).map_err(|error| error.to_string());
    }
    if let Ok(date) =
        text.parse::<jiff::civil::Date>().and_then(|date| TimeZone::system().to_timestamp(date.at(0, 0, 0, 0)))
        && text.len() == "2026-01-15".len()
    {
        return Ok(date);
    }
    match at(text) {
        Ok(At::Time(milliseconds)) => Timestamp::from_millisecond(milliseconds).map_err(|error| error.to_string()),
        Ok(At::Now) => Ok(Timestamp::now()),
        Err(_) => {
            Err("expected a time like 2026-01-15T09:30:00Z, a date like 2026-01-15, or a duration before now like 2h"
                .to_owned())
        }
    }
}

/// Parses a word for the authentication of a delivery: a scheme, or a result of verification.
pub(super) fn auth_words() -> impl TypedValueParser<Value = String> {
    let schemes = auth::ALL.iter().map(|scheme| scheme.name);
    let rejections = RejectionKind::ALL.iter().map(|kind| kind.name());
    PossibleValuesParser::new(schemes.chain(["none", "valid", "unchecked"]).chain(rejections))
}

/// Parses a duration of at most a year, so that every deadline is a valid time.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let duration = text.parse::<jiff::SignedDuration>().ok().and_then(|duration| Duration::try_from(duration).ok());
    duration
        .filter(|duration| !duration.is_zero() && *duration <= YEAR)
        .ok_or_else(|| "expected a duration like 500ms, 10s or 1m, at most 8760h".to_owned())
}

/// Parses a rate, and returns it per second.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    let (number, seconds) = match text.split_once('/') {
        None | Some((_, "s")) => (text.trim_end_matches("/s"), 1.0),
        Some((number, "m")) => (number, 60.0),
        Some((number, "h")) => (number, 3600.0),
        Some(_) => ("", 1.0),
    };
    let rate = number.parse::<f64>().ok().map(|number| number / seconds);
    // From one a day to more than a loopback interface can transfer.
    let rates = (1.0 / 86_400.0)..=1e7;
    rate.filter(|rate| rates.contains(rate)).ok_or_else(|| "expected a rate like 1000/s, 30/m or 5/h".to_owned())
}

/// Parses `Name: value`.
pub(super) fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("expected `Name: value`; the colon is missing")?;
    let name = name.trim_end();
    if name.is_empty() || name.contains(|c: char| !c.is_ascii_graphic()) {
        return Err("expected `Name: value`; HTTP does not allow this name".to_owned());
    }
    if value.contains(|c: char| c.is_control() && c != '\t') {
        return Err("the value of a header must be one line of text".to_owned());
    }
    Ok((name.to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;

    #[test]
    fn the_arguments_hold_together() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn a_moment_is_a_time_a_date_or_an_age() {
        let at = |text: &str| moment(text).map(|at| at.to_string());
        assert_eq!(at("2026-01-15T09:30:00Z").as_deref(), Ok("2026-01-15T09:30:00Z"));
        assert_eq!(at("1768469400").as_deref(), Ok("2026-01-15T09:30:00Z"));
        let midnight =
            moment("2026-01-15").map(|at| at.to_zoned_datetime(TimeZone::system()).to_string()).expect("a date");
        assert!(midnight.starts_with("2026-01-15T00:00:00"), "{midnight}");
        let age = Timestamp::now().duration_since(moment("2h").expect("an age")).as_secs();
        assert!((7199..7260).contains(&age), "{age}");
        for wrong in ["", "yesterday", "2026-13-01", "-2h", "12"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_and_sizes_are_read_with_their_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("8760h"), Ok(YEAR));
        for wrong in ["", "s", "-1s", "1y", "0s", "1e400s", "8761h", "2562047788015215h", "9223372036854775807s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert_eq!(size("64KiB"), Ok(65536));
        assert_eq!(size("12"), Ok(12));
        assert_eq!(body_size("1024GiB"), Ok(1 << 40));
        assert!(size("2048GiB").is_ok() && body_size("1025GiB").is_err());
        for wrong in ["0", "0MiB", "99999999999999MiB", "99999999999999999999", "", "MiB", "-1", "+1", "1.5MiB", "1TB"]
        {
            assert!(size(wrong).is_err() && body_size(wrong).is_err(), "{wrong}");
        }
        assert_eq!(rate("1000/s"), Ok(1000.0));
        assert_eq!(rate("30/m"), Ok(0.5));
        assert_eq!(rate("2.5"), Ok(2.5));
        assert_eq!(rate("1/h"), Ok(1.0 / 3600.0));
        for wrong in ["", "/s", "0/s", "-1/s", "1/d", "inf", "nan", "1e9/s", "1e-300", "0.01/h"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }
}
