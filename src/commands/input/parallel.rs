//! Processes items on all cores and keeps their order. The number of waiting items is bounded, so memory does not grow with
//! the input.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::thread;

/// The number of items that may wait for each worker, so that it can start the next item immediately.
const MAX_WAITING: usize = 2;

/// Calls `map` for all items on all cores, and `consume` for the results on this thread, in the order of the items.
///
/// # Errors
/// Returns the first error of `consume`. After an error, no more items are processed.
pub fn map_in_order<T: Send, R: Send, E>(
    items: impl Iterator<Item = T> + Send,
    map: impl Fn(T) -> R + Sync,
    consume: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    // Every free worker takes the next item, because items may differ in size by any factor.
    let (item_sender, item_receiver) = channel::<(T, Sender<R>)>();
    let item_receiver = Mutex::new(item_receiver);
    let next_item = || item_receiver.lock().ok()?.recv().ok();
    let work = || {
        while let Some((item, result)) = next_item() {
            // The receiver is closed if `consume` has failed.
            _ = result.send(map(item));
        }
    };
    // Waiting for results also bounds the number of items.
    let (result_sender, results) = sync_channel(workers * MAX_WAITING);
    thread::scope(|scope| {
        (0..workers).for_each(|_| _ = scope.spawn(work));
        scope.spawn(move || {
            items
                .map_while(|item| {
                    let (sender, receiver) = channel();
                    result_sender.send(receiver).ok()?;
                    item_sender.send((item, sender)).ok()
                })
                .for_each(drop);
        });
        // A missing result means that the worker has panicked.
        results.into_iter().map_while(|result| result.recv().ok()).try_for_each(consume)
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
