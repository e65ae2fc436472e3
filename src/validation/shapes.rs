//! The shapes of a profile.

use std::sync::OnceLock;

use crate::models::event::EventKind;
use crate::profiles::document::Document;
use crate::profiles::shape::Shape;
use crate::profiles::{ALL, Profile};

/// The shapes in the document of a profile.
#[derive(Debug)]
pub(super) struct ProfileShapes {
    pub(super) profile: &'static Profile,
    /// The shapes of bodies, in the order of [`Profile::bodies`].
    pub(super) bodies: Vec<Shape>,
    /// The shape that all bodies share.
    pub(super) base: Shape,
    pub(super) headers: Shape,
}

impl ProfileShapes {
    /// Returns the shapes. The first call reads the document.
    pub(super) fn get(profile: &'static Profile) -> &'static Self {
        static SHAPES: [OnceLock<ProfileShapes>; ALL.len()] = [const { OnceLock::new() }; ALL.len()];
        SHAPES[profile.index()].get_or_init(|| {
            let document = Document::new(profile);
            Self {
                profile,
                bodies: profile.bodies.iter().map(|body| document.shape(body)).collect(),
                base: document.base_shape(),
                headers: document.header_shape(),
            }
        })
    }

    /// Returns the shape of bodies for an event.
    pub(super) fn body(&self, kind: EventKind) -> Option<&Shape> {
        self.profile.body_index(kind).map(|index| &self.bodies[index])
    }
}
