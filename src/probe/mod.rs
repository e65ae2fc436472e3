//! Tests a receiver: a table of cases, each with a few requests and the responses that pass; the root causes of what
//! failed; and a grade.

mod bodies;
mod case_request;
mod case_result;
pub mod cases;
mod context;
pub mod grade;
mod prober;
pub mod root_causes;
mod state;
mod state_cases;

pub use case_request::{CaseRequest, ExpectedResponse};
pub use case_result::{CaseResult, ReceivedResponses};
pub use prober::{ProbeError, Prober};
pub use state::{ReceiverProcess, StateError, StateProber, StateSource};
