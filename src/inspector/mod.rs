//! Inspects saved deliveries: rows of a list, details of one delivery, and filters. The `captures` commands print them, and the web
//! inspector shows them.
//!
//! The web inspector is a page with deliveries, live from a receiver or from a folder of captures. A [`delivery_log::DeliveryLog`] has a
//! limited number of deliveries. A receiver adds its deliveries as a subscriber, and a [`folder_reader::FolderReader`] adds those of a
//! folder. All data is computed here and sent to the page as JSON. The page itself, in `page/`, is plain HTML, CSS and JavaScript.
//! [`web`] serves both on this machine, and [`saved_page`] writes both to one file.

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
