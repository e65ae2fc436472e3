//! Finds which elements are needed: removes halves, then halves of these.

use std::ops::Range;

/// Finds which of `count` elements are needed. `holds` returns whether the condition holds with only the elements that are `true`.
///
/// # Errors
/// Returns the error of `holds`.
pub(super) fn needed<E>(count: usize, mut holds: impl FnMut(&[bool]) -> Result<bool, E>) -> Result<Vec<bool>, E> {
    let mut kept = vec![true; count];
    reduce(&mut kept, 0..count, false, &mut holds)?;
    Ok(kept)
}

/// Removes elements of a range. `has_needed` says that at least one of them is known to be needed.
fn reduce<E>(
    kept: &mut [bool],
    range: Range<usize>,
    has_needed: bool,
    holds: &mut impl FnMut(&[bool]) -> Result<bool, E>,
) -> Result<(), E> {
    if range.is_empty() {
        return Ok(());
    }
    if !has_needed {
        kept[range.clone()].fill(false);
        if holds(kept)? {
            return Ok(());
        }
        kept[range.clone()].fill(true);
    }
    if range.len() == 1 {
        return Ok(());
    }
    let middle = range.start.midpoint(range.end);
    reduce(kept, range.start..middle, false, holds)?;
    // Without the first half, removing the second half is what did not hold above.
    let is_first_gone = !kept[range.start..middle].contains(&true);
    reduce(kept, middle..range.end, is_first_gone, holds)
}

/// Returns the smallest number above `passes` and up to `holds` for which the condition holds, if there is one boundary.
///
/// # Errors
/// Returns the error of `is_held`.
pub(super) fn boundary<E>(
    mut passes: usize,
    mut holds: usize,
    mut is_held: impl FnMut(usize) -> Result<bool, E>,
) -> Result<usize, E> {
    while holds - passes > 1 {
        let middle = passes.midpoint(holds);
        if is_held(middle)? {
            holds = middle;
        } else {
            passes = middle;
        }
    }
    Ok(holds)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn found(count: usize, needs: &[usize]) -> (Vec<usize>, usize) {
        let mut tried = 0;
        let kept = needed(count, |kept| {
            tried += 1;
            Ok::<_, Infallible>(needs.iter().all(|index| kept[*index]))
        });
        let kept = kept.unwrap_or_default();
        ((0..count).filter(|index| kept[*index]).collect(), tried)
    }

    #[test]
    fn what_is_needed_is_kept_and_nothing_else() {
        for needs in [&[][..], &[0], &[15], &[3, 4], &[0, 7, 15], &[0, 1, 2, 3]] {
            assert_eq!(found(16, needs).0, needs);
        }
        assert_eq!(found(0, &[]), (vec![], 0));
    }

    #[test]
    fn few_trials_are_enough() {
        assert_eq!(found(1000, &[]).1, 1);
        assert!(found(1000, &[417]).1 <= 20, "{:?}", found(1000, &[417]));
        assert!(found(1000, &[17, 900]).1 <= 40);
    }

    #[test]
    fn a_boundary_is_found_by_halves() {
        let mut tried = 0;
        let found = boundary(0, 5000, |length| {
            tried += 1;
            Ok::<_, Infallible>(length > 255)
        });
        assert!(found == Ok(256) && tried < 14, "{found:?} {tried}");
    }
}
