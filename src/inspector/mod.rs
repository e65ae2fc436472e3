//! What is known about saved deliveries: a row of a list, everything about one, and which of them match a filter. Commands
//! print this, and the web inspector shows it.
//!
//! The web inspector is a page about deliveries, live from a receiver or from a folder of captures. A
//! [`delivery_log::DeliveryLog`] has the deliveries, bounded. A receiver adds to it as one of its subscribers, and a
//! [`folder_reader::FolderReader`] adds what is in a folder. Everything that the page shows is concluded here and sent to it as JSON; the page itself, in `page/`, is plain
//! HTML, CSS and JavaScript. [`web`] serves both to this machine, and [`saved_page`] writes both into one file.

mod banner;
mod body_lines;
mod comparison;
mod delivery;
pub mod delivery_log;
mod delivery_row;
pub mod filter;
pub mod folder_reader;
mod inspect;
pub mod inspection;
pub mod inspector_settings;
mod page_state;
mod query;
mod replay;
mod request_commands;
pub mod saved_page;
mod shown_credentials;
pub mod summary;
mod timeline;
mod view;
pub mod web;

pub use inspect::{InspectError, Inspector};
