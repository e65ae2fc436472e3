//! The known senders. Each has a folder with its document, its events, its bodies and what is particular about it. A
//! profile is a value with data, and no other module names one.
//!
//! Adding a profile: one folder here, and its name in [`ALL`].

pub mod cloud;
pub mod datacenter;
pub mod document;
mod envelope;
pub mod event_pattern;
pub mod forge;
pub mod identify;
mod known_event;
mod other_sender;
mod profile;
pub mod published;
mod registry;
mod schema;
pub mod shape;
mod undocumented;

pub use known_event::{KnownEvent, NotInProfile, others};
pub use other_sender::OtherSender;
pub use profile::{BodyType, DeliveryContext, EventIn, Examples, Ping, Profile, Retries};
pub use registry::{ALL, find_event, profiles_with};
