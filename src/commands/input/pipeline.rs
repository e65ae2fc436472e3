//! Many parts, judged by all cores, told in order: a reader deals parts to the workers in turn, and their results are
//! taken up in the same turn. What waits is bounded, so memory does not grow with the input.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Parts that may wait at each worker: one to work on when the last is done.
const WAITING: usize = 2;

/// Runs `work` over all parts on all cores, and `tell` over the results, on this thread and in the order of the parts.
///
/// # Errors
/// The first error of `tell`; then nothing more is read.
pub fn in_order<P: Send, R: Send, E>(
    parts: impl Iterator<Item = P> + Send,
    work: impl Fn(P) -> R + Sync,
    mut tell: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let work = &work;
    thread::scope(|scope| {
        let mut desks: Vec<SyncSender<P>> = Vec::with_capacity(workers);
        let mut results: Vec<Receiver<R>> = Vec::with_capacity(workers);
        for _ in 0..workers {
            let (desk, todo) = sync_channel::<P>(WAITING);
            let (done, result) = sync_channel(WAITING);
            scope.spawn(move || {
                for part in todo {
                    if done.send(work(part)).is_err() {
                        break;
                    }
                }
            });
            desks.push(desk);
            results.push(result);
        }
        scope.spawn(move || {
            for (part, desk) in parts.zip(desks.iter().cycle()) {
                if desk.send(part).is_err() {
                    break;
                }
            }
        });
        // A worker whose turn it is and who has nothing more to tell was dealt nothing more: nobody was.
        for result in results.iter().cycle() {
            let Ok(result) = result.recv() else { break };
            tell(result)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn results_come_in_the_order_of_the_parts() {
        let mut told = Vec::new();
        let work = |part: u64| {
            // Uneven work, so that workers overtake one another.
            (0..(part % 7) * 10_000).fold(part, |sum, n| std::hint::black_box(sum ^ n));
            part
        };
        in_order(0..1000, work, |part| {
            told.push(part);
            Ok::<_, ()>(())
        })
        .expect("nothing fails");
        assert_eq!(told, (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn the_first_error_ends_it_even_when_parts_never_end() {
        let mut told = 0;
        let ended = in_order(
            0..,
            |part: u64| part,
            |part| {
                told += 1;
                if part == 10 { Err("enough") } else { Ok(()) }
            },
        );
        assert_eq!((ended, told), (Err("enough"), 11));
    }
}
