//! The control socket's questions and answers.
//! Invariant: a question changes nothing of what the public sees or hears.
//!
//! One question a connection, a line of JSON of at most [`LONGEST`] bytes, and its answer, a line of JSON:
//!
//! | question | answer |
//! |---|---|
//! | `{"ask":"status"}` | `{"status":{…}}`, a [`Report`] |
//! | `{"ask":"picture"}` | `{"picture":{"width":1920,"height":1080,"bytes":123456}}`, then so many bytes, a PNG |
//! | `{"ask":"picture","output":"HDMI-A-1"}` | the same, of one screen alone |
//! | anything else | `{"error":"…"}` |

use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex, PoisonError, TryLockError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use super::{
    desk::{Desk, Place},
    guests::{Guest, Socket},
    report::Report,
};
use crate::picture::{DisplayList, Rect};

/// The longest question in bytes.
pub const LONGEST: usize = 4 << 10;
/// How long a question may take to come.
const ASKING: Duration = Duration::from_secs(2);
/// How long a picture waits for the one before it to be made.
const TURN: Duration = Duration::from_secs(5);
/// So many pictures are made or on their way at once: each takes memory until its guest has taken it.
const PICTURES: usize = 4;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Question {
    /// How the screen is.
    Status,
    /// What the public sees.
    Picture {
        /// One screen alone, by its output's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output: Option<String>,
    },
}

/// An answer's line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// How the screen is.
    Status(Box<Report>),
    /// A PNG follows.
    Picture {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
        /// How many bytes follow.
        bytes: u64,
    },
    /// Why there is no answer.
    Error(String),
}

/// Draws a list, and makes a PNG of pixels: whoever puts the program together says how.
#[derive(Clone, Copy)]
pub struct Pencil {
    /// A list's pixels, `0xffRRGGBB`, row by row.
    pub pixels: fn(&DisplayList) -> Vec<u32>,
    /// So many pixels in width and height as the bytes of a PNG, or why not.
    pub png: fn(u32, u32, &[u32]) -> Result<Vec<u8>, String>,
}

/// Answers questions.
pub struct Clerk {
    /// Gone with the app.
    desk: Weak<Desk>,
    pencil: Pencil,
    /// Pictures are made one at a time, so that they take one core and the memory of one.
    turn: Mutex<()>,
    /// Pictures that are made or on their way.
    pictures: AtomicUsize,
}

impl Clerk {
    /// Answers from this desk.
    pub fn new(desk: &Arc<Desk>, pencil: Pencil) -> Self {
        Self { desk: Arc::downgrade(desk), pencil, turn: Mutex::new(()), pictures: AtomicUsize::new(0) }
    }

    /// Answers one guest; whoever goes away, or asks too slowly, gets none.
    pub fn answer<S: Socket>(&self, guest: &mut Guest<S>) {
        let mut leaves = None;
        let (line, png) = match guest.ask(b"\n", LONGEST, ASKING) {
            Ok(asked) => self.to(&asked, &mut leaves),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => (
                Answer::Error(format!("a question has at most {LONGEST} bytes and ends with a line end")),
                None,
            ),
            Err(_) => return,
        };
        let Ok(mut line) = serde_json::to_vec(&line) else { return };
        line.push(b'\n');
        // It fails where the guest has gone, or takes nothing: both are its own affair.
        let _ = guest.write_all(&line).and_then(|()| guest.write_all(&png.unwrap_or_default()));
    }

    fn to<'a>(&'a self, asked: &[u8], leaves: &mut Option<Leaves<'a>>) -> (Answer, Option<Vec<u8>>) {
        let line = asked.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let error = |text: String| (Answer::Error(text), None);
        match serde_json::from_slice(line) {
            Ok(Question::Status) => match self.desk.upgrade().and_then(|desk| desk.report()) {
                Some(report) => (Answer::Status(Box::new(report)), None),
                None => error("the drawing loop has told nothing yet; ask again in a moment".to_owned()),
            },
            Ok(Question::Picture { output }) => match self.picture(output.as_deref(), leaves) {
                Ok((width, height, png)) => {
                    (Answer::Picture { width, height, bytes: png.len() as u64 }, Some(png))
                }
                Err(why) => error(why),
            },
            Err(_) => error(r#"ask {"ask":"status"} or {"ask":"picture"}"#.to_owned()),
        }
    }

    fn picture<'a>(
        &'a self,
        output: Option<&str>,
        leaves: &mut Option<Leaves<'a>>,
    ) -> Result<(u32, u32, Vec<u8>), String> {
        *leaves = Some(Leaves(&self.pictures));
        if self.pictures.fetch_add(1, Ordering::Relaxed) >= PICTURES {
            return Err("others ask for pictures; try again".to_owned());
        }
        let until = Instant::now() + TURN;
        let _turn = loop {
            match self.turn.try_lock() {
                Ok(turn) => break turn,
                Err(TryLockError::Poisoned(turn)) => break PoisonError::into_inner(turn),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    thread::sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => return Err("others ask for pictures; try again".to_owned()),
            }
        };
        let (list, places) =
            self.desk.upgrade().and_then(|desk| desk.picture()).ok_or(
                "there is no picture yet, or the drawing loop does not answer; papan status says more",
            )?;
        let bounds = list.bounds();
        let of = match output {
            None => bounds,
            Some(name) => place(name, &places)?.intersect(bounds),
        };
        if of.is_empty() {
            return Err("there is no picture there now".to_owned());
        }
        let (pixels, width) = ((self.pencil.pixels)(&list), list.width);
        // A film's frame may be in it: its decoder gets it back before the slow part.
        drop(list);
        let pixels = cut(pixels, width, bounds, of);
        Ok((of.w, of.h, (self.pencil.png)(of.w, of.h, &pixels)?))
    }
}

/// A picture that was asked for; dropped, it is sent.
struct Leaves<'a>(&'a AtomicUsize);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn place(name: &str, places: &[Place]) -> Result<Rect, String> {
    let is = |place: &&Place| place.names.iter().any(|known| known.eq_ignore_ascii_case(name));
    if let Some(place) = places.iter().find(is) {
        return Ok(place.at);
    }
    let known: Vec<_> = places.iter().filter_map(|place| place.names.first()).map(String::as_str).collect();
    Err(format!("no screen has the output {name:?}; write one of: {}", known.join(", ")))
}

/// What lies in `of`, of pixels in rows of `width`.
fn cut(pixels: Vec<u32>, width: u32, bounds: Rect, of: Rect) -> Vec<u32> {
    if of == bounds {
        return pixels;
    }
    let (x, w) = (of.x as usize, of.w as usize);
    let rows = pixels.chunks_exact(width as usize).skip(of.y as usize).take(of.h as usize);
    rows.flat_map(|row| &row[x..x + w]).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_have_one_form() {
        let read = |text: &str| serde_json::from_str::<Question>(text).ok();
        assert_eq!(read(r#"{"ask":"status"}"#), Some(Question::Status));
        assert_eq!(read(r#"{"ask":"picture"}"#), Some(Question::Picture { output: None }));
        let one = Question::Picture { output: Some("HDMI-A-1".to_owned()) };
        assert_eq!(read(&serde_json::to_string(&one).unwrap()), Some(one));
        for wrong in ["", "{}", "[]", "status", r#"{"ask":"reboot"}"#, r#"{"ask":"picture","output":7}"#] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn one_screen_is_cut_out_of_the_window() {
        let bounds = Rect::new(0, 0, 4, 3);
        let pixels: Vec<u32> = (0..12).collect();
        assert_eq!(cut(pixels.clone(), 4, bounds, Rect::new(2, 1, 2, 2)), [6, 7, 10, 11]);
        assert_eq!(cut(pixels.clone(), 4, bounds, bounds), pixels);
        let place_of = |name: &str, at| Place { names: vec![name.to_owned()], at };
        let places = [place_of("HDMI-A-1", bounds), place_of("DP-1", Rect::new(4, 0, 1, 1))];
        assert_eq!(place("dp-1", &places), Ok(Rect::new(4, 0, 1, 1)));
        assert!(place("DP-2", &places).unwrap_err().contains("HDMI-A-1, DP-1"));
        assert!(place("DP-2", &[]).is_err());
    }
}
