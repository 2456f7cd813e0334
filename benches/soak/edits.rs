//! What staff do to the playlist all day: saved whole, with errors, half-written, files replaced.
//! Invariant: each good edit brings a card of its own that is due on air for as long as it stays in the list.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;

/// Between two edits, and how long a file stays half-written.
const BETWEEN: Duration = Duration::from_secs(5);
const HALF: Duration = Duration::from_millis(1_500);
/// So many cards of the newest edits stay in the list.
const STAY: usize = 4;

/// Cards with hours, and those hours: what is shown of each has to begin within them.
pub const WINDOWS: [(&str, &[(&str, &str)]); 7] = [
    ("Jadwal pagi", &[("08:15", "09:15")]),
    ("Jadwal siang", &[("10:00", "10:30"), ("12:00", "13:00")]),
    ("Jadwal sore", &[("15:00", "17:00")]),
    ("Jadwal malam", &[("20:00", "21:30")]),
    ("Jadwal tengah malam", &[("23:00", "01:00")]),
    ("Jadwal subuh", &[("04:00", "05:00")]),
    ("Jadwal terakhir", &[("07:00", "07:45")]),
];
/// A card that takes the place of all others within its hours.
pub const FIRST: (&str, &[(&str, &str)]) =
    ("Gangguan jaringan", &[("09:20", "09:25"), ("14:00", "14:05"), ("23:58", "00:03")]);

/// The card of an edit, and when it was due on air, by the hall's clock.
#[derive(Debug, Clone)]
pub struct Marker {
    pub title: String,
    pub since: Timestamp,
    /// When it was taken out.
    pub until: Timestamp,
}

/// Whoever edits.
pub struct Edits {
    folder: PathBuf,
    count: u32,
    bad: u32,
    /// Those that are in the list, and those that were.
    here: Vec<Marker>,
    gone: Vec<Marker>,
    /// What a half-written file is to hold, and when.
    half: Option<(Duration, String)>,
}

impl Edits {
    /// Nothing was edited yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, count: 0, bad: 0, here: Vec::new(), gone: Vec::new(), half: None }
    }

    /// Edits what is due, `now` being real time since the start.
    pub fn step(&mut self, now: Duration, hall: Timestamp) {
        if let Some((_, text)) = self.half.take_if(|(since, _)| now >= *since + HALF) {
            fs::write(self.file(), text).expect("written");
        }
        if now < BETWEEN * (self.count + 1) {
            return;
        }
        self.count += 1;
        match self.count % 8 {
            3 => {
                self.bad += 1;
                let wrong = ["durasi = 7\n", "[[item]]\npage = \"pages/tidak-ada.md\"\n", "[[item]\n"];
                self.save(&(self.text() + wrong[self.bad as usize % wrong.len()]));
            }
            5 => self.replace(),
            6 => {
                self.mark(hall);
                let text = self.text();
                // In the midst of a word of the first item.
                let half = text.find("pages/").map_or(0, |at| at + 9);
                fs::write(self.file(), &text[..half]).expect("written");
                self.half = Some((now, text));
            }
            _ => {
                self.mark(hall);
                self.save(&self.text());
            }
        }
    }

    /// How many edits there were, and how many of them were bad.
    pub fn counts(&self) -> (u32, u32) {
        (self.count, self.bad)
    }

    /// The cards of all edits.
    pub fn markers(self, now: Timestamp) -> Vec<Marker> {
        let here = self.here.into_iter().map(|marker| Marker { until: now, ..marker });
        self.gone.into_iter().chain(here).collect()
    }

    fn mark(&mut self, hall: Timestamp) {
        let title = format!("Suntingan {}", self.count);
        self.here.push(Marker { title, since: hall, until: hall });
        if self.here.len() > STAY {
            let old = self.here.remove(0);
            self.gone.push(Marker { until: hall, ..old });
        }
    }

    fn text(&self) -> String {
        playlist(&self.here)
    }

    fn file(&self) -> PathBuf {
        self.folder.join("playlist.toml")
    }

    /// Saves as editors do: beside it, then in its place.
    fn save(&self, text: &str) {
        put(&self.file(), text.as_bytes());
    }

    /// Replaces a page, a picture and a film by others.
    fn replace(&self) {
        let page = self.folder.join("pages/skck.md");
        let text = fs::read_to_string(&page).expect("it is there");
        let text: String =
            text.lines().filter(|line| !line.starts_with("- Revisi")).map(|l| format!("{l}\n")).collect();
        fs::write(&page, format!("{text}- Revisi {}\n", self.count)).expect("written");
        put(&self.folder.join("images/baru.png"), &picture(self.count));
        let film = self.folder.join("films/dua.mp4");
        put(&film, &fs::read(&film).expect("it is there"));
    }
}

fn put(path: &Path, bytes: &[u8]) {
    let beside = path.with_extension("new");
    fs::write(&beside, bytes).expect("written");
    fs::rename(&beside, path).expect("it takes its place");
}

/// The playlist with these cards.
pub fn playlist(markers: &[Marker]) -> String {
    let mut out = String::from("version = 1\ntitle = \"Rendam\"\n");
    for page in ["ktp-el", "kartu-keluarga", "akta-kelahiran", "skck", "paspor"] {
        still(&mut out, &format!("page = \"pages/{page}.md\""));
    }
    out.push_str("\n[[item]]\nfilm = \"films/satu.mp4\"\nvolume = 0.6\n");
    still(&mut out, "image = \"images/alur-pelayanan.png\"\nfit = \"contain\"");
    still(&mut out, "image = \"images/baru.png\"\nfit = \"cover\"");
    still(
        &mut out,
        "qr = { title = \"Pantau antrean\", text = \"Pindai.\", url = \"https://antrean.kendarikota.go.id/{ticket}\" }",
    );
    still(&mut out, "survey = { title = \"Kepuasan hari ini\" }\ntransition = \"cut\"");
    for Marker { title, .. } in markers {
        still(&mut out, &format!("card = {{ title = \"{title}\", text = \"Dari petugas.\" }}"));
    }
    out.push_str("\n[[item]]\nfilm = \"films/dua.mp4\"\nfit = \"cover\"\n");
    still(
        &mut out,
        "card = { title = \"Semua layanan gratis\", text = \"Tidak dipungut biaya.\" }\nweight = 2",
    );
    still(&mut out, "card = { title = \"Jaga kebersihan\", text = \"Terima kasih.\" }\nevery = 6");
    for (title, times) in WINDOWS {
        still(&mut out, &format!("card = {{ title = \"{title}\", text = \"Menurut jam.\" }}"));
        out.push_str(&format!("[item.when]\nhours = [{}]\n", hours(times)));
    }
    let (title, times) = FIRST;
    still(&mut out, &format!("card = {{ title = \"{title}\", text = \"Didahulukan.\" }}\npriority = 10"));
    out.push_str(&format!("[item.when]\nhours = [{}]\n", hours(times)));
    for number in 1..=4 {
        out.push_str(&format!("\n[[ticker]]\ntext = \"Pesan {number}: siapkan berkas sebelum dipanggil\"\n"));
        if number > 1 {
            let hour = 5 * number;
            out.push_str(&format!("[ticker.when]\nhours = [\"{hour:02}:00-{hour:02}:30\"]\n"));
        }
    }
    out
}

/// An item that stays for eight seconds.
fn still(out: &mut String, what: &str) {
    out.push_str(&format!("\n[[item]]\n{what}\nduration = \"8s\"\n"));
}

fn hours(times: &[(&str, &str)]) -> String {
    times.iter().map(|(from, to)| format!("\"{from}-{to}\"")).collect::<Vec<_>>().join(", ")
}

/// A picture that is another one for each number.
pub fn picture(number: u32) -> Vec<u8> {
    let shade = (number % 200) as u8;
    let colour = |x, y| image::Rgb([shade, (x / 4) as u8, (y / 3) as u8]);
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(960, 540, colour);
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("it is a picture");
    bytes.into_inner()
}
