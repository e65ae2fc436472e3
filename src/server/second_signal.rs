//! The end of the process at a second signal. The first one only stops the server, and what follows may wait for a reader of
//! a pipe forever.

use std::io;
use std::thread;

use tokio::runtime::Builder;

/// Ends the process at the second SIGINT or SIGTERM from now on, whatever its threads wait for.
///
/// # Errors
/// Returns an error if the system provides no thread or no signals.
#[cfg(unix)]
pub fn exit_at_second_signal(exit_code: i32) -> io::Result<()> {
    use std::future::poll_fn;
    use std::task::Poll;
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let entered = runtime.enter();
    let mut signals = [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?];
    drop(entered);
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let mut count = 0;
        runtime.block_on(poll_fn(move |context| {
            for signal in &mut signals {
                while signal.poll_recv(context).is_ready() {
                    count += 1;
                }
            }
            if count < 2 { Poll::Pending } else { Poll::Ready(()) }
        }));
        std::process::exit(exit_code);
    })?;
    Ok(())
}

/// Ends the process at the second Ctrl-C from now on, whatever its threads wait for.
///
/// # Errors
/// Returns an error if the system provides no thread.
#[cfg(not(unix))]
pub fn exit_at_second_signal(exit_code: i32) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            for _ in 0..2 {
                let _ = tokio::signal::ctrl_c().await;
            }
        });
        std::process::exit(exit_code);
    })?;
    Ok(())
}
