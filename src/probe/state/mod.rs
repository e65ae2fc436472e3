//! Tests what a receiver does with deliveries. Each run sends the same story about another site, in order or not. All
//! runs must have the same effect on the state of the receiver. The plain story shows the right effect, so the probe needs no
//! model of the receiver.

mod bisection;
mod causes;
mod changes;
mod difference;
mod effect_comparison;
mod finding;
mod noise;
mod plan;
mod process;
mod runner;
mod site_story;
mod source;
mod state_prober;
mod trial;

pub use process::ReceiverProcess;
pub use source::{StateError, StateSource};
pub use state_prober::StateProber;
