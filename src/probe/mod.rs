//! Tests a receiver: a table of cases with their requests and the responses that pass, the root causes of failures, and a
//! grade. [`Probe`] runs everything in one call, for tests.

mod bodies;
mod builder;
mod case_change;
mod case_request;
mod case_result;
pub mod cases;
mod context;
pub mod grade;
mod pace;
mod prober;
mod recording;
mod response_time;
pub mod root_causes;
mod selection;
mod state;
mod state_cases;
mod time_case;

pub use builder::{Probe, ProbeOutcome};
pub use case_change::{CaseChange, CaseChanges};
pub use case_request::{CaseRequest, ExpectedResponse};
pub use case_result::{CaseResult, ReceivedResponses};
pub use pace::Pace;
pub use prober::{ProbeError, Prober};
pub use recording::{Recording, RecordingError};
pub use selection::select;
pub use state::{ReceiverProcess, StateError, StateProber, StateSource};
