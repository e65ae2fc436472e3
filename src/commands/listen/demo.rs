//! `listen --demo`: one of each event, sent to itself.

use std::time::Duration;

use jiff::Timestamp;

use crate::auth::Scheme;
use crate::client::endpoint::Endpoint;
use crate::client::error::SendError;
use crate::client::tls::Trust;
use crate::client::url::UrlTemplate;
use crate::commands::generation;
use crate::generator::{Generator, Identifiers};
use crate::profiles::Profile;

/// The loopback responds at once; this ends a run that hangs.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Sends one of each event to its URL, signed, one after another. `{event}` in `events` becomes the event's name.
pub(super) fn run(
    events: &str,
    scheme: Option<&dyn Scheme>,
    profile: &'static Profile,
) -> Result<Vec<String>, SendError> {
    let seed = rand::random();
    let template = UrlTemplate::parse(events)?;
    let endpoint = Endpoint::new(template.url(), TIMEOUT, &Trust::System)?;
    let mut identifiers = Identifiers::new(seed);
    let mut generator = Generator::new(seed, Timestamp::now().as_millisecond(), profile);
    for kind in profile.events.all() {
        let request = generation::request(generator.body(kind), identifiers.next_uuid(), scheme);
        endpoint.send(&template.url_for(kind.name()), &request)?;
    }
    Ok(vec!["That was one of each. `cfwh listen --secret` waits for yours.".to_owned()])
}
