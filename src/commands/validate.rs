//! `cfwh validate`: are these bodies what the document says?

use crate::cli;
use crate::terminal::Terminal;
use crate::terminal::results::{Judged, Validated};
use crate::validation::Validator;
use crate::validation::report::Conclusion;

use super::exit::Exit;
use super::input;

pub(super) fn run(arguments: &cli::Validate, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    input::stdin_at_most_once(&arguments.paths)?;
    let validator = Validator::published().strict(arguments.strict);
    let mut total = Validated::default();
    for input in input::deliveries(input::files(&arguments.paths)?) {
        let input = match input {
            Ok(input) => input,
            Err(error) => {
                total.unreadable += 1;
                terminal.error(&error);
                continue;
            }
        };
        let report = validator.validate(&input.delivery, arguments.event);
        total.inputs += 1;
        match report.conclusion() {
            Conclusion::Clean => total.clean += 1,
            Conclusion::Warnings => total.warnings += 1,
            Conclusion::Errors => total.errors += 1,
        }
        terminal.judged(&Judged {
            input: &input.file,
            line: input.line,
            delivery: &input.delivery,
            report: &report,
        })?;
    }
    terminal.flush()?;
    terminal.validated(&total);
    let exit = Exit::when(total.errors == 0);
    Ok(if total.unreadable > 0 { Exit::Trouble } else { exit })
}
