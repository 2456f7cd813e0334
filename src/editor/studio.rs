//! Draws previews and thumbnails by the screen's own renderer, on a thread of its own.
//! Invariant: of previews that nobody looked at yet only the newest is drawn; what waits is bounded.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use bevy_egui::egui::{Color32, ColorImage};
use image::RgbImage;

use crate::{
    picture::{Colour, Picture, image::within},
    state::{DrawView, View},
};

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The whole glass.
    Preview,
    /// An item's thumbnail, by what tells it from others.
    Thumb(u64),
}

/// What is to be drawn, and how large it may come to be shown, in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What the screen is to show.
    pub view: View,
    /// Width × height that it has to fit into; it keeps its shape.
    pub within: (u32, u32),
}

/// What came of an order; the error is for staff.
pub type Drawn = Result<ColorImage, String>;

#[derive(Default)]
struct Work {
    preview: Option<Order>,
    thumbs: Vec<(u64, Order)>,
    /// What is drawn at this moment.
    current: Option<Subject>,
    done: Vec<(Subject, Drawn)>,
    over: bool,
}

#[derive(Default)]
struct Shared {
    work: Mutex<Work>,
    news: Condvar,
}

impl Shared {
    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread, from here.
pub struct Studio(Arc<Shared>);

impl Studio {
    /// Starts the thread; `wake` is called when something is drawn.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn start(draw: Arc<DrawView>, wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        thread::Builder::new().name("studio".into()).spawn(move || run(&own, &*draw, &*wake))?;
        Ok(Self(shared))
    }

    /// Asks for a preview, in place of one that is not begun.
    pub fn preview(&self, order: Order) {
        self.0.work().preview = Some(order);
        self.0.news.notify_one();
    }

    /// Asks for thumbnails, in this order, in place of all that were asked for before.
    pub fn thumbs(&self, orders: Vec<(u64, Order)>) {
        let mut work = self.0.work();
        let current = work.current;
        work.thumbs = orders;
        work.thumbs.retain(|(key, _)| current != Some(Subject::Thumb(*key)));
        self.0.news.notify_one();
    }

    /// What was drawn since it was asked last.
    pub fn drawn(&self) -> Vec<(Subject, Drawn)> {
        std::mem::take(&mut self.0.work().done)
    }

    /// Whether anything is still to be drawn, or was drawn and not taken.
    pub fn is_busy(&self) -> bool {
        let work = self.0.work();
        work.preview.is_some() || !work.thumbs.is_empty() || work.current.is_some() || !work.done.is_empty()
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        self.0.work().over = true;
        self.0.news.notify_one();
    }
}

fn run(shared: &Shared, draw: &DrawView, wake: &(dyn Fn() + Send + Sync)) {
    loop {
        let (subject, order) = {
            let mut work = shared.work();
            loop {
                if work.over {
                    return;
                }
                if let Some(order) = work.preview.take() {
                    break (Subject::Preview, order);
                }
                if !work.thumbs.is_empty() {
                    let (key, order) = work.thumbs.remove(0);
                    break (Subject::Thumb(key), order);
                }
                work.current = None;
                work = shared.news.wait(work).unwrap_or_else(PoisonError::into_inner);
            }
        };
        shared.work().current = Some(subject);
        let drawn = draw(order.view).map(|picture| fitted(&picture, order.within));
        let mut work = shared.work();
        // Of two previews that were not looked at only the newer one counts.
        work.done.retain(|(done, _)| *done != subject);
        work.done.push((subject, drawn));
        work.current = None;
        drop(work);
        wake();
    }
}

/// The picture as large as it is shown; as it is where it has that size.
fn fitted(picture: &Picture, most: (u32, u32)) -> ColorImage {
    let (width, height) = (picture.width(), picture.height());
    let exact = width == most.0 && height <= most.1 || height == most.1 && width <= most.0;
    if exact {
        return colours(picture);
    }
    let mut rgb = RgbImage::new(width, height);
    for (to, word) in rgb.pixels_mut().zip(picture.pixels()) {
        to.0 = [(word >> 16) as u8, (word >> 8) as u8, *word as u8];
    }
    colours(&within(rgb.into(), most, Colour::hex(0)))
}

fn colours(picture: &Picture) -> ColorImage {
    let colour = |word: &u32| Color32::from_rgb((word >> 16) as u8, (word >> 8) as u8, *word as u8);
    let size = [picture.width() as usize, picture.height() as usize];
    ColorImage::new(size, picture.pixels().iter().map(colour).collect())
}

#[cfg(test)]
mod tests {
    use std::{
        sync::mpsc::{channel, sync_channel},
        time::Duration,
    };

    use super::*;
    use crate::domain::playlist::Playlist;

    fn order(width: u32) -> Order {
        let view = View {
            size: (width, 10),
            layout: None,
            stage_alone: false,
            at: jiff::Timestamp::UNIX_EPOCH,
            playlist: Playlist::default(),
        };
        Order { view, within: (4, 4) }
    }

    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn of_previews_that_wait_only_the_newest_is_drawn() {
        let (begun, began) = channel();
        let (go, wait) = sync_channel::<()>(9);
        let wait = Mutex::new(wait);
        let draw = move |view: View| {
            begun.send(view.size.0).unwrap();
            wait.lock().unwrap().recv().unwrap();
            Ok(Picture::new(view.size.0, 10, vec![0xff00_0000; view.size.0 as usize * 10]))
        };
        let (awake, woken) = channel();
        let wake = move || awake.send(()).unwrap();
        let studio = Studio::start(Arc::new(draw), Arc::new(wake)).unwrap();
        studio.preview(order(1));
        assert_eq!(began.recv_timeout(PATIENCE), Ok(1));
        studio.preview(order(2));
        studio.preview(order(3));
        studio.thumbs(vec![(7, order(7)), (8, order(8))]);
        studio.thumbs(vec![(8, order(8))]);
        for _ in 0..3 {
            go.send(()).unwrap();
            woken.recv_timeout(PATIENCE).unwrap();
        }
        assert_eq!(began.try_iter().collect::<Vec<_>>(), [3, 8]);
        let drawn = studio.drawn();
        let what: Vec<_> = drawn.iter().map(|(subject, _)| *subject).collect();
        assert_eq!(what, [Subject::Preview, Subject::Thumb(8)]);
        // Of the shape that was drawn, within what was asked for.
        assert_eq!(drawn[0].1.as_ref().unwrap().size, [1, 4]);
        assert!(!studio.is_busy());
    }

    #[test]
    fn what_has_the_right_size_is_kept_as_it_is() {
        let words: Vec<u32> = (0..12).map(|i| 0xff00_0000 | (i * 0x01_02_03)).collect();
        let image = fitted(&Picture::new(4, 3, words.clone()), (4, 9));
        let same = |(colour, word): (&Color32, u32)| {
            u32::from_be_bytes([255, colour.r(), colour.g(), colour.b()]) == word
        };
        assert!(image.pixels.iter().zip(words).all(same));
    }
}
