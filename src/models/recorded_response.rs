//! Responses in results: in the journal, in JSON output, and in the web inspector.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize, Serializer};

use super::headers::Headers;
use super::response::Response;

/// A response for results. The body is text if it is valid UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedResponse<'a> {
    /// The status, 100 to 999.
    pub status: u16,
    /// The header fields, in the received order.
    pub headers: Vec<HeaderField<'a>>,
    /// The body, if it is UTF-8.
    pub body: Option<Cow<'a, str>>,
    /// The body in base64, if it is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
    /// Whether the body is truncated.
    pub truncated: bool,
}

/// A header field for results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderField<'a> {
    /// The name, in the received case.
    pub name: Cow<'a, str>,
    /// The value. Invalid UTF-8 is replaced.
    pub value: Cow<'a, str>,
}

impl<'a> From<&'a Response> for RecordedResponse<'a> {
    /// Describes a response. Removes a partial character at the end of a truncated body.
    fn from(response: &'a Response) -> Self {
        let is_truncated = response.is_truncated;
        let (body, body_base64) = match std::str::from_utf8(&response.body) {
            Ok(text) => (Some(Cow::Borrowed(text)), None),
            Err(error) if is_truncated && error.error_len().is_none() => {
                let whole = &response.body[..error.valid_up_to()];
                (Some(String::from_utf8_lossy(whole)), None)
            }
            Err(_) => (None, Some(STANDARD.encode(&response.body))),
        };
        let headers = header_fields(&response.headers);
        Self { status: response.status, headers, body, body_base64, truncated: is_truncated }
    }
}

impl RecordedResponse<'_> {
    /// Converts borrowed strings to owned strings.
    pub fn into_owned(self) -> RecordedResponse<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let headers =
            self.headers.into_iter().map(|field| HeaderField { name: own(field.name), value: own(field.value) });
        RecordedResponse {
            status: self.status,
            headers: headers.collect(),
            body: self.body.map(own),
            body_base64: self.body_base64,
            truncated: self.truncated,
        }
    }

    /// Converts the record back to a response.
    pub fn to_response(&self) -> Response {
        let headers = self.headers.iter().map(|field| (&*field.name, field.value.as_bytes())).collect();
        let decoded = || STANDARD.decode(self.body_base64.as_deref().unwrap_or_default()).unwrap_or_default();
        let body = self.body.as_ref().map_or_else(decoded, |body| body.as_bytes().to_vec());
        Response { is_truncated: self.truncated, ..Response::new(self.status, headers, body) }
    }
}

impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RecordedResponse::from(self).serialize(serializer)
    }
}

/// Returns header fields for results.
pub fn header_fields(headers: &Headers) -> Vec<HeaderField<'_>> {
    let field = |(name, value)| HeaderField { name: Cow::Borrowed(name), value: String::from_utf8_lossy(value) };
    headers.iter().map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(body: &'static [u8], is_truncated: bool) -> serde_json::Value {
        let mut headers = Headers::new();
        headers.append("X-Odd", &b"caf\xe9"[..]);
        let response = Response { is_truncated, ..Response::new(422, headers, body) };
        let recorded = RecordedResponse::from(&response);
        assert_eq!(RecordedResponse::from(&recorded.to_response()), recorded);
        serde_json::to_value(recorded).expect("JSON")
    }

    #[test]
    fn a_body_is_text_if_it_is_text_and_else_base64() {
        assert_eq!(
            recorded("né\n".as_bytes(), false),
            serde_json::json!({
                "status": 422,
                "headers": [{"name": "X-Odd", "value": "caf\u{fffd}"}],
                "body": "né\n",
                "truncated": false,
            })
        );
        assert_eq!(recorded(b"a\xe9b", true)["body_base64"], "Yeli");
        assert_eq!(recorded(b"a\xe9b", true)["body"], serde_json::Value::Null);
    }

    #[test]
    fn a_character_that_was_cut_in_two_is_left_out() {
        assert_eq!(recorded(b"caf\xc3", true)["body"], "caf");
        assert_eq!(recorded(b"caf\xc3", false)["body"], serde_json::Value::Null);
    }
}
