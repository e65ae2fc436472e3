//! What a profile declares about the bodies of each event.

use std::sync::OnceLock;

use crate::profiles::Profile;
use crate::profiles::document::Document;
use crate::profiles::shape::Shape;

use super::event_group::EventGroup;

/// What bodies are compared with. Shapes are read from the document when they are needed.
#[derive(Debug)]
pub struct DeclaredBodies {
    profile: &'static Profile,
    document: Document,
    /// Of each form of bodies, in the order of the profile.
    shapes: Vec<OnceLock<Shape>>,
    base: OnceLock<Shape>,
}

impl DeclaredBodies {
    /// Returns what the document of a profile declares.
    pub fn new(profile: &'static Profile) -> Self {
        let shapes = profile.bodies.iter().map(|_| OnceLock::new()).collect();
        Self { profile, document: Document::new(profile), shapes, base: OnceLock::new() }
    }

    /// The profile of the document.
    pub const fn profile(&self) -> &'static Profile {
        self.profile
    }

    /// What is declared about the bodies of a group; about all bodies, if nothing else is known.
    pub(super) fn shape(&self, group: EventGroup) -> &Shape {
        let form = group.form(self.profile);
        let index = form.and_then(|form| self.profile.bodies.iter().position(|body| std::ptr::eq(body, form)));
        match form.zip(index.and_then(|index| self.shapes.get(index))) {
            Some((form, shape)) => shape.get_or_init(|| self.document.shape(form)),
            None => self.base.get_or_init(|| self.document.base_shape()),
        }
    }
}
