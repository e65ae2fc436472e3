//! `--set path=JSON` and `--unset path`: what a user wants different in a generated body.

use serde_json::Value;

use crate::models::event::EventKind;

/// One change to a body.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Puts a value at a path; the last step may be new, those before it must be there.
    Set(Path, Value),
    /// Takes what is at a path away.
    Unset(Path),
}

/// Steps from the top of a body downward: `page.version.number`, or `/page/version/number` where a key has a dot in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    written: String,
    steps: Vec<String>,
}

/// Why an edit cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// `--set page.title`
    #[error("`{0}` has no `=`: write PATH=JSON, page.title='\"Plan\"' for example")]
    NoValue(String),
    /// `--set page.title=Plan`
    #[error("{value} is not JSON; a string is written in quotes: {path}='\"{value}\"'")]
    NotJson {
        /// Where it was to go.
        path: String,
        /// What was given.
        value: String,
    },
    /// An empty path or an empty step.
    #[error("`{0}` is no path: write steps with dots between, page.version.number for example")]
    NoPath(String),
    /// The body has nothing there.
    #[error("{} has no `{path}`", .kind.map_or("the body", EventKind::name))]
    NotThere {
        /// The path as written.
        path: String,
        /// The event of the body.
        kind: Option<EventKind>,
    },
}

impl EditError {
    pub(super) fn of(self, event: EventKind) -> Self {
        match self {
            Self::NotThere { path, .. } => Self::NotThere { path, kind: Some(event) },
            other => other,
        }
    }
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// When it is empty or a step of it is.
    pub fn read(written: &str) -> Result<Self, EditError> {
        let steps: Vec<String> = match written.strip_prefix('/') {
            Some(pointer) => pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect(),
            None => written.split('.').map(str::to_owned).collect(),
        };
        if steps.iter().any(String::is_empty) {
            return Err(EditError::NoPath(written.to_owned()));
        }
        Ok(Self { written: written.to_owned(), steps })
    }

    /// Where the path ends: what holds its last step, and that step.
    fn end<'v>(&self, body: &'v mut Value) -> Result<(&'v mut Value, &str), EditError> {
        let (last, before) = self.steps.split_last().ok_or_else(|| EditError::NoPath(self.written.clone()))?;
        let holder = before.iter().try_fold(body, |value, step| step_into(value, step));
        Ok((holder.ok_or_else(|| self.not_there())?, last))
    }

    fn not_there(&self) -> EditError {
        EditError::NotThere { path: self.written.clone(), kind: None }
    }
}

fn step_into<'v>(value: &'v mut Value, step: &str) -> Option<&'v mut Value> {
    match value {
        Value::Object(members) => members.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    }
}

impl Edit {
    /// Reads `PATH=JSON`.
    ///
    /// # Errors
    /// When there is no `=`, no path before it or no JSON behind it.
    pub fn set(written: &str) -> Result<Self, EditError> {
        let (path, value) = written.split_once('=').ok_or_else(|| EditError::NoValue(written.to_owned()))?;
        let json = serde_json::from_str(value)
            .map_err(|_| EditError::NotJson { path: path.to_owned(), value: value.to_owned() })?;
        Ok(Self::Set(Path::read(path)?, json))
    }

    /// Reads `PATH`.
    ///
    /// # Errors
    /// When it is no path.
    pub fn unset(written: &str) -> Result<Self, EditError> {
        Path::read(written).map(Self::Unset)
    }

    /// Makes the change.
    ///
    /// # Errors
    /// When the body has nothing at the path.
    pub fn apply(&self, body: &mut Value) -> Result<(), EditError> {
        match self {
            Self::Set(path, new) => match path.end(body)? {
                (Value::Object(members), key) => {
                    members.insert(key.to_owned(), new.clone());
                    Ok(())
                }
                (holder, step) => step_into(holder, step).map(|old| *old = new.clone()).ok_or_else(|| path.not_there()),
            },
            Self::Unset(path) => {
                let gone = match path.end(body)? {
                    // Not `swap_remove`: the other properties keep their order.
                    (Value::Object(members), key) => members.shift_remove(key),
                    (Value::Array(items), step) => {
                        step.parse().ok().filter(|&index: &usize| index < items.len()).map(|index| items.remove(index))
                    }
                    _ => None,
                };
                gone.map(|_| ()).ok_or_else(|| path.not_there())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edited(edit: &Edit) -> Result<Value, EditError> {
        let mut body = json!({ "a": { "b": 1, "c.d": [1, 2] }, "e": 3 });
        edit.apply(&mut body).map(|()| body)
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
        let without = edited(&Edit::unset("a").expect("a path")).expect("it is there");
        assert_eq!(without.to_string(), r#"{"e":3}"#);
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        assert!(matches!(set("a.b"), Err(EditError::NoValue(_))));
        assert!(matches!(set("a.b=Plan"), Err(EditError::NotJson { .. })));
        assert!(matches!(set("a..b=1"), Err(EditError::NoPath(_))));
        assert!(matches!(set("x.y=1"), Err(EditError::NotThere { .. })));
        assert!(matches!(edited(&Edit::unset("a.x").expect("a path")), Err(EditError::NotThere { .. })));
    }
}
