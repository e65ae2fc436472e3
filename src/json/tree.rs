//! The tree of a parsed body.

use std::borrow::Cow;
use std::ops::Range;

use super::json_type::JsonType;
use super::number;
use super::span::Span;

/// A value and its position. It is small, because a hostile body has a value in every other byte.
#[derive(Debug)]
pub struct Node<'a> {
    span: Span,
    /// The value.
    pub value: Value<'a>,
}

/// A value.
#[derive(Debug)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number, as written.
    Number(&'a str),
    /// A decoded string.
    String(Cow<'a, str>),
    /// The items, in order.
    Array(Box<[Node<'a>]>),
    /// The members, in order, including repeated keys.
    Object(Box<[Member<'a>]>),
}

/// A key and its value.
#[derive(Debug)]
pub struct Member<'a> {
    /// The decoded key.
    pub key: Cow<'a, str>,
    key_span: Span,
    /// The value.
    pub node: Node<'a>,
}

impl Value<'_> {
    /// Returns the type of the value. It is `Number` for all numbers, including integers.
    pub const fn json_type(&self) -> JsonType {
        match self {
            Self::Null => JsonType::Null,
            Self::Boolean(_) => JsonType::Boolean,
            Self::Number(_) => JsonType::Number,
            Self::String(_) => JsonType::String,
            Self::Array(_) => JsonType::Array,
            Self::Object(_) => JsonType::Object,
        }
    }
}

impl<'a> Member<'a> {
    pub(super) fn new(key: Cow<'a, str>, key_span: Range<usize>, node: Node<'a>) -> Self {
        Self { key, key_span: Span::new(key_span), node }
    }

    /// Returns the position of the key with its quotes, in bytes.
    pub const fn key_span(&self) -> Range<usize> {
        self.key_span.range()
    }
}

impl<'a> Node<'a> {
    pub(super) fn new(span: Range<usize>, value: Value<'a>) -> Self {
        Self { span: Span::new(span), value }
    }

    /// Returns the position, in bytes.
    pub const fn span(&self) -> Range<usize> {
        self.span.range()
    }

    /// Returns the members of an object.
    pub fn members(&self) -> Option<&[Member<'a>]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Returns the value of a key. If the key is repeated, the last value counts, as in most parsers.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members()?.iter().rev().find(|member| member.key == key).map(|member| &member.node)
    }

    /// Returns the value of a key or of an array index.
    pub fn child(&self, step: &str) -> Option<&Self> {
        match &self.value {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => self.get(step),
        }
    }

    /// Returns the value at a JSON Pointer (RFC 6901). The pointer must not have escapes.
    pub fn at(&self, pointer: &str) -> Option<&Self> {
        pointer.split('/').skip(1).try_fold(self, Self::child)
    }

    /// Returns the text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value of an integer that fits 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.value {
            Value::Number(number) => number::to_i64(number),
            _ => None,
        }
    }

    /// Returns the position of the opening bracket of an array or object.
    pub const fn opening(&self) -> Range<usize> {
        self.span().start..self.span().start + 1
    }
}
