//! Deliveries sent over HTTP.

mod connection;
pub mod endpoint;
pub mod export;
pub mod forward;
pub mod load;
pub mod load_stats;
pub mod request_variant;
pub mod retry;
pub mod tls;
pub mod url;
pub mod url_template;
