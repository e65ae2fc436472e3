//! Runs a whole probe in one call, for the tests of a receiver.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::auth::secret::Secret;
use crate::auth::{Credentials, Scheme, default_scheme};
use crate::client::tls::Trust;
use crate::client::url::UrlTemplate;
use crate::profiles::Profile;

use super::case_result::CaseResult;
use super::cases::{self, Conditions};
use super::grade::{self, Grade};
use super::pace::Pace;
use super::prober::{ProbeError, Prober};
use super::root_causes;
use super::selection::select;

/// Tests a receiver as `cfwh probe` does.
///
/// # Examples
/// ```
/// use cfwh::probe::Probe;
/// use tiny_http::{Response, Server};
///
/// // Your receiver, on a free port. This one accepts everything.
/// let server = Server::http("127.0.0.1:0")?;
/// let url = format!("http://{}/hooks", server.server_addr());
/// std::thread::spawn(move || {
///     for request in server.incoming_requests() {
///         let _ = request.respond(Response::empty(200));
///     }
/// });
///
/// let outcome = Probe::new(url).secret("s3cret").skip("body/slow").run()?;
/// assert_eq!(outcome.grade.causes[0].cause, "ignores the signature");
/// assert!(outcome.failed().any(|result| result.case.id().0 == "sig/missing"));
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Probe {
    url: String,
    profile: &'static Profile,
    secret: Option<String>,
    scheme: Option<Arc<dyn Scheme>>,
    timeout: Duration,
    only: Vec<String>,
    skip: Vec<String>,
}

/// What a probe found.
#[derive(Debug)]
pub struct ProbeOutcome {
    /// The result of every case.
    pub results: Vec<CaseResult>,
    /// The grade, and the causes of what failed.
    pub grade: Grade,
    /// How long the probe took.
    pub elapsed: Duration,
}

impl Probe {
    /// Returns a probe of the receiver at a URL. `{event}` in the URL becomes the name of the event. Deliveries are those of the
    /// published document, and are not signed.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            profile: Profile::default_profile(),
            secret: None,
            scheme: None,
            timeout: Duration::from_secs(3),
            only: Vec::new(),
            skip: Vec::new(),
        }
    }

    /// Signs deliveries with this secret, in `X-Hub-Signature`.
    pub fn secret(self, secret: impl Into<String>) -> Self {
        Self { secret: Some(secret.into()), ..self }
    }

    /// Authenticates deliveries with this scheme instead.
    pub fn scheme(self, scheme: Arc<dyn Scheme>) -> Self {
        Self { scheme: Some(scheme), ..self }
    }

    /// Sends deliveries of this sender.
    pub fn profile(self, profile: &'static Profile) -> Self {
        Self { profile, ..self }
    }

    /// Waits this long for a response. The default is 3 s.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Runs these cases only: `sig/missing`, `body/*`. A selection gets no grade.
    pub fn only(mut self, pattern: impl Into<String>) -> Self {
        self.only.push(pattern.into());
        self
    }

    /// Leaves out these cases.
    pub fn skip(mut self, pattern: impl Into<String>) -> Self {
        self.skip.push(pattern.into());
        self
    }

    /// Sends the deliveries of all cases, one case after the other, and waits for the responses.
    ///
    /// # Errors
    /// Returns an error if the URL or the secret is invalid, if a pattern matches no case, or if no HTTP server listens at the
    /// address. A receiver that fails cases is not an error.
    pub fn run(&self) -> Result<ProbeOutcome, ProbeError> {
        let scheme = match (&self.scheme, &self.secret) {
            (Some(scheme), _) => Some(Arc::clone(scheme)),
            (None, Some(secret)) => {
                let secret = Secret::new(secret.as_str()).map_err(ProbeError::Secret)?;
                Some((default_scheme().with)(Credentials::from_secrets(vec![secret])))
            }
            (None, None) => None,
        };
        let info = scheme.as_ref().map(|scheme| scheme.info());
        let all = cases::all(self.profile, Some(info.unwrap_or(default_scheme()))).collect();
        let mut cases =
            select(all, &self.only, &self.skip).map_err(|pattern| ProbeError::UnknownCase(pattern.to_owned()))?;
        cases.retain(|case| case.runs(Conditions { is_authenticated: info.is_some(), ..Conditions::default() }));
        let address = UrlTemplate::parse(&self.url).map_err(ProbeError::Setup)?;
        let prober = Prober::new(address, self.profile, scheme, self.timeout, &Trust::System);
        let mut prober = prober.map_err(ProbeError::Setup)?;
        let start = Instant::now();
        let pace = prober.adapt(&mut cases)?;
        let mut results: Vec<_> = cases.into_iter().map(|case| prober.run(case)).collect();
        let mistaken = if root_causes::rejects_valid(&results) { prober.find_mistakes() } else { Vec::new() };
        let found = root_causes::root_causes(&mut results, info, mistaken);
        let mut grade = grade::grade(&results, found);
        if !self.only.is_empty() || !self.skip.is_empty() {
            grade = grade.of_selection();
        } else if pace == Pace::Slow {
            grade = grade.of_slow_receiver();
        }
        Ok(ProbeOutcome { results, grade, elapsed: start.elapsed() })
    }
}

impl ProbeOutcome {
    /// Returns the results of the cases that failed.
    pub fn failed(&self) -> impl Iterator<Item = &CaseResult> {
        self.results.iter().filter(|result| result.has_failed())
    }
}
