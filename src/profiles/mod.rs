//! The known senders.
//!
//! Each sender has a folder with its document, its events and its bodies. A profile is a value, and no other module refers to a
//! particular profile.
//!
//! To add a profile, add a folder here and its name to [`ALL`].

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
