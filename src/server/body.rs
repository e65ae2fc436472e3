//! Collects the pieces of a body. A large body is not on the heap, because its memory could not be returned to the system
//! while small allocations around it are in use.

use std::io;

use bytes::{Bytes, BytesMut};
use memmap2::MmapMut;

/// The size from which a body counts as large, in bytes. Real deliveries have about 2 KiB.
const LARGE: usize = 64 * 1024;
/// The most bytes that are reserved for an announced length. Memory that is not written to costs nothing.
const MAX_RESERVED: usize = 1024 * 1024;

/// The received part of a body.
pub(super) enum BodyBuffer {
    Small(BytesMut),
    Large(Mapped),
}

/// A memory map that is separate from the heap.
pub(super) struct Mapped {
    memory: MmapMut,
    length: usize,
}

impl BodyBuffer {
    /// Returns a buffer for a body with this announced length.
    pub(super) fn new(announced: usize) -> io::Result<Self> {
        if announced < LARGE {
            return Ok(Self::Small(BytesMut::new()));
        }
        Ok(Self::Large(Mapped::new(announced.min(MAX_RESERVED))?))
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Small(bytes) => bytes.len(),
            Self::Large(mapped) => mapped.length,
        }
    }

    /// Adds a piece.
    pub(super) fn append(&mut self, piece: &[u8]) -> io::Result<()> {
        match self {
            Self::Small(bytes) if bytes.len() + piece.len() < LARGE => bytes.extend_from_slice(piece),
            Self::Small(bytes) => {
                let mut mapped = Mapped::new(2 * LARGE)?;
                mapped.append(bytes)?;
                mapped.append(piece)?;
                *self = Self::Large(mapped);
            }
            Self::Large(mapped) => mapped.append(piece)?,
        }
        Ok(())
    }

    /// Returns the body.
    pub(super) fn freeze(self) -> Bytes {
        match self {
            Self::Small(bytes) => bytes.freeze(),
            Self::Large(mapped) => Bytes::from_owner(mapped),
        }
    }
}

impl Mapped {
    fn new(size: usize) -> io::Result<Self> {
        Ok(Self { memory: MmapMut::map_anon(size)?, length: 0 })
    }

    fn append(&mut self, piece: &[u8]) -> io::Result<()> {
        let end = self.length + piece.len();
        if end > self.memory.len() {
            let mut larger = MmapMut::map_anon(end.max(2 * self.memory.len()))?;
            larger[..self.length].copy_from_slice(&self.memory[..self.length]);
            self.memory = larger;
        }
        self.memory[self.length..end].copy_from_slice(piece);
        self.length = end;
        Ok(())
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.memory[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_the_same_however_it_is_announced_and_cut() {
        let whole: Vec<u8> = (0..3 * LARGE).map(|index| index.to_le_bytes()[index % 2]).collect();
        for announced in [0, LARGE, 3 * LARGE, usize::MAX] {
            for (length, piece) in [(0, 1), (10, 3), (LARGE, 1000), (LARGE - 1, LARGE), (3 * LARGE, 7777)] {
                let mut buffer = BodyBuffer::new(announced).expect("memory");
                whole[..length].chunks(piece).for_each(|piece| buffer.append(piece).expect("memory"));
                assert_eq!((buffer.len(), &buffer.freeze()[..]), (length, &whole[..length]));
            }
        }
    }
}
