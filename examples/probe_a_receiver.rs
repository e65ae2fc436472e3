//! Probes a receiver: `cargo run --example probe_a_receiver -- http://127.0.0.1:3000/hooks s3cret`.
use std::io::Write;

use cfwh::probe::Probe;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("the first argument is the URL of a receiver")?;
    let secret = std::env::args().nth(2).ok_or("the second argument is the secret")?;
    let outcome = Probe::new(url).secret(secret).run()?;
    let mut out = std::io::stdout();
    for cause in &outcome.grade.causes {
        writeln!(out, "This receiver {}. fix: {}", cause.cause, cause.help)?;
    }
    for result in outcome.failed() {
        writeln!(out, "{} {}", result.case.id(), result.case.id().link())?;
    }
    writeln!(out, "grade {}: {}", outcome.grade.letter.unwrap_or('-'), outcome.grade.reason)?;
    Ok(())
}
