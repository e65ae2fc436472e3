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
        let (mut senders, mut receivers) = (Vec::with_capacity(workers), Vec::with_capacity(workers));
        for _ in 0..workers {
            let (sender, worker_items) = sync_channel(CHANNEL_SIZE);
            let (worker_results, receiver) = sync_channel(CHANNEL_SIZE);
            scope.spawn(move || {
                for item in worker_items {
                    if worker_results.send(map(item)).is_err() {
                        break;
                    }
                }
            });
            senders.push(sender);
            receivers.push(receiver);
        }
        // The items go to the workers in turn, and the results are taken in the same turn.
        scope.spawn(move || {
            for (item, sender) in items.zip(senders.iter().cycle()) {
                if sender.send(item).is_err() {
                    break;
                }
            }
        });
        // If the next worker in turn has no more results, no worker has.
        for receiver in receivers.iter().cycle() {
            let Ok(result) = receiver.recv() else { break };
            consume(result)?;
        }
        Ok(())
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
