//! `--set PATH=JSON` and `--unset PATH`: changes to a generated body.

use serde_json::Value;

use crate::models::event::EventKind;

/// One change to a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The path as the user wrote it: `page.version.number`, or `/page/version/number` if a key has a dot in it.
    path: String,
    /// A JSON pointer to what holds the last step.
    parent: String,
    /// The last step: a key, or an index of an array.
    key: String,
    /// The new value; `None` removes the old one.
    value: Option<Value>,
}

/// Why an edit is invalid or does not fit a body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// `--set page.title`
    #[error("`{0}` has no `=`: write PATH=JSON, page.title='\"Plan\"' for example")]
    NoValue(String),
    /// `--set page.title=Plan`
    #[error("{value} is not JSON: write a string in quotes, {path}='\"{value}\"'")]
    NotJson {
        /// The path as the user wrote it.
        path: String,
        /// The value as the user wrote it.
        value: String,
    },
    /// An empty path or an empty step.
    #[error("`{0}` is not a path: separate its steps with dots, page.version.number for example")]
    InvalidPath(String),
    /// The body has nothing at the path.
    #[error("{kind} has no `{path}`")]
    NotFound {
        /// The path as the user wrote it.
        path: String,
        /// The event of the body.
        kind: EventKind,
    },
}

impl Edit {
    /// Parses `PATH=JSON`: puts a value at the path. The last step may be new, those before it must exist.
    ///
    /// # Errors
    /// When there is no `=`, no valid path before it or no JSON after it.
    pub fn set(text: &str) -> Result<Self, EditError> {
        let (path, value) = text.split_once('=').ok_or_else(|| EditError::NoValue(text.to_owned()))?;
        let json = serde_json::from_str(value)
            .map_err(|_| EditError::NotJson { path: path.to_owned(), value: value.to_owned() })?;
        Self::new(path, Some(json))
    }

    /// Parses `PATH`: removes what is at the path.
    ///
    /// # Errors
    /// When the path is invalid.
    pub fn unset(path: &str) -> Result<Self, EditError> {
        Self::new(path, None)
    }

    fn new(path: &str, value: Option<Value>) -> Result<Self, EditError> {
        let pointer = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{}", path.replace('~', "~0").replace('/', "~1").replace('.', "/"))
        };
        match pointer.rsplit_once('/') {
            Some((parent, key)) if pointer.split('/').skip(1).all(|step| !step.is_empty()) => {
                let key = key.replace("~1", "/").replace("~0", "~");
                Ok(Self { path: path.to_owned(), parent: parent.to_owned(), key, value })
            }
            _ => Err(EditError::InvalidPath(path.to_owned())),
        }
    }

    /// Changes the body of an event of this kind.
    ///
    /// # Errors
    /// When the body has nothing at the path.
    pub fn apply(&self, kind: EventKind, body: &mut Value) -> Result<(), EditError> {
        let value = self.value.clone();
        let old = match (body.pointer_mut(&self.parent), value) {
            (Some(Value::Object(members)), Some(value)) => {
                members.insert(self.key.clone(), value);
                return Ok(());
            }
            // Not `swap_remove`: the other properties keep their order.
            (Some(Value::Object(members)), None) => members.shift_remove(&self.key),
            (Some(Value::Array(items)), value) => {
                let index = self.key.parse().ok().filter(|index: &usize| *index < items.len());
                index.map(|index| match value {
                    Some(value) => std::mem::replace(&mut items[index], value),
                    None => items.remove(index),
                })
            }
            _ => None,
        };
        old.map(|_| ()).ok_or_else(|| EditError::NotFound { path: self.path.clone(), kind })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edited(edit: &Edit) -> Result<Value, EditError> {
        let mut body = json!({ "a": { "b": 1, "c.d": [1, 2] }, "e": 3 });
        edit.apply("page_created".parse().expect("an event"), &mut body).map(|()| body)
    }

    fn set(written: &str) -> Result<Value, EditError> {
        edited(&Edit::set(written)?)
    }

    #[test]
    fn a_value_is_put_where_the_path_leads() {
        assert_eq!(set("a.b=null"), Ok(json!({ "a": { "b": null, "c.d": [1, 2] }, "e": 3 })));
        assert_eq!(set("a.new={\"x\":1}"), Ok(json!({ "a": { "b": 1, "c.d": [1, 2], "new": { "x": 1 } }, "e": 3 })));
        assert_eq!(set("/a/c.d/1=\"=\""), Ok(json!({ "a": { "b": 1, "c.d": [1, "="] }, "e": 3 })));
    }

    #[test]
    fn what_is_unset_is_gone_and_the_rest_keeps_its_order() {
        let without = edited(&Edit::unset("a").expect("a path")).expect("it exists");
        assert_eq!(without.to_string(), r#"{"e":3}"#);
        let without = edited(&Edit::unset("/a/c.d/0").expect("a path")).expect("it exists");
        assert_eq!(without["a"]["c.d"], json!([2]));
    }

    #[test]
    fn an_edit_that_does_not_fit_is_an_error() {
        assert!(matches!(set("a.b"), Err(EditError::NoValue(_))));
        assert!(matches!(set("a.b=Plan"), Err(EditError::NotJson { .. })));
        assert!(matches!(set("a..b=1"), Err(EditError::InvalidPath(_))));
        assert!(matches!(set("x.y=1"), Err(EditError::NotFound { .. })));
        assert!(matches!(edited(&Edit::unset("a.x").expect("a path")), Err(EditError::NotFound { .. })));
    }
}
