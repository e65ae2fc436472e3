//! The order of a help text.

/// Examples come first and exit codes last: most readers of a help text look for one of the two.
pub(super) const TEMPLATE: &str =
    "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}\n";
