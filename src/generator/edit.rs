//! `--set PATH=JSON` and `--unset PATH`: edits of a body that change no other bytes.

use std::ops::Range;

use serde_json::Value as JsonValue;

use crate::json::{self, Member, Node, Replacement, Value, removals, splice};
use crate::models::gzip;

/// Why a compressed body cannot be edited.
pub const COMPRESSED: &str = "the body is compressed with gzip; decompress it first";

/// An edit of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The path, as written: `page.version.number`, or `/page/version/number` if a key contains a dot.
    path: String,
    /// The steps before the last one: keys and array indexes.
    parents: Vec<String>,
    /// The last step.
    key: String,
    /// The new value, as written. `None` removes the old value.
    value: Option<String>,
}

/// The error for an edit that is invalid or does not fit a body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No `=`: `--set page.title`.
    #[error("`{0}` has no `=`; write PATH=JSON, for example page.title='\"Plan\"'")]
    NoValue(String),
    /// The value is not JSON: `--set page.title=Plan`.
    #[error("{value} is not JSON: write a string in quotes: {path}='\"{value}\"'")]
    NotJson {
        /// The path, as written.
        path: String,
        /// The value, as written.
        value: String,
    },
    /// The path or one of its steps is empty.
    #[error("`{0}` is not a path: separate its steps with dots, for example page.version.number")]
    InvalidPath(String),
    /// The body has no value at the path.
    #[error("{subject} has no `{path}`")]
    NotFound {
        /// The path, as written.
        path: String,
        /// The event or the file of the body.
        subject: String,
    },
    /// The body is not JSON.
    #[error("{subject} cannot be edited: {reason}")]
    InvalidBody {
        /// The event or the file of the body.
        subject: String,
        /// Why it is not JSON.
        reason: String,
    },
}

impl Edit {
    /// Parses `PATH=JSON`, which sets a value. All steps before the last one must exist in the body.
    ///
    /// # Errors
    ///
    /// Returns an error if `=` is missing, the path is invalid, or the value is not JSON.
    pub fn set(text: &str) -> Result<Self, EditError> {
        let (path, value) = text.split_once('=').ok_or_else(|| EditError::NoValue(text.to_owned()))?;
        let not_json = |_| EditError::NotJson { path: path.to_owned(), value: value.to_owned() };
        json::parse(value.as_bytes()).map_err(not_json)?;
        // A newline can only be white space here, and the body may have to stay on one line.
        Self::new(path, Some(value.trim().replace(['\n', '\r'], " ")))
    }

    /// Parses `PATH`, which removes a value.
    ///
    /// # Errors
    ///
    /// Returns an error if the path is invalid.
    pub fn unset(path: &str) -> Result<Self, EditError> {
        Self::new(path, None)
    }

    fn new(path: &str, value: Option<String>) -> Result<Self, EditError> {
        let mut parents: Vec<String> = match path.strip_prefix('/') {
            Some(pointer) => pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect(),
            None => path.split('.').map(str::to_owned).collect(),
        };
        match parents.pop().filter(|key| !key.is_empty() && parents.iter().all(|step| !step.is_empty())) {
            Some(key) => Ok(Self { path: path.to_owned(), parents, key, value }),
            None => Err(EditError::InvalidPath(path.to_owned())),
        }
    }

    /// Applies the edit to a body. `subject` is the event or the file, for error messages.
    ///
    /// If a key is repeated, `--set` changes its last value, which most parsers use. `--unset` removes all of its values.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not JSON, or has no value at the path.
    pub fn apply(&self, subject: &str, body: &[u8]) -> Result<Vec<u8>, EditError> {
        let invalid = |reason| EditError::InvalidBody { subject: subject.to_owned(), reason };
        if body.starts_with(gzip::MAGIC) {
            return Err(invalid(COMPRESSED.to_owned()));
        }
        let tree = json::parse(body).map_err(|error| invalid(error.message))?;
        let not_found = || EditError::NotFound { path: self.path.clone(), subject: subject.to_owned() };
        Ok(splice(body, &self.replacements(&tree, body).ok_or_else(not_found)?))
    }

    /// Returns the replacements, in order, or `None` if the body has no value at the path.
    fn replacements(&self, root: &Node<'_>, body: &[u8]) -> Option<Vec<Replacement>> {
        let parent = self.parents.iter().try_fold(root, |node, step| node.child(step))?;
        let old = parent.child(&self.key);
        match (&parent.value, &self.value) {
            (_, Some(value)) if old.is_some() => old.map(|old| vec![(old.span(), value.clone())]),
            (Value::Object(members), Some(value)) => Some(vec![self.insertion(parent, members, value, body)]),
            (Value::Object(members), None) => {
                let entry =
                    |member: &Member<'_>| (member.key_span().start..member.node.span().end, member.key == self.key);
                removals(&members.iter().map(entry).collect::<Vec<_>>())
            }
            (Value::Array(items), None) => {
                let is_old = |item: &Node<'_>| old.is_some_and(|old| old.span() == item.span());
                removals(&items.iter().map(|item| (item.span(), is_old(item))).collect::<Vec<_>>())
            }
            _ => None,
        }
    }

    /// Returns the insertion of a new member at the end of an object, with the white space of the previous member.
    fn insertion(&self, parent: &Node<'_>, members: &[Member<'_>], value: &str, body: &[u8]) -> Replacement {
        let key = JsonValue::from(self.key.as_str());
        let Some(last) = members.last() else {
            let start = parent.opening().end;
            return (start..start, format!("{key}:{value}"));
        };
        let text = |span: Range<usize>| String::from_utf8_lossy(&body[span]).into_owned();
        let before = body[..last.key_span().start].trim_ascii_end().len()..last.key_span().start;
        let between = last.key_span().end..last.node.span().start;
        let end = last.node.span().end;
        (end..end, format!(",{}{key}{}{value}", text(before), text(between)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(edit: &Edit, body: &str) -> Result<String, EditError> {
        edit.apply("page_created", body.as_bytes()).map(|body| String::from_utf8(body).expect("text"))
    }

    #[track_caller]
    fn expect_set(written: &str, body: &str, expected: &str) {
        assert_eq!(edited(&Edit::set(written).expect("an edit"), body).as_deref(), Ok(expected));
    }

    #[track_caller]
    fn expect_unset(path: &str, body: &str, expected: &str) {
        assert_eq!(edited(&Edit::unset(path).expect("a path"), body).as_deref(), Ok(expected));
    }

    const BODY: &str = "{ \"a\" : {\"b\":1.50,\t\"c.d\": [ 1e2 , 2 ]} ,\r\n \"e\":\"\\u00e9\\/\" }\n";

    #[test]
    fn only_the_value_at_the_path_changes() {
        expect_set("a.b=null", BODY, &BODY.replace("1.50", "null"));
        expect_set("/a/c.d/0=\"=\"", BODY, &BODY.replace("1e2", "\"=\""));
        expect_set("e=-0.0e+1", BODY, &BODY.replace("\"\\u00e9\\/\"", "-0.0e+1"));
        expect_set("a= {\"x\" :\n1} ", "{\"a\":2}", "{\"a\":{\"x\" : 1}}");
        expect_set("é=1", r#"{"\u00e9" : 2}"#, r#"{"\u00e9" : 1}"#);
    }

    #[test]
    fn a_new_member_has_the_white_space_of_the_previous_one() {
        expect_set("new=1", "{}", "{\"new\":1}");
        expect_set("new=1", "{ }", "{\"new\":1 }");
        expect_set(
            "a.b=1",
            "{\n  \"a\": {\n    \"x\": 1\n  }\n}",
            "{\n  \"a\": {\n    \"x\": 1,\n    \"b\": 1\n  }\n}",
        );
        expect_set("/a~1\"=1", "{\"x\" :0 , \"y\": 2}", "{\"x\" :0 , \"y\": 2, \"a/\\\"\": 1}");
    }

    #[test]
    fn an_unset_member_is_removed_with_its_comma() {
        expect_unset("a", BODY, "{ \"e\":\"\\u00e9\\/\" }\n");
        expect_unset("e", BODY, "{ \"a\" : {\"b\":1.50,\t\"c.d\": [ 1e2 , 2 ]} }\n");
        expect_unset("/a/c.d/0", BODY, &BODY.replace("1e2 , ", ""));
        expect_unset("/a/c.d/1", BODY, &BODY.replace(" , 2", ""));
        expect_unset("a", "{ \"a\":1 }", "{  }");
    }

    #[test]
    fn the_last_of_repeated_keys_is_set_and_all_are_unset() {
        let body = r#"{"a":1,"b":2,"\u0061":3,"c":4,"a":{"x":5}}"#;
        expect_set("a=0", body, r#"{"a":1,"b":2,"\u0061":3,"c":4,"a":0}"#);
        expect_set("a.x=0", body, r#"{"a":1,"b":2,"\u0061":3,"c":4,"a":{"x":0}}"#);
        expect_unset("a", body, r#"{"b":2,"c":4}"#);
        expect_unset("a", r#"{"a":1,"a":2,"b":3,"a":4,"a":5}"#, r#"{"b":3}"#);
        expect_unset("a", r#"{"a":1, "a":2}"#, "{}");
    }

    #[test]
    fn an_edit_that_does_not_fit_is_an_error() {
        let set = |written: &str| Edit::set(written).and_then(|edit| edited(&edit, BODY));
        assert!(matches!(set("a.b"), Err(EditError::NoValue(_))));
        assert!(matches!(set("a.b=Plan"), Err(EditError::NotJson { .. })));
        for path in ["a..b=1", "=1", "/=1", ".=1", "/a/=1"] {
            assert!(matches!(set(path), Err(EditError::InvalidPath(_))), "{path}");
        }
        for path in ["x.y=1", "e.x=1", "/a/c.d/2=1", "/a/c.d/x=1"] {
            assert!(matches!(set(path), Err(EditError::NotFound { .. })), "{path}");
        }
        let unset = |path: &str, body| edited(&Edit::unset(path).expect("a path"), body);
        assert!(matches!(unset("a.x", BODY), Err(EditError::NotFound { .. })));
        let compressed = Edit::unset("a").expect("a path").apply("x.http", gzip::MAGIC).expect_err("it is not text");
        assert_eq!(compressed.to_string(), format!("x.http cannot be edited: {COMPRESSED}"));
        let error = unset("a", "{").expect_err("it is not JSON").to_string();
        assert!(error.starts_with("page_created cannot be edited: the body is not JSON"), "{error}");
    }
}
