//! What a receiver does with deliveries: stories are sent plainly and in disorder, each on a site of its own, and must have
//! the same effect on the state that the receiver shows. The plain story is the oracle, so nothing is assumed about the
//! receiver.

mod causes;
mod changes;
mod difference;
mod finding;
mod noise;
mod plan;
mod process;
mod runner;
mod site_story;
mod source;
mod state_prober;

pub use process::ReceiverProcess;
pub use source::{StateError, StateSource};
pub use state_prober::StateProber;
