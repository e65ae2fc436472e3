//! Limits the size of a folder of captures. Anybody can send deliveries, and a full disk would stop other programs too.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::models::text::size;

/// The smallest unit of space that file systems allocate, in bytes.
const BLOCK: u64 = 4096;
/// Unverified deliveries may use one in this many bytes of the limit.
const UNVERIFIED_SHARE: u64 = 16;

/// The used space of a folder, and its limit.
#[derive(Debug)]
pub(super) struct FolderLimit {
    all: Share,
    unverified: Share,
    /// The bytes of journal lines about unverified deliveries.
    unverified_lines: Share,
}

#[derive(Debug)]
struct Share {
    limit: u64,
    used: AtomicU64,
    is_reported: AtomicBool,
}

/// The limit that is reached.
#[derive(Debug, thiserror::Error)]
#[error("its limit of {}{} is reached; raise it with --capture-limit", size(*limit), share(*is_unverified))]
pub(super) struct LimitReached {
    pub(super) limit: u64,
    /// Whether it is the limit for unverified deliveries.
    is_unverified: bool,
    pub(super) is_repeated: bool,
}

/// Describes the limit if it is not for all deliveries.
const fn share(is_unverified: bool) -> &'static str {
    if is_unverified { " for unverified deliveries (1/16 of the whole)" } else { "" }
}

/// The reserved space of one file. Dropping this releases the space, unless the file is kept.
#[derive(Debug)]
pub(super) struct Reserved<'a> {
    shares: Vec<&'a Share>,
    bytes: u64,
}

impl FolderLimit {
    /// Returns the limit for a folder that contains files of these lengths.
    pub(super) fn new(limit: u64, lengths: &[u64]) -> Self {
        let share = |limit| Share { limit, used: AtomicU64::new(0), is_reported: AtomicBool::new(false) };
        let all = share(limit);
        all.used.store(lengths.iter().copied().map(space).sum(), Ordering::Relaxed);
        let unverified = || share(limit / UNVERIFIED_SHARE);
        Self { all, unverified: unverified(), unverified_lines: unverified() }
    }

    /// Reserves the space of a file. The file of an unverified delivery also counts for their share.
    pub(super) fn reserve(&self, length: usize, is_verified: bool) -> Result<Reserved<'_>, LimitReached> {
        let mut reserved = Reserved { shares: Vec::with_capacity(2), bytes: space(length as u64) };
        let unverified = (!is_verified).then_some((&self.unverified, true));
        for (share, is_unverified) in unverified.into_iter().chain([(&self.all, false)]) {
            reserved.shares.push(share);
            if share.used.fetch_add(reserved.bytes, Ordering::Relaxed) + reserved.bytes > share.limit {
                let is_repeated = share.is_reported.swap(true, Ordering::Relaxed);
                return Err(LimitReached { limit: share.limit, is_unverified, is_repeated });
            }
        }
        Ok(reserved)
    }

    /// Reserves space permanently for this number of journal bytes. Returns false if the limit is reached.
    pub(super) fn extend(&self, bytes: usize, is_verified: bool) -> bool {
        let unverified = (!is_verified).then_some(&self.unverified_lines);
        let shares = || unverified.into_iter().chain([&self.all]);
        let has_space = |share: &Share| share.used.load(Ordering::Relaxed) + bytes as u64 <= share.limit;
        let fits = shares().all(has_space);
        if fits {
            shares().for_each(|share| _ = share.used.fetch_add(bytes as u64, Ordering::Relaxed));
        }
        fits
    }
}

impl Reserved<'_> {
    /// Keeps the space reserved, because the file is kept.
    pub(super) fn keep(mut self) {
        self.shares.clear();
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        for share in &self.shares {
            share.used.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}

const fn space(length: u64) -> u64 {
    length.div_ceil(BLOCK).saturating_mul(BLOCK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_counted_in_blocks_and_what_is_not_kept_is_given_back() {
        let limit = FolderLimit::new(4 * BLOCK, &[1, BLOCK]);
        drop(limit.reserve(5000, true).expect("there is space"));
        limit.reserve(1, true).expect("there is space").keep();
        assert!(limit.reserve(4097, true).is_err_and(|full| !full.is_repeated));
        limit.reserve(4096, true).expect("there is space").keep();
        assert!(limit.reserve(1, true).is_err_and(|full| full.is_repeated));
    }

    #[test]
    fn what_nobody_authenticated_has_a_sixteenth() {
        let limit = FolderLimit::new(32 * BLOCK, &[]);
        limit.reserve(1, false).expect("there is space").keep();
        limit.reserve(1, false).expect("there is space").keep();
        assert!(limit.reserve(1, false).is_err_and(|full| full.limit == 2 * BLOCK));
        for _ in 2..32 {
            limit.reserve(1, true).expect("there is space").keep();
        }
        assert!(limit.reserve(1, true).is_err_and(|full| full.limit == 32 * BLOCK));
    }
}
