//! What is to be added: a kind first, then its file or its name. Invariant: what is added can be taken back by one
//! undo, and no file that is there is written over.

use std::path::{Path, PathBuf};

use crate::editor::{
    desk::{Desk, Panel, Question},
    document::{Change, Kind, NewItem},
    egui::{Button, RichText, ScrollArea, TextEdit, Ui, vec2},
    folder, style,
    views::{questions, words},
};

/// How far somebody is with adding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Adding {
    /// Of which kind; `None`: not chosen yet.
    pub kind: Option<Kind>,
    /// The files in the folder that it could show.
    pub files: Vec<String>,
    /// What is typed: a new page's name, or the place of a file.
    pub text: String,
}

/// Shows it.
pub fn show(ui: &mut Ui, desk: &mut Desk, mut adding: Adding) {
    ui.set_width(520.0);
    let title = match adding.kind {
        None => desk.say("Tambah apa?", "Add what?").to_owned(),
        Some(kind) => format!("{}: {}", desk.say("Tambah", "Add"), words::kind(kind, desk.language)),
    };
    ui.label(RichText::new(title).font(style::title(19.0)));
    match adding.kind {
        None => kinds(ui, desk, &mut adding),
        Some(Kind::Page) => page(ui, desk, &mut adding),
        Some(kind) => file(ui, desk, &mut adding, kind),
    }
    ui.separator();
    ui.horizontal(|ui| {
        if adding.kind.is_some() && ui.button(desk.say("Kembali", "Back")).clicked() {
            adding = Adding::default();
        }
        if ui.button(desk.say("Batal", "Cancel")).clicked() {
            desk.question = None;
        }
    });
    // What was typed goes on, unless something was added or it was closed.
    if let Some(Question::Add(open)) = &mut desk.question {
        *open = adding;
    }
}

fn kinds(ui: &mut Ui, desk: &mut Desk, adding: &mut Adding) {
    let all = [
        (
            Kind::Page,
            desk.say(
                "Halaman prosedur: judul, yang dibawa, langkah",
                "A procedure page: title, what to bring, steps",
            ),
        ),
        (
            Kind::Image,
            desk.say("Gambar atau poster: PNG, JPEG, WebP", "A picture or poster: PNG, JPEG, WebP"),
        ),
        (Kind::Film, desk.say("Film pendek: MP4, WebM", "A short film: MP4, WebM")),
        (Kind::Card, desk.say("Tulisan besar satu layar", "Large text over the screen")),
        (Kind::Qr, desk.say("Tulisan di samping kode QR", "A text beside a QR code")),
        (
            Kind::Survey,
            desk.say("Kepuasan pengunjung hari ini, sebagai grafik", "Today's satisfaction, as a chart"),
        ),
    ];
    for (i, (kind, text)) in all.into_iter().enumerate() {
        ui.horizontal(|ui| {
            let name = RichText::new(words::kind(kind, desk.language)).font(style::title(15.0));
            let response = ui.add(Button::new(name).min_size(vec2(120.0, 34.0)));
            if i == 0 {
                questions::first(desk, &response);
            }
            if response.clicked() {
                choose(desk, adding, kind);
            }
            ui.label(RichText::new(text).color(style::SOFT));
        });
    }
}

fn choose(desk: &mut Desk, adding: &mut Adding, kind: Kind) {
    let title = |desk: &Desk| desk.say("Judul baru", "New title").to_owned();
    let text = |desk: &Desk| desk.say("Tulis keterangannya di sini.", "Write its text here.").to_owned();
    match kind {
        Kind::Card => done(desk, &NewItem::Card { title: title(desk), text: text(desk) }),
        Kind::Qr => {
            let (title, text) = (title(desk), text(desk));
            done(desk, &NewItem::Qr { title, text, url: "https://contoh.go.id".to_owned() });
        }
        Kind::Survey => {
            let title = desk.say("Kepuasan pengunjung hari ini", "Today's satisfaction").to_owned();
            done(desk, &NewItem::Survey { title });
        }
        kind => {
            let endings: &[&str] = match kind {
                Kind::Page => &["md"],
                Kind::Image => &folder::PICTURES,
                _ => &folder::FILMS,
            };
            // The next thing is another question, whose first field has the keys.
            desk.shown = None;
            let files = folder::files(&desk.folder, endings);
            *adding = Adding { kind: Some(kind), files, text: String::new() };
        }
    }
}

fn done(desk: &mut Desk, item: &NewItem) {
    desk.add(item);
    desk.question = None;
    desk.go_to = Some(Panel::Form);
}

/// A new page by its name, or one that is there.
fn page(ui: &mut Ui, desk: &mut Desk, adding: &mut Adding) {
    let label = ui.label(desk.say("Judul halaman baru", "The new page's title"));
    let hint = desk.say("Misalnya: KTP elektronik hilang", "Such as: Lost identity card");
    let field = ui.add(TextEdit::singleline(&mut adding.text).hint_text(hint).desired_width(f32::INFINITY));
    let field = field.labelled_by(label.id);
    questions::first(desk, &field);
    let named = !adding.text.trim().is_empty();
    let enter = field.lost_focus() && ui.input(|input| input.key_pressed(crate::editor::egui::Key::Enter));
    let make = Button::new(desk.say("Buat halaman", "Make the page"));
    if ui.add_enabled(named, make).clicked() || enter && named {
        make_page(desk, adding.text.trim());
        return;
    }
    existing(ui, desk, adding, Kind::Page);
}

fn make_page(desk: &mut Desk, title: &str) {
    let stem = folder::safe_name(title, "halaman");
    let file = folder::free_name("pages/", &stem, "md", |name| {
        desk.folder.join(name).exists() || desk.document.text(Path::new(name)).is_some()
    });
    let title = title.replace(['\n', '\r'], " ");
    let text = match desk.language {
        crate::words::Language::Indonesian => format!(
            "---\nservice: \ncost: Gratis\ntime: \nvalid: \n---\n# {title}\n## Yang dibawa\n- Kartu Tanda Penduduk\n## Langkah\n1. Ambil nomor antrean\n"
        ),
        crate::words::Language::English => format!(
            "---\nservice: \ncost: Free\ntime: \nvalid: \n---\n# {title}\n## What to bring\n- Identity card\n## Steps\n1. Take a number\n"
        ),
    };
    let (list, at) = (desk.list, desk.selected.last().map_or(usize::MAX, |last| last + 1));
    let at = at.min(desk.document.entries(list).len());
    let step = Change::Step("halaman baru", "new page");
    let stands = desk.document.edit(step, |draft| {
        draft.set_text(Path::new(&file), text);
        draft.insert(list, at, &NewItem::Page(file.clone()))
    });
    desk.document.settle();
    desk.touch_page(stands);
    desk.question = None;
    desk.go_to = Some(Panel::Form);
}

/// A file that is in the folder, or one from elsewhere.
fn file(ui: &mut Ui, desk: &mut Desk, adding: &mut Adding, kind: Kind) {
    ui.label(desk.say(
        "Cara termudah: seret berkasnya dari pengelola berkas ke jendela ini. Berkas disalin ke folder daftar putar.",
        "The easiest way: drag the file from the file manager onto this window. It is copied into the playlist's folder.",
    ));
    let label = ui.label(desk.say("Atau tulis letak berkasnya", "Or write where the file is"));
    let hint = desk.say("Misalnya: /home/humas/poster.png", "Such as: /home/humas/poster.png");
    let field = ui.add(TextEdit::singleline(&mut adding.text).hint_text(hint).desired_width(f32::INFINITY));
    let field = field.labelled_by(label.id);
    questions::first(desk, &field);
    let path = PathBuf::from(adding.text.trim());
    if ui
        .add_enabled(path.is_file(), Button::new(desk.say("Salin ke folder", "Copy into the folder")))
        .clicked()
    {
        let ctx = ui.ctx().clone();
        desk.take_in(vec![path], move || ctx.request_repaint());
        desk.question = None;
        return;
    }
    existing(ui, desk, adding, kind);
}

fn existing(ui: &mut Ui, desk: &mut Desk, adding: &Adding, kind: Kind) {
    if adding.files.is_empty() {
        return;
    }
    ui.label(desk.say("Atau pilih yang sudah ada di folder", "Or choose one that is in the folder"));
    let most = (ui.ctx().content_rect().height() - 420.0).clamp(80.0, 320.0);
    let mut chosen = None;
    ScrollArea::vertical().max_height(most).auto_shrink([false, true]).show(ui, |ui| {
        for file in &adding.files {
            if ui.add(Button::new(file).frame(false)).clicked() {
                chosen = Some(file.clone());
            }
        }
    });
    if let Some(file) = chosen {
        let item = match kind {
            Kind::Page => NewItem::Page(file),
            Kind::Image => NewItem::Image(file),
            _ => NewItem::Film(file),
        };
        done(desk, &item);
    }
}
