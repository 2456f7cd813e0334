//! The playback's own thread: it decodes files and draws items, off the frame.
//! Invariant: what it cannot draw is an error about that item alone; the thread goes on.

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use tracing::warn;

use super::{steps::Facts, tell::chain};
use crate::{
    directory::as_written,
    domain::playlist::Content,
    fault,
    picture::{
        Picture, card,
        image::{scale, within},
        page, qr, survey,
        text::Typesetter,
        theme::{Colours, Sizes},
    },
    words::Language,
};

/// A side of a picture's file is at most this many pixels long.
const MOST_SIDE: u32 = 16_384;
/// A decoded picture takes at most this many bytes: 85 megapixels of colour.
const MOST_BYTES: u64 = 256 << 20;
/// So many missing pictures of pages are remembered as told.
const MOST_TOLD: usize = 256;

/// Why an item cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{} cannot be read", as_written(path).display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} is no picture that papan can show (PNG, JPEG or WebP, up to {MOST_SIDE} pixels a side)", as_written(path).display())]
    Decode { path: PathBuf, source: ImageError },
    #[error("drawing it failed")]
    Drawing,
    #[error("nobody answered today's survey")]
    NoData,
}

/// What is to be drawn.
pub(super) struct Request {
    pub generation: u64,
    pub content: Content,
    pub part: usize,
    pub facts: Facts,
    pub size: (u32, u32),
    pub sizes: Sizes,
    pub colours: Colours,
    pub language: Language,
    /// Called when the answer waits.
    pub wake: Arc<dyn Fn() + Send + Sync>,
}

/// What was drawn, with the number of its parts.
pub(super) struct Answer {
    pub generation: u64,
    pub content: Content,
    pub drawn: Result<(Picture, usize), Error>,
}

/// Starts the thread; it ends when the request's sender is dropped. One request is under way at a time.
///
/// # Errors
/// Where the system gives no thread.
pub(super) fn start() -> io::Result<(SyncSender<Request>, Receiver<Answer>)> {
    let (asking, asked) = sync_channel::<Request>(1);
    let (answering, answers) = sync_channel(1);
    thread::Builder::new().name("playback".into()).spawn(move || {
        let mut drawer = Drawer::default();
        while let Ok(request) = asked.recv() {
            let drawn = fault::caught(|| {
                fault::point("playback");
                drawer.draw(&request)
            })
            .unwrap_or_else(|_| {
                // What the drawing left behind may be half done.
                drawer = Drawer::default();
                Err(Error::Drawing)
            });
            let Request { generation, content, wake, .. } = request;
            if answering.send(Answer { generation, content, drawn }).is_err() {
                return;
            }
            wake();
        }
    })?;
    Ok((asking, answers))
}

#[derive(Default)]
struct Drawer {
    type_: Typesetter,
    /// Pictures of pages that could not be shown, told once each.
    told: HashSet<PathBuf>,
}

impl Drawer {
    fn draw(&mut self, request: &Request) -> Result<(Picture, usize), Error> {
        let Request { part, size, sizes, colours, .. } = request;
        match &request.content {
            Content::Image { path, fit, .. } => Ok((scale(decode(path)?, *size, *fit, colours.paper), 1)),
            Content::Card { title, text } => {
                Ok((card::draw(&mut self.type_, colours, sizes, title, text, *size), 1))
            }
            // Films are opened by the projector, and do not come here.
            Content::Film(_) => Err(Error::Drawing),
            Content::Qr { title, text, url } => {
                let url = &url.replace("{ticket}", &percent_encoded(&request.facts.ticket));
                let job = qr::Job { colours, sizes, title, text, url, size: *size };
                Ok((qr::draw(&mut self.type_, job), 1))
            }
            Content::Survey { title } => {
                let survey = request.facts.survey.ok_or(Error::NoData)?;
                let language = request.language;
                let job = survey::Job { colours, sizes, language, title, survey, size: *size };
                Ok((survey::draw(&mut self.type_, job), 1))
            }
            Content::Page(page) => {
                let told = &mut self.told;
                let mut pictures = |path: &Path, most| match decode(path) {
                    Ok(image) => Some(within(image, most, colours.paper)),
                    Err(error) => {
                        if told.len() < MOST_TOLD && told.insert(path.to_owned()) {
                            warn!("a page's picture is left out: {}", chain(&error));
                        }
                        None
                    }
                };
                let words = request.language.words();
                let job = page::Job { colours, sizes, words, page, size: *size };
                Ok(page::draw_part(&mut self.type_, job, *part, &mut pictures))
            }
        }
    }
}

/// A text as a part of an address has it: letters, digits and `-._~` as they are (RFC 3986).
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Reads and decodes a picture's file, turned as its camera held it.
fn decode(path: &Path) -> Result<DynamicImage, Error> {
    let read = |source| Error::Read { path: path.to_owned(), source };
    let wrong = |source| Error::Decode { path: path.to_owned(), source };
    let mut reader = ImageReader::open(path).and_then(ImageReader::with_guessed_format).map_err(read)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(wrong)?;
    // The decoder keeps to the limits in what it allocates itself; the picture is allocated here.
    limits.reserve(decoder.total_bytes()).map_err(wrong)?;
    // A picture without an orientation, or with a broken one, is shown as it is stored.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(wrong)?;
    image.apply_orientation(orientation);
    Ok(image)
}
