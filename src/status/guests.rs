//! Connections from outside, each answered by a thread of its own: bounded in number, each with a deadline.
//! Invariant: whoever is slow or hostile loses its own connection, and holds nobody else's up.
//!
//! Where all places are taken, the guest that has been there longest is put out for the new one: a crowd that says
//! nothing cannot keep away one that asks at once.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::{
        fd::AsFd,
        unix::net::{UnixListener, UnixStream},
    },
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// How many are answered at once.
const PLACES: usize = 16;
/// How many threads there are at the most, with those of guests that were put out and have not left yet.
const MOST: usize = 2 * PLACES;
/// How long a whole visit may take.
const VISIT: Duration = Duration::from_secs(10);
/// How long to rest where the system gives no connection, as when it has no more open files.
const REST: Duration = Duration::from_millis(200);

/// A listener on which guests come.
pub trait Door: AsFd {
    /// What a guest comes by.
    type Socket: Socket;

    /// The next guest; it does not wait.
    ///
    /// # Errors
    /// The system's; `WouldBlock` where nobody waits.
    fn next(&self) -> io::Result<Self::Socket>;
}

/// A connection.
pub trait Socket: Read + Write + Send + Sized + 'static {
    /// Another handle to it.
    ///
    /// # Errors
    /// The system's.
    fn again(&self) -> io::Result<Self>;
    /// How long one reading or writing may wait.
    ///
    /// # Errors
    /// The system's.
    fn patience(&self, patience: Duration) -> io::Result<()>;
    /// Ends it, whoever waits for it.
    fn end(&self);
}

macro_rules! door {
    ($listener:ty, $socket:ty) => {
        impl Door for $listener {
            type Socket = $socket;

            fn next(&self) -> io::Result<$socket> {
                let (socket, _) = self.accept()?;
                socket.set_nonblocking(false)?;
                Ok(socket)
            }
        }

        impl Socket for $socket {
            fn again(&self) -> io::Result<Self> {
                self.try_clone()
            }

            fn patience(&self, patience: Duration) -> io::Result<()> {
                self.set_read_timeout(Some(patience))?;
                self.set_write_timeout(Some(patience))
            }

            fn end(&self) {
                // It fails where the other side has ended it already.
                let _ = self.shutdown(Shutdown::Both);
            }
        }
    };
}

door!(UnixListener, UnixStream);
door!(TcpListener, TcpStream);

/// A guest's connection with a deadline for all that is read and written.
pub struct Guest<S> {
    socket: S,
    until: Instant,
}

impl<S: Socket> Guest<S> {
    fn wait(&self) -> io::Result<()> {
        match self.until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            Some(left) => self.socket.patience(left),
            None => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    /// Reads until `end` was read, `most` bytes at the most, within `patience`.
    ///
    /// # Errors
    /// The system's; `InvalidData` where it did not end in so many bytes, `UnexpectedEof` where it ended before.
    pub fn ask(&mut self, end: &[u8], most: usize, patience: Duration) -> io::Result<Vec<u8>> {
        let visit = self.until;
        self.until = visit.min(Instant::now() + patience);
        let mut all = Vec::new();
        let mut piece = [0; 512];
        while !all.windows(end.len()).any(|w| w == end) {
            if all.len() >= most {
                return Err(io::ErrorKind::InvalidData.into());
            }
            let most = piece.len().min(most - all.len());
            match self.read(&mut piece[..most])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => all.extend_from_slice(&piece[..read]),
            }
        }
        self.until = visit;
        Ok(all)
    }
}

impl<S: Socket> Read for Guest<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.wait()?;
        self.socket.read(into)
    }
}

impl<S: Socket> Write for Guest<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.wait()?;
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

/// Those who are there.
struct Places<S> {
    /// Oldest first: a number, and a handle to put it out.
    there: Vec<(u64, S)>,
    next: u64,
    threads: usize,
}

/// Answers guests until `goes_on` says no, which it is asked about once a second; `answer` runs on a thread of the
/// guest's own. It returns when the listener is of no more use.
pub fn serve<D: Door>(
    door: &D,
    name: &str,
    mut goes_on: impl FnMut() -> bool,
    answer: impl Fn(&mut Guest<D::Socket>) + Send + Sync + 'static,
) {
    let places = Arc::new(Mutex::new(Places { there: Vec::new(), next: 0, threads: 0 }));
    let answer = Arc::new(answer);
    let second = Timespec { tv_sec: 1, tv_nsec: 0 };
    while goes_on() {
        // It may be woken for nothing; then nobody waits.
        let _ = poll(&mut [PollFd::new(door, PollFlags::IN)], Some(&second));
        match door.next() {
            Ok(socket) => let_in(socket, name, &places, &answer),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => thread::sleep(REST),
        }
    }
}

fn let_in<S: Socket>(
    socket: S,
    name: &str,
    places: &Arc<Mutex<Places<S>>>,
    answer: &Arc<impl Fn(&mut Guest<S>) + Send + Sync + 'static>,
) {
    let Ok(handle) = socket.again() else { return };
    let number = {
        let mut all = places.lock().unwrap_or_else(PoisonError::into_inner);
        if all.there.len() >= PLACES {
            let (_, oldest) = all.there.remove(0);
            oldest.end();
        }
        if all.threads >= MOST {
            // Those who were put out have not left yet.
            return;
        }
        (all.threads, all.next) = (all.threads + 1, all.next + 1);
        let number = all.next;
        all.there.push((number, handle));
        number
    };
    let (theirs, answer) = (places.clone(), answer.clone());
    let visit = move || {
        let _leaves = Leaves { number, places: theirs };
        answer(&mut Guest { socket, until: Instant::now() + VISIT });
    };
    if thread::Builder::new().name(name.to_owned()).spawn(visit).is_err() {
        leave(places, number);
    }
}

/// A guest that leaves, however its answer ended.
struct Leaves<S> {
    number: u64,
    places: Arc<Mutex<Places<S>>>,
}

impl<S> Drop for Leaves<S> {
    fn drop(&mut self) {
        leave(&self.places, self.number);
    }
}

fn leave<S>(places: &Mutex<Places<S>>, number: u64) {
    let mut all = places.lock().unwrap_or_else(PoisonError::into_inner);
    all.threads -= 1;
    all.there.retain(|(other, _)| *other != number);
}
