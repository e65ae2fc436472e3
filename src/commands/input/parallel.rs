//! Processes items on all cores and keeps their order. The items that wait are bounded, so memory does not grow with the
//! input.

use std::num::NonZero;
use std::sync::mpsc::sync_channel;
use std::thread;

/// How many items may wait in each channel: one to begin with when the last is done.
const CHANNEL_SIZE: usize = 2;

/// Calls `map` with all items, on all cores, and `consume` with the results, on this thread and in the order of the items.
///
/// # Errors
/// The first error of `consume`; then no more items are taken.
pub fn map_in_order<T: Send, R: Send, E>(
    items: impl Iterator<Item = T> + Send,
    map: impl Fn(T) -> R + Sync,
    mut consume: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let map = &map;
    thread::scope(|scope| {
        let start_worker = |_| {
            let (sender, worker_items) = sync_channel(CHANNEL_SIZE);
            let (worker_results, receiver) = sync_channel(CHANNEL_SIZE);
            scope.spawn(move || worker_items.into_iter().try_for_each(|item| worker_results.send(map(item))));
            (sender, receiver)
        };
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..workers).map(start_worker).unzip();
        // The items go to the workers in turn, and the results are taken in the same turn.
        scope.spawn(move || items.zip(senders.iter().cycle()).try_for_each(|(item, sender)| sender.send(item)));
        // If the next worker in turn has no more results, no worker has.
        receivers.iter().cycle().map_while(|receiver| receiver.recv().ok()).try_for_each(&mut consume)
    })
}

#[cfg(test)]
mod tests {
    use super::map_in_order;

    #[test]
    fn results_have_the_order_of_the_items() {
        let mut results = Vec::new();
        let map = |item: u64| {
            // Uneven work, so that workers overtake one another.
            (0..(item % 7) * 10_000).fold(item, |sum, n| std::hint::black_box(sum ^ n));
            item
        };
        map_in_order(0..1000, map, |result| {
            results.push(result);
            Ok::<_, ()>(())
        })
        .expect("nothing fails");
        assert_eq!(results, (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn the_first_error_ends_it_even_if_the_items_never_end() {
        let mut count = 0;
        let ended = map_in_order(
            0..,
            |item: u64| item,
            |item| {
                count += 1;
                if item == 10 { Err("enough") } else { Ok(()) }
            },
        );
        assert_eq!((ended, count), (Err("enough"), 11));
    }
}
