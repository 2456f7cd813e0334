//! The link's thread: connects, follows, waits, and connects again, for ever.
//! Invariant: only the app's end ends it.

use std::{io, thread};

use bevy::log::{debug, warn};
use tokio::{
    runtime,
    sync::mpsc::Receiver,
    time::{Instant, sleep, timeout},
};

use super::{
    connect::{ConnectError, Door, Socket},
    session::{Loss, Memory, News, Session, Wires, count},
    timing::{Backoff, LineRate, Timing},
    words,
};
use crate::protocol::Outgoing;

/// Starts the thread. It ends by itself when the app's ends of `wires` are dropped.
pub fn start(door: Door, display: String, timing: Timing, wires: Wires) -> io::Result<()> {
    let memory = Memory {
        display,
        timing,
        backoff: Backoff::new(&timing),
        sent: 0,
        lines: LineRate::default(),
        began: Instant::now(),
        trouble: None,
    };
    let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    thread::Builder::new().name("link".into()).spawn(move || {
        runtime.block_on(run(door, memory, wires));
        // A name that is still being looked up must not hold the thread back.
        runtime.shutdown_background();
    })?;
    Ok(())
}

async fn run(door: Door, mut memory: Memory, mut wires: Wires) {
    loop {
        let opened = tokio::select! {
            opened = open(&door, &memory.timing) => opened,
            () = app_gone(&mut wires.wanted) => return,
        };
        match opened {
            Err(trouble) => {
                wires.counts.wrong.say([words::unconnected(&door.address, &trouble)]);
                tell(&mut memory.trouble, format!("{} cannot be followed: {trouble}", door.address))
            }
            Ok(socket) => {
                debug!("connected to {}", door.address);
                let (loss, heard) = Session::new(socket, &mut wires, &mut memory).follow().await;
                if let Loss::AppGone = loss {
                    return;
                }
                tell(&mut memory.trouble, format!("{} is lost: {loss}", door.address));
                count(&wires.counts.losses);
                wires.counts.wrong.say([words::lost(&door.address, &loss)]);
                if wires.news.send(News::Lost { heard: heard.into_std() }).await.is_err() {
                    return;
                }
                wires.wake();
            }
        }
        let wait = memory.backoff.wait(rand::random());
        tokio::select! {
            () = sleep(wait) => {}
            () = app_gone(&mut wires.wanted) => return,
        }
    }
}

async fn open(door: &Door, timing: &Timing) -> Result<Socket, ConnectError> {
    timeout(timing.connect, door.open()).await.map_err(|_| ConnectError::TimedOut)?
}

/// Ends when the app does. What the app wants to report meanwhile has nobody to hear it and is dropped:
/// the next status says how things stand.
async fn app_gone(wanted: &mut Receiver<Outgoing>) {
    while wanted.recv().await.is_some() {}
}

/// Writes a line about a trouble that is not the last one again.
fn tell(last: &mut Option<String>, trouble: String) {
    if last.as_ref() == Some(&trouble) {
        debug!("{trouble}");
    } else {
        warn!("{trouble}");
        *last = Some(trouble);
    }
}
