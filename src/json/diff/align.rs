//! Alignment of the items of two arrays.

use std::collections::HashMap;
use std::hash::Hash;

/// The maximum number of comparisons between items. Longer arrays are aligned only by the items that occur once in both.
const MAX_COMPARISONS: usize = 1 << 20;

/// Returns the indexes of equal items, in order in both lists.
pub(super) fn align<T: Copy + Eq + Hash>(before: &[T], after: &[T]) -> Vec<(usize, usize)> {
    let start = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    let (old, new) = (&before[start..], &after[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    let middle = if old.len().saturating_mul(new.len()) <= MAX_COMPARISONS {
        longest_common(old, new)
    } else {
        common_once(old, new)
    };
    let ends = (0..end).map(|step| (before.len() - end + step, after.len() - end + step));
    let middle = middle.into_iter().map(|(i, j)| (start + i, start + j));
    (0..start).map(|index| (index, index)).chain(middle).chain(ends).collect()
}

/// Returns the longest common subsequence.
fn longest_common<T: Eq>(before: &[T], after: &[T]) -> Vec<(usize, usize)> {
    let width = after.len() + 1;
    let mut lengths = vec![0_u32; (before.len() + 1) * width];
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            lengths[i * width + j] = if before[i] == after[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < before.len() && j < after.len() {
        if before[i] == after[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Returns the longest common subsequence of the items that occur once in each list, by patience sorting.
fn common_once<T: Copy + Eq + Hash>(before: &[T], after: &[T]) -> Vec<(usize, usize)> {
    let once = |items: &[T]| {
        let mut places: HashMap<T, Option<usize>> = HashMap::new();
        for (index, item) in items.iter().enumerate() {
            places.entry(*item).and_modify(|place| *place = None).or_insert(Some(index));
        }
        places
    };
    let (old, new) = (once(before), once(after));
    let candidates = before.iter().enumerate().filter_map(|(index, item)| {
        old.get(item).copied().flatten()?;
        Some((index, new.get(item).copied().flatten()?))
    });
    // The last candidate of the best sequence of each length, and the predecessor of each candidate.
    let mut ends: Vec<usize> = Vec::new();
    let mut found: Vec<((usize, usize), Option<usize>)> = Vec::new();
    for pair in candidates {
        let length = ends.partition_point(|end| found[*end].0.1 < pair.1);
        let before = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = found.len(),
            None => ends.push(found.len()),
        }
        found.push((pair, before));
    }
    let last = ends.last().copied();
    let mut pairs: Vec<_> = std::iter::successors(last, |index| found[*index].1).map(|index| found[index].0).collect();
    pairs.reverse();
    pairs
}
