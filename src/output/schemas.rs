//! The schemas of the JSON output of commands.

/// All commands with JSON output, each with the schema of its lines.
pub const SCHEMAS: [(&str, &str); 16] = [
    ("listen", include_str!("schemas/listen.json")),
    ("send", include_str!("schemas/send.json")),
    ("probe", include_str!("schemas/probe.json")),
    ("inspect", include_str!("schemas/inspect.json")),
    ("validate", include_str!("schemas/validate.json")),
    ("drift", include_str!("schemas/drift.json")),
    ("captures", include_str!("schemas/captures.json")),
    ("sign", include_str!("schemas/sign.json")),
    ("verify", include_str!("schemas/verify.json")),
    ("jwks", include_str!("schemas/jwks.json")),
    ("events", include_str!("schemas/events.json")),
    ("rules", include_str!("schemas/rules.json")),
    ("help", include_str!("schemas/help.json")),
    ("recording", include_str!("schemas/recording.json")),
    ("error", include_str!("schemas/error.json")),
    // The lines of `fake` are bodies, which the document of the profile describes.
    ("fake", ""),
];
