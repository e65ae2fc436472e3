//! The tree.

use std::borrow::Cow;
use std::ops::Range;

use super::json_type::JsonType;
use super::number;
use super::span::Span;

/// A value and its position. Both are small: a body may have a value in every other byte.
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
    /// As written.
    Number(&'a str),
    /// Decoded.
    String(Cow<'a, str>),
    /// In order.
    Array(Box<[Node<'a>]>),
    /// In the order of the body, repeated keys included.
    Object(Box<[Member<'a>]>),
}

/// A key and its value.
#[derive(Debug)]
pub struct Member<'a> {
    /// Decoded.
    pub key: Cow<'a, str>,
    key_span: Span,
    /// Its value.
    pub node: Node<'a>,
}

impl Value<'_> {
    /// The type of the value; a number without a fraction is a `Number` too.
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

    /// The key with its quotes, in bytes of the body.
    pub const fn key_span(&self) -> Range<usize> {
        self.key_span.range()
    }
}

impl<'a> Node<'a> {
    pub(super) fn new(span: Range<usize>, value: Value<'a>) -> Self {
        Self { span: Span::new(span), value }
    }

    /// In bytes of the body.
    pub const fn span(&self) -> Range<usize> {
        self.span.range()
    }

    /// The members of an object.
    pub fn members(&self) -> Option<&[Member<'a>]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The value of a key of an object; of a repeated key the last, as most parsers have it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members()?.iter().rev().find(|member| member.key == key).map(|member| &member.node)
    }

    /// The value of a key of an object, or of an index of an array.
    pub fn child(&self, step: &str) -> Option<&Self> {
        match &self.value {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => self.get(step),
        }
    }

    /// The value at a JSON Pointer (RFC 6901) without escapes.
    pub fn at(&self, pointer: &str) -> Option<&Self> {
        pointer.split('/').skip(1).try_fold(self, Self::child)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a number that is an integer and fits 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.value {
            Value::Number(number) => number::to_i64(number),
            _ => None,
        }
    }

    /// The opening bracket of an array or an object.
    pub const fn opening(&self) -> Range<usize> {
        self.span().start..self.span().start + 1
    }
}
