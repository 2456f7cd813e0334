//! What stands in the film in letters, drawn once with papan's own type and colours.
//! Invariant: no letter that is to be read is smaller than 56 pixels an em: what a small ticket says besides its
//! number stands large elsewhere.

use papan::picture::{
    Colour, Rect,
    face::Face,
    shape::Canvas,
    text::{Style, Typesetter},
    theme::{Colours, Theme},
};

use crate::brush::Sprite;

/// The services that the machine offers, and the counters of the board, from the top.
const SERVICES: [&str; 3] = ["KTP elektronik", "Kartu Keluarga", "Akta kelahiran"];
/// The ticket of the visitor.
const TICKET: &str = "A-012";

/// All that is written.
pub struct Art {
    /// The theme's colours.
    pub colours: Colours,
    /// The title, line by line.
    pub title: [Text; 3],
    /// The closing words, line by line.
    pub closing: [Text; 3],
    /// What is to be done, step by step.
    pub steps: [Text; 5],
    /// The steps' numbers.
    pub numbers: [Text; 5],
    /// What says that the board shows an example.
    pub example: Text,
    /// The machine's choices.
    pub choices: [Text; 3],
    /// The board's caption: left and right.
    pub caption: [Text; 2],
    /// The counters of the board: number and service.
    pub counters: [(Text, Text); 3],
    /// The tickets on the board, by row: the one before, the one that is called, and the same in the accent.
    pub tickets: [[Text; 3]; 3],
    /// The call-out: over the ticket, the ticket, where to go.
    pub call: [Text; 3],
    /// The sign over the counter.
    pub sign: Text,
    /// The ticket as it is printed.
    pub ticket: Sprite,
    /// The ticket's number alone, as it goes with the visitor.
    pub label: Sprite,
}

/// A line of text.
pub struct Text {
    /// Its letters.
    pub sprite: Sprite,
    /// Width of its letters in pixels.
    pub width: f32,
    /// How far the middle of its capitals lies under the sprite's, in pixels.
    pub drop: f32,
}

/// Space around a line's letters in its sprite, in pixels.
const PAD: f32 = 8.0;

/// Draws text.
struct Hand {
    type_: Typesetter,
}

impl Hand {
    fn text(&mut self, text: &str, face: Face, size: f32, colour: Colour) -> Text {
        let tracking = if matches!(face, Face::Title | Face::Call) { -0.01 } else { 0.0 };
        let style = Style::new(face, size).tracking(tracking);
        let block = self.type_.line(text, style);
        let (w, h) = ((block.width + 2.0 * PAD).ceil(), (block.height + 2.0 * PAD).ceil());
        let mut canvas = Canvas::new(w as u32, h as u32);
        self.type_.draw(&mut canvas, &block, PAD, PAD, colour);
        let drop = PAD + block.baseline - style.cap_height() / 2.0 - h / 2.0;
        Text { sprite: Sprite::new(&canvas.finish()), width: block.width, drop }
    }

    fn ticket(&mut self, c: &Colours) -> Sprite {
        let (w, h) = (600_u32, 430_u32);
        let mut canvas = Canvas::new(w, h);
        let middle = |type_: &mut Typesetter, canvas: &mut Canvas, text, face, size, baseline, colour| {
            let block = type_.whole(text, Style::new(face, size), w as f32 - 72.0);
            type_.draw_on(canvas, &block, (w as f32 - block.width) / 2.0, baseline, colour);
        };
        // A border keeps white apart from paper.
        canvas.round(Rect::new(0, 0, w, h), 20.0, c.ink);
        canvas.round(Rect::new(6, 6, w - 12, h - 12), 15.0, c.white);
        canvas.round_corners(Rect::new(6, 6, w - 12, 98), [15.0, 15.0, 0.0, 0.0], c.sun);
        middle(&mut self.type_, &mut canvas, "Nomor antrean", Face::Heading, 58.0, 77.0, c.ink);
        middle(&mut self.type_, &mut canvas, TICKET, Face::Call, 176.0, 272.0, c.ink);
        middle(&mut self.type_, &mut canvas, SERVICES[1], Face::Heading, 58.0, 374.0, c.teal_text);
        Sprite::new(&canvas.finish())
    }

    fn label(&mut self, c: &Colours) -> Sprite {
        let (w, h) = (260_u32, 100_u32);
        let mut canvas = Canvas::new(w, h);
        canvas.round(Rect::new(0, 0, w, h), 20.0, c.ink);
        canvas.round(Rect::new(6, 6, w - 12, h - 12), 15.0, c.sun);
        let style = Style::new(Face::Number, 76.0);
        let block = self.type_.whole(TICKET, style, w as f32 - 52.0);
        let baseline = (h as f32 + Style { size: block.size, ..style }.cap_height()) / 2.0;
        self.type_.draw_on(&mut canvas, &block, (w as f32 - block.width) / 2.0, baseline, c.ink);
        Sprite::new(&canvas.finish())
    }
}

impl Art {
    /// Draws all that is written.
    pub fn new() -> Self {
        let c = Theme::default().colour;
        let mut hand = Hand { type_: Typesetter::default() };
        let ticket = hand.ticket(&c);
        let label = hand.label(&c);
        let mut text = |text: &str, face, size, colour| hand.text(text, face, size, colour);
        let lines = ["Pilih layanan", "Simpan nomor Anda", "Duduk dan lihat layar", "Nomor Anda dipanggil"];
        let [choose, keep, wait, called] = lines.map(|line| text(line, Face::Title, 80.0, c.ink));
        let services = SERVICES.map(|s| text(s, Face::TextStrong, 56.0, c.white));
        let [s1, s2, s3] = services;
        let labels = ["1", "2", "3"].map(|n| text(n, Face::Number, 64.0, c.white));
        let [n1, n2, n3] = labels;
        let [t1, t2, t3] =
            [("B-006", "B-007"), ("C-020", "C-021"), ("A-011", TICKET)].map(|(before, called)| {
                [(before, c.white), (called, c.white), (called, c.sun)]
                    .map(|(ticket, colour)| text(ticket, Face::Number, 92.0, colour))
            });
        Self {
            title: ["Cara", "mengambil", "nomor antrean"].map(|line| text(line, Face::Title, 120.0, c.ink)),
            closing: [
                text("Nomor", Face::Title, 120.0, c.ink),
                text("terlewat?", Face::Title, 120.0, c.ink),
                text("Lapor ke petugas.", Face::Title, 92.0, c.teal_text),
            ],
            steps: [choose, keep, wait, called, text("Datang ke loket", Face::Title, 80.0, c.ink)],
            numbers: ["1", "2", "3", "4", "5"].map(|n| text(n, Face::Number, 72.0, c.ink)),
            example: text("Contoh", Face::Heading, 56.0, c.teal_text),
            choices: SERVICES.map(|s| text(s, Face::Heading, 60.0, c.ink)),
            caption: [
                text("Loket", Face::Label, 56.0, c.mist),
                text("Sedang dilayani", Face::Label, 56.0, c.mist),
            ],
            counters: [(n1, s1), (n2, s3), (n3, s2)],
            tickets: [t1, t2, t3],
            call: [
                text("Nomor antrean", Face::Heading, 64.0, c.ink),
                text(TICKET, Face::Call, 250.0, c.ink),
                text("Loket 3", Face::Title, 108.0, c.ink),
            ],
            sign: text("Loket 3", Face::Title, 100.0, c.white),
            ticket,
            label,
            colours: c,
        }
    }
}
