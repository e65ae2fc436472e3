//! What the document of a profile declares.

use std::sync::OnceLock;

use crate::models::event::Entity;
use crate::profiles::document::Document;
use crate::profiles::shape::Shape;
use crate::profiles::{ALL, Profile};

/// The shapes that a profile's document declares.
#[derive(Debug)]
pub(super) struct ProfileShapes {
    pub(super) profile: &'static Profile,
    /// Bodies, in the order of [`Entity::ALL`].
    pub(super) bodies: [Shape; Entity::ALL.len()],
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
                bodies: Entity::ALL.map(|entity| document.shape(entity)),
                base: document.base_shape(),
                headers: document.header_shape(),
            }
        })
    }

    pub(super) const fn body(&self, entity: Entity) -> &Shape {
        &self.bodies[entity as usize]
    }
}
