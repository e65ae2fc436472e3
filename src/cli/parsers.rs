//! What is written behind flags, read into types from below.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};

use crate::models::event::EventKind;
use crate::profiles::event_pattern::EventPattern;
use crate::profiles::{ALL, Profile};

use super::generation::{At, EventSource};
use super::listen::Route;
use super::validate::ReportFormat;

/// Names of events, offered by completions and suggested on a slip.
#[derive(Clone)]
pub(super) struct EventParser;

impl TypedValueParser for EventParser {
    type Value = EventKind;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<EventKind, clap::Error> {
        StringValueParser::new().try_map(|name| name.parse::<EventKind>()).parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(event_names()))
    }
}

/// `spec` or `cloud`.
#[derive(Clone)]
pub(super) struct ProfileParser;

impl TypedValueParser for ProfileParser {
    type Value = &'static Profile;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<&'static Profile, clap::Error> {
        let names = ALL.map(|profile| profile.name);
        PossibleValuesParser::new(names)
            .map(|name| Profile::named(&name).expect("only these names are let through"))
            .parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(ALL.into_iter().map(|profile| PossibleValue::new(profile.name))))
    }
}

/// Names of events, `all` and `story`.
#[derive(Clone)]
pub(super) struct EventSourceParser;

impl TypedValueParser for EventSourceParser {
    type Value = EventSource;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<EventSource, clap::Error> {
        StringValueParser::new()
            .try_map(|name| match EventSource::parse(&name) {
                Some(source) => Ok(source),
                None => name.parse::<EventKind>().map(|kind| EventSource::Kinds(vec![kind])),
            })
            .parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(event_names().chain(["all", "story"].map(PossibleValue::new))))
    }
}

/// Names of events and paths: anything is let through, and the names are offered.
#[derive(Clone)]
pub(super) struct SourceParser;

impl TypedValueParser for SourceParser {
    type Value = PathBuf;

    fn parse_ref(
        &self,
        _: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<PathBuf, clap::Error> {
        Ok(value.into())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(event_names().chain(["all", "story"].map(PossibleValue::new))))
    }
}

fn event_names() -> impl Iterator<Item = PossibleValue> {
    Profile::default_profile().events.all().map(|kind| PossibleValue::new(kind.name()))
}

pub(super) fn report(text: &str) -> Result<(ReportFormat, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("write FORMAT=FILE: junit=report.xml")?;
    let format = ReportFormat::from_str(format, false)
        .map_err(|_| format!("there is no format `{format}`: text, json, github, junit, sarif"))?;
    if file.is_empty() {
        return Err("the file's name is missing: junit=report.xml".to_owned());
    }
    Ok((format, file.into()))
}

pub(super) fn path(text: &str) -> Result<String, String> {
    if !text.starts_with('/') || text.contains(['?', '#']) {
        return Err("a path begins with a slash and has no query: /webhooks/confluence".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

pub(super) fn size(text: &str) -> Result<usize, String> {
    let (number, factor) = match text {
        _ if text.ends_with("MiB") => (&text[..text.len() - 3], 1 << 20),
        _ if text.ends_with("KiB") => (&text[..text.len() - 3], 1 << 10),
        _ => (text, 1),
    };
    let size = number.trim().parse::<usize>().ok().and_then(|number| number.checked_mul(factor));
    size.ok_or_else(|| "write bytes, KiB or MiB: 65536, 64KiB, 1MiB".to_owned())
}

/// `http://…`, or `PATTERN=http://…`: a pattern has neither a colon nor a slash.
pub(super) fn route(text: &str) -> Result<Route, String> {
    match text.split_once('=') {
        Some((pattern, url)) if !pattern.contains([':', '/']) => {
            let pattern = pattern.parse::<EventPattern>().map_err(|error| error.to_string())?;
            Ok(Route { pattern: Some(pattern), url: url.to_owned() })
        }
        _ => Ok(Route { pattern: None, url: text.to_owned() }),
    }
}

pub(super) fn probability(text: &str) -> Result<f64, String> {
    let probability = text.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number));
    probability.ok_or_else(|| "write a number from 0 to 1: 0.2 is a fifth".to_owned())
}

pub(super) fn junit_file(text: &str) -> Result<PathBuf, String> {
    match text.split_once('=') {
        Some(("junit", file)) if !file.is_empty() => Ok(file.into()),
        _ => Err("write junit=FILE".to_owned()),
    }
}

pub(super) fn at(text: &str) -> Result<At, String> {
    if text == "now" {
        return Ok(At::Now);
    }
    let time: jiff::Timestamp = text
        .parse()
        .map_err(|_| "write a time from the years 0 to 9998 as RFC 3339, 2026-01-15T09:30:00Z, or `now`".to_owned())?;
    Ok(At::Time(time.as_millisecond()))
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let duration = text.parse::<jiff::SignedDuration>().ok().and_then(|duration| Duration::try_from(duration).ok());
    duration.filter(|duration| !duration.is_zero()).ok_or_else(|| "write a time as 500ms, 10s or 1m".to_owned())
}

/// Per second.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    let (number, seconds) = match text.split_once('/') {
        None | Some((_, "s")) => (text.trim_end_matches("/s"), 1.0),
        Some((number, "m")) => (number, 60.0),
        Some((number, "h")) => (number, 3600.0),
        Some(_) => ("", 1.0),
    };
    let rate = number.parse::<f64>().ok().map(|number| number / seconds);
    // Ten million a second is more than any loopback takes.
    rate.filter(|rate| *rate > 0.0 && *rate <= 1e7).ok_or_else(|| "write a rate as 1000/s, 30/m or 5/h".to_owned())
}

pub(super) fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("a header is written `Name: value`; the colon is missing")?;
    let name = name.trim_end();
    if name.is_empty() || name.contains(|c: char| !c.is_ascii_graphic()) {
        return Err("a header is written `Name: value`; this name cannot be one".to_owned());
    }
    if value.contains(|c: char| c.is_control() && c != '\t') {
        return Err("a header's value is one line of text".to_owned());
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
    fn times_and_sizes_are_read_with_their_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "s", "-1s", "1y", "0s", "1e400s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert_eq!(size("64KiB"), Ok(65536));
        assert_eq!(size("12"), Ok(12));
        assert!(size("99999999999999MiB").is_err());
        assert_eq!(rate("1000/s"), Ok(1000.0));
        assert_eq!(rate("30/m"), Ok(0.5));
        assert_eq!(rate("2.5"), Ok(2.5));
        for wrong in ["", "/s", "0/s", "-1/s", "1/d", "inf", "nan", "1e9/s"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }
}
