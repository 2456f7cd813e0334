//! What the program and a film's process tell each other, one datagram each: JSON, or a piece of sound.
//! Invariant: what a film's process says is checked before it is believed: its film may be hostile.

use std::{
    io::{self, IoSlice},
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    path::PathBuf,
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    net::{
        AddressFamily, RecvFlags, SendAncillaryBuffer, SendFlags, Shutdown, SocketFlags, SocketType, recv,
        sendmsg, shutdown, socketpair,
    },
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::picture::planes::Reading;

/// The longest datagram in bytes: a path is the longest thing in one, and a piece of sound.
const MOST: usize = 16 << 10;
/// With what a piece of sound begins; JSON begins with another byte.
const SOUND: u8 = 0;
/// Bytes of a frame of sound: two channels of 32-bit floats.
const FRAME: usize = 8;

/// What the program tells a film's process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// Opens a film; the first order.
    Open(Open),
    /// Looks at a film instead, for `papan check`; the first order.
    Look(Open),
    /// The first frame is due at this moment of the system's monotonic clock, in nanoseconds.
    Play {
        /// The moment.
        zero: u64,
        /// How long before its time sound is to come, in nanoseconds.
        ahead: u64,
    },
    /// A slot may be written again.
    Free(u32),
}

/// A film as its process is to open it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Open {
    /// The file.
    pub path: PathBuf,
    /// What its frames are made into.
    pub form: Form,
    /// How loud; 0: the sound is not decoded.
    pub volume: f32,
    /// From where on, in nanoseconds of the film.
    pub from: u64,
    /// Decoders that must not be used.
    pub forbid: Vec<String>,
}

/// What frames are made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Pixels of a box.
    Pixels {
        /// The box's width.
        width: u32,
        /// Its height.
        height: u32,
        /// Whether the film fills it, its edges cut; else it is whole.
        cover: bool,
        /// The word that shows beside the film.
        ground: u32,
    },
    /// Planes as they are decoded.
    Planes,
}

/// What a film's process tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// GStreamer is ready: from now on the film itself is opened.
    Ready,
    /// The film is open, and its first frame comes next.
    Opened {
        /// Its length in nanoseconds, where the file says it.
        length: Option<u64>,
        /// Whether it loops.
        loops: bool,
        /// Width × height as it is to be seen: turned, and with square pixels.
        shape: (u32, u32),
        /// How many slots the shared memory has.
        slots: u32,
        /// Bytes from one slot to the next.
        stride: u64,
    },
    /// A frame is in a slot, until that is freed.
    Frame {
        /// The slot.
        slot: u32,
        /// When it is due, by the monotonic clock, in nanoseconds; `None`: it is the first, and waits.
        due: Option<u64>,
        /// Its moment in the film, in nanoseconds.
        position: u64,
        /// Its planes' width and height, and how to read them; `None` for pixels.
        planes: Option<(u32, u32, Reading)>,
    },
    /// It lives; ten times a second.
    Alive {
        /// When the frame that waits is due; `None`: none waits, the decoder is at work.
        next: Option<u64>,
        /// Frames shown since it began to play.
        shown: u64,
        /// Frames that came too late, and were dropped.
        dropped: u64,
    },
    /// The film is over, and does not loop.
    Over,
    /// The film ended long before its length, at this moment in nanoseconds.
    Short(u64),
    /// It cannot be shown.
    Bad(Bad),
    /// What [`Order::Look`] found.
    Found(Facts),
}

/// Why a film cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bad {
    /// The file cannot be read.
    Unread(String),
    /// The file is empty.
    Empty,
    /// It is no film, or its head or its index is missing.
    NoFilm,
    /// It is a picture.
    Still,
    /// There is no moving picture in it.
    NoPicture,
    /// No decoder for this codec.
    Codec(String),
    /// The file ends before the film does.
    Short,
    /// Its picture is larger than can be decoded.
    Huge(u32, u32),
    /// Something else; what GStreamer says.
    Other(String),
}

/// What is known of a film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The picture's codec, as people call it.
    pub codec: String,
    /// The sound's codec, as people call it; `None` where there is none.
    pub sound: Option<String>,
    /// Width × height as it is to be seen.
    pub shape: (u32, u32),
    /// Frames a second; `None` where they come at no steady rate.
    pub rate: Option<f64>,
    /// Its length in nanoseconds.
    pub length: Option<u64>,
    /// How many times as fast as it plays it can be decoded here; `None` where that is not known.
    pub speed: Option<f64>,
    /// The decoder that does it.
    pub decoder: String,
}

/// A datagram that came.
#[derive(Debug, PartialEq)]
pub enum Came<T> {
    /// Something said.
    Said(T),
    /// Sound: when it is due by the monotonic clock, in nanoseconds, and its frames.
    Sound(u64, Vec<[f32; 2]>),
    /// Nothing within the time.
    Nothing,
    /// The other side is gone.
    Gone,
}

/// One end of the line between the program and a film's process.
#[derive(Debug)]
pub struct Line(OwnedFd);

impl Line {
    /// Both ends.
    ///
    /// # Errors
    /// The system's.
    pub fn pair() -> io::Result<(Self, OwnedFd)> {
        let (ours, theirs) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
        Ok((Self(ours), theirs))
    }

    /// An end that was handed over.
    pub fn of(fd: OwnedFd) -> Self {
        Self(fd)
    }

    /// Says something, without waiting for room; whether there was any.
    pub fn try_say(&self, said: &impl Serialize) -> bool {
        self.put(&serde_json::to_vec(said).unwrap_or_default(), SendFlags::DONTWAIT | SendFlags::NOSIGNAL)
            .is_ok()
    }

    /// Says something, and waits for room.
    ///
    /// # Errors
    /// The other side is gone.
    pub fn say(&self, said: &impl Serialize) -> io::Result<()> {
        self.put(&serde_json::to_vec(said)?, SendFlags::NOSIGNAL)
    }

    /// Hands over a piece of sound, and waits for room.
    ///
    /// # Errors
    /// The other side is gone.
    pub fn sound(&self, due: u64, frames: &[[f32; 2]]) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(9 + frames.len() * FRAME);
        bytes.push(SOUND);
        bytes.extend(due.to_ne_bytes());
        bytes.extend_from_slice(bytemuck::cast_slice(frames));
        self.put(&bytes, SendFlags::NOSIGNAL)
    }

    fn put(&self, bytes: &[u8], flags: SendFlags) -> io::Result<()> {
        loop {
            match sendmsg(&self.0, &[IoSlice::new(bytes)], &mut SendAncillaryBuffer::default(), flags) {
                Err(Errno::INTR) => {}
                done => return Ok(done.map(|_| ())?),
            }
        }
    }

    /// The next datagram, waited for at most so long. What cannot be understood is skipped.
    pub fn hear<T: DeserializeOwned>(&self, patience: Duration) -> Came<T> {
        let wait =
            Timespec { tv_sec: patience.as_secs().cast_signed(), tv_nsec: patience.subsec_nanos().into() };
        match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], Some(&wait)) {
            Ok(0) | Err(Errno::INTR) => return Came::Nothing,
            Ok(_) => {}
            Err(_) => return Came::Gone,
        }
        let mut bytes = vec![0; MOST];
        let length = match recv(&self.0, &mut *bytes, RecvFlags::DONTWAIT) {
            Ok((0, _)) => return Came::Gone,
            Ok((length, _)) => length,
            Err(Errno::INTR | Errno::AGAIN) => return Came::Nothing,
            Err(_) => return Came::Gone,
        };
        let bytes = &bytes[..length];
        match bytes {
            [SOUND, rest @ ..] => sound(rest).unwrap_or(Came::Nothing),
            _ => serde_json::from_slice(bytes).map_or(Came::Nothing, Came::Said),
        }
    }

    /// Ends the line, for both sides.
    pub fn end(&self) {
        // It fails only where the line has ended already.
        let _ = shutdown(&self.0, Shutdown::Both);
    }
}

impl AsFd for Line {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn sound<T>(bytes: &[u8]) -> Option<Came<T>> {
    let (due, frames) = bytes.split_first_chunk::<8>()?;
    let float = |b: &[u8]| f32::from_ne_bytes([b[0], b[1], b[2], b[3]]);
    let frames = frames.as_chunks::<FRAME>().0.iter().map(|f| [float(&f[..4]), float(&f[4..])]);
    // A sample that is no number would stay in the mixer's filters for ever.
    let finite = |s: f32| if s.is_finite() { s.clamp(-1.0, 1.0) } else { 0.0 };
    let frames = frames.map(|f| f.map(finite)).collect();
    Some(Came::Sound(u64::from_ne_bytes(*due), frames))
}

/// The system's monotonic clock in nanoseconds: one for all processes.
pub fn monotonic() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec.cast_unsigned() * 1_000_000_000 + now.tv_nsec.cast_unsigned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_heard_in_order_and_garbage_is_skipped() {
        let (ours, theirs) = Line::pair().unwrap();
        let theirs = Line::of(theirs);
        let order = Order::Play { zero: 7, ahead: 0 };
        ours.say(&order).unwrap();
        ours.put(b"{\"garbage\": 1}", SendFlags::NOSIGNAL).unwrap();
        ours.sound(5, &[[0.5, -0.25], [f32::NAN, 9.0]]).unwrap();
        assert_eq!(theirs.hear::<Order>(Duration::ZERO), Came::Said(order));
        assert_eq!(theirs.hear::<Order>(Duration::ZERO), Came::Nothing);
        assert_eq!(theirs.hear::<Order>(Duration::ZERO), Came::Sound(5, vec![[0.5, -0.25], [0.0, 1.0]]));
        assert_eq!(theirs.hear::<Order>(Duration::ZERO), Came::Nothing);
        drop(ours);
        assert_eq!(theirs.hear::<Order>(Duration::ZERO), Came::Gone);
    }

    #[test]
    fn a_side_that_does_not_listen_holds_nobody() {
        let (ours, _theirs) = Line::pair().unwrap();
        assert!(ours.try_say(&Order::Free(1)));
        assert!(!(0..1_000_000).all(|_| ours.try_say(&Order::Free(1))), "it is bounded");
    }
}
