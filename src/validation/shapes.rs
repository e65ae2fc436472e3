//! What the document of a profile declares.

use std::sync::OnceLock;

use crate::models::event::EventKind;
use crate::profiles::document::Document;
use crate::profiles::shape::Shape;
use crate::profiles::{ALL, Profile};

/// The shapes that a profile's document declares.
#[derive(Debug)]
pub(super) struct ProfileShapes {
    pub(super) profile: &'static Profile,
    /// Bodies, in the order of [`Profile::bodies`].
    pub(super) bodies: Vec<Shape>,
    /// What all bodies have.
    pub(super) base: Shape,
    pub(super) headers: Shape,
}

impl ProfileShapes {
    /// Reads the document when it is asked for the first time.
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

    /// The shape of the bodies about an event.
    pub(super) fn body(&self, kind: EventKind) -> Option<&Shape> {
        self.profile.body_index(kind).map(|index| &self.bodies[index])
    }
}
