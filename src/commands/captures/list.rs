//! `cfwh captures list`

use crate::cli::captures::CapturesList;
use crate::commands::exit::Exit;
use crate::commands::input;
use crate::inspector::Inspector;
use crate::inspector::filter::Filter;
use crate::output::Terminal;
use crate::store::folder::SavedDelivery;

use super::open::open;

pub(super) fn run(arguments: CapturesList, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    terminal.end_with_reader();
    let CapturesList { folder, event, status, verdict, auth, since, until, search, profile } = arguments;
    let filter = Filter { events: event, statuses: status, verdicts: verdict, auth, since, until, search };
    let inspector = Inspector { profile, scheme: None };
    let listed = open(&folder, terminal)?;
    let summaries = listed.deliveries.iter().map(|delivery| {
        let summary = inspector.summary(delivery)?;
        let is_listed = filter.matches(&summary)
            && (filter.finds_in_row(&summary) || finds_in_capture(&inspector, &filter, delivery)?);
        Ok(is_listed.then_some(summary))
    });
    let mut is_empty = true;
    let exit = input::for_each(summaries, terminal, |summary, terminal| {
        if let Some(summary) = summary {
            is_empty = false;
            terminal.print(&summary)?;
        }
        Ok(Exit::Yes)
    })?;
    if is_empty {
        terminal.say("no delivery matches");
    }
    Ok(exit.max(Exit::when(!is_empty)))
}

fn finds_in_capture(inspector: &Inspector, filter: &Filter, delivery: &SavedDelivery) -> anyhow::Result<bool> {
    if delivery.capture.is_none() {
        return Ok(false);
    }
    Ok(filter.finds_in_request(&inspector.capture(delivery)?.delivery))
}
