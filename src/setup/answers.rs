//! The answers to the five questions, as plain data, and how each is written and read by people.
//! Invariant: whatever is read here is a value that `papan.toml` takes.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use super::ask::pick;
use crate::{
    config::{Config, LAYOUTS, Region},
    domain::visible::clean,
    words::Language,
};

/// The longest name, in characters, as in the config.
const MAX_NAME: usize = 200;
const INCH_MM: f64 = 25.4;

/// All answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// The hall's name.
    pub name: String,
    /// Who runs it; may be empty.
    pub organization: String,
    /// By its name in the zones' database.
    pub timezone: String,
    /// What the screen speaks.
    pub language: Language,
    /// The queue server; `None`: the demo hall.
    pub url: Option<String>,
    /// What becomes of the token.
    pub token: TokenChoice,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The screens; at least one.
    pub screens: Vec<ScreenAnswer>,
    /// The sound device.
    pub device: String,
    /// From 0 to 1.
    pub volume: f64,
}

/// What becomes of the token.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum TokenChoice {
    /// What is there stays.
    #[default]
    Keep,
    /// There is to be none.
    Without,
    /// This one is written.
    New(String),
}

impl std::fmt::Debug for TokenChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keep => "Keep",
            Self::Without => "Without",
            Self::New(_) => "New(…)",
        })
    }
}

/// A screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScreenAnswer {
    /// The output's name; `None`: the only one.
    pub output: Option<String>,
    /// A layout's name; `None`: by the glass's shape.
    pub layout: Option<String>,
    /// How far the picture is turned clockwise, in degrees: 0, 90, 180 or 270.
    pub rotation: u32,
    /// Exact pixels of the output.
    pub region: Option<Region>,
    /// The height of the picture.
    pub height_mm: Option<f64>,
    /// How far the farthest viewer stands.
    pub viewing_distance_m: Option<f64>,
    /// The playlist's folder; `None`: the one that ships.
    pub playlist: Option<PathBuf>,
}

impl Answers {
    /// What a config says.
    pub fn of(config: &Config) -> Self {
        let screen = |s: &crate::config::Screen| ScreenAnswer {
            output: s.output.clone(),
            layout: s.layout.clone(),
            rotation: s.rotation.degrees(),
            region: s.region,
            height_mm: s.height_mm,
            viewing_distance_m: s.viewing_distance_m,
            playlist: s.playlist.clone(),
        };
        Self {
            name: config.hall.name.clone(),
            organization: config.hall.organization.clone(),
            timezone: config.hall.timezone.iana_name().unwrap_or("Asia/Makassar").to_owned(),
            language: config.hall.language,
            url: config.queue.url.clone(),
            token: TokenChoice::Keep,
            ca_file: config.queue.ca_file.clone(),
            screens: config.screens.iter().map(screen).collect(),
            device: config.sound.device.clone(),
            volume: config.sound.volume,
        }
    }
}

/// A name of 1 to 200 characters.
///
/// # Errors
/// What is wrong, with an example.
pub fn name(text: &str, language: Language) -> Result<String, String> {
    let text = clean(text);
    match text.chars().count() {
        1..=MAX_NAME => Ok(text),
        0 => Err(pick(
            language,
            "Nama tidak boleh kosong. Contoh: Mal Pelayanan Publik",
            "The name is empty. Example: Mal Pelayanan Publik",
        )
        .to_owned()),
        count => Err(pick(
            language,
            &format!("{count} huruf terlalu panjang; paling banyak {MAX_NAME}."),
            &format!("{count} characters are too many; at most {MAX_NAME}."),
        )
        .to_owned()),
    }
}

/// A time zone: WIB, WITA, WIT, or its name in the zones' database.
///
/// # Errors
/// What is wrong, with an example.
pub fn timezone(text: &str, language: Language) -> Result<String, String> {
    let name = match clean(text).to_uppercase().as_str() {
        "WIB" => "Asia/Jakarta".to_owned(),
        "WITA" => "Asia/Makassar".to_owned(),
        "WIT" => "Asia/Jayapura".to_owned(),
        _ => clean(text),
    };
    let zone = TimeZone::get(&name).ok();
    zone.and_then(|zone| zone.iana_name().map(str::to_owned)).ok_or_else(|| {
        pick(
            language,
            &format!("Zona waktu \"{name}\" tidak dikenal. Contoh: WITA, atau Asia/Makassar"),
            &format!("The time zone \"{name}\" is not known. Example: WITA, or Asia/Makassar"),
        )
        .to_owned()
    })
}

/// A volume: `0.9`, `0,9` or `90%`.
///
/// # Errors
/// What is wrong, with an example.
pub fn volume(text: &str, language: Language) -> Result<f64, String> {
    let text = text.trim().replace(',', ".");
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok().map(|p| p / 100.0),
        // Nobody means a hundred times too loud by 90.
        None => text.parse::<f64>().ok().map(|n| if n > 1.0 { n / 100.0 } else { n }),
    };
    number.filter(|n| (0.0..=1.0).contains(n)).map(|n| (n * 1000.0).round() / 1000.0).ok_or_else(|| {
        pick(
            language,
            "Tulis 0% (diam) sampai 100%, misalnya 90%.",
            "Write 0% (silent) to 100%, for example 90%.",
        )
        .to_owned()
    })
}

/// How high the picture is, in mm: `680`, `68 cm`, or by its diagonal `55"`, for which `shape` is its width by
/// height.
///
/// # Errors
/// What is wrong, with an example.
pub fn height(text: &str, shape: (u32, u32), language: Language) -> Result<f64, String> {
    let lower = text.trim().to_lowercase().replace(',', ".");
    let split = lower.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(lower.len());
    let (number, unit) = lower.split_at(split);
    let (width, high) = (f64::from(shape.0.max(1)), f64::from(shape.1.max(1)));
    let of_diagonal = high / width.hypot(high);
    let scale = match unit.trim() {
        "" | "mm" => Some(1.0),
        "cm" => Some(10.0),
        "m" => Some(1000.0),
        "\"" | "''" | "”" | "in" | "inch" | "inches" | "inci" => Some(INCH_MM * of_diagonal),
        _ => None,
    };
    let mm = number.parse::<f64>().ok().zip(scale).map(|(n, scale)| (n * scale).round());
    mm.filter(|mm| (10.0..=100_000.0).contains(mm)).ok_or_else(|| {
        pick(
            language,
            "Tulis tinggi gambar, misalnya 680 mm, atau diagonalnya, misalnya 55 inci.",
            "Write the picture's height, such as 680 mm, or its diagonal, such as 55 inch.",
        )
        .to_owned()
    })
}

/// A distance in metres: `8`, `8.5 m`.
///
/// # Errors
/// What is wrong, with an example.
pub fn distance(text: &str, language: Language) -> Result<f64, String> {
    let lower = text.trim().to_lowercase().replace(',', ".");
    let number = lower.trim_end_matches("meter").trim_end_matches('m').trim();
    number.parse::<f64>().ok().filter(|m| (0.3..=200.0).contains(m)).ok_or_else(|| {
        pick(language, "Tulis jarak dalam meter, misalnya 8.", "Write a distance in metres, such as 8.")
            .to_owned()
    })
}

/// A rotation in degrees.
///
/// # Errors
/// What is wrong, with an example.
pub fn rotation(text: &str, language: Language) -> Result<u32, String> {
    text.trim()
        .trim_end_matches('°')
        .parse::<u32>()
        .ok()
        .filter(|r| [0, 90, 180, 270].contains(r))
        .ok_or_else(|| pick(language, "Tulis 0, 90, 180 atau 270.", "Write 0, 90, 180 or 270.").to_owned())
}

/// A region of an output as `1152x576+0+0`: width, height, left, top, in pixels.
///
/// # Errors
/// What is wrong, with an example.
pub fn region(text: &str, language: Language) -> Result<Region, String> {
    let read = |text: &str| {
        let (width, rest) = text.split_once(['x', 'X', '×'])?;
        let mut parts = rest.split('+');
        let mut next =
            |low: u32| parts.next()?.trim().parse::<u32>().ok().filter(|n| (low..=16_384).contains(n));
        let height = next(1)?;
        let (x, y) = if rest.contains('+') { (next(0)?, next(0)?) } else { (0, 0) };
        let width = width.trim().parse::<u32>().ok().filter(|n| (1..=16_384).contains(n))?;
        parts.next().is_none().then_some(Region { x, y, width, height })
    };
    read(text.trim()).ok_or_else(|| {
        pick(
            language,
            "Tulis lebar x tinggi + kiri + atas dalam piksel, misalnya 1152x576+0+0.",
            "Write width x height + left + top in pixels, for example 1152x576+0+0.",
        )
        .to_owned()
    })
}

/// A region as [`region`] reads it.
pub fn region_text(region: Region) -> String {
    format!("{}x{}+{}+{}", region.width, region.height, region.x, region.y)
}

/// A queue server's address.
///
/// # Errors
/// What is wrong, with an example.
pub fn url(text: &str, language: Language) -> Result<String, String> {
    const EXAMPLE: &str = "wss://antrean.kendarikota.go.id/events";
    let text = text.trim();
    let authority =
        text.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let (id, en) = match (text.split_once("://"), authority) {
        (_, Some(authority)) if authority.contains('@') => (
            "Alamat tidak boleh memuat sandi; token ditanyakan sesudah ini.".to_owned(),
            "The address must not hold a password; the token is asked for after this.".to_owned(),
        ),
        (Some(("http", rest)), _) => (format!("Tulis ws://{rest}"), format!("Write ws://{rest}")),
        (Some(("https", rest)), _) => (format!("Tulis wss://{rest}"), format!("Write wss://{rest}")),
        _ => match crate::link::address::Address::new(text, "papan") {
            Ok(_) if !text.contains(char::is_whitespace) && text.len() <= 2048 => return Ok(text.to_owned()),
            _ => (
                format!("Bukan alamat WebSocket. Contoh: {EXAMPLE}"),
                format!("That is no WebSocket address. Example: {EXAMPLE}"),
            ),
        },
    };
    Err(pick(language, &id, &en).to_owned())
}

/// A token, without the white space at its ends.
///
/// # Errors
/// What is wrong; the token is not in it.
pub fn token(text: &str, language: Language) -> Result<String, String> {
    let token = text.trim();
    if !token.is_empty() && token.len() <= 4096 && token.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(token.to_owned());
    }
    Err(pick(
        language,
        "Token itu kosong, atau memuat spasi, ganti baris atau huruf yang tidak mungkin ada di token. \
         Salin lagi dari server antrean, satu baris utuh.",
        "That token is empty, or holds a space, a line break or a letter that no token has. Copy it again \
         from the queue server, as one whole line.",
    )
    .to_owned())
}

/// A layout's name, of papan's or the site's own.
///
/// # Errors
/// What is wrong, with an example.
pub fn layout(text: &str, own: &[String], language: Language) -> Result<String, String> {
    let text = text.trim();
    if LAYOUTS.contains(&text) || own.iter().any(|name| name == text) {
        return Ok(text.to_owned());
    }
    let text = clean(text);
    Err(pick(
        language,
        &format!("Tata letak \"{text}\" tidak dikenal. Pilih: {}", LAYOUTS.join(", ")),
        &format!("The layout \"{text}\" is not known. Choose: {}", LAYOUTS.join(", ")),
    )
    .to_owned())
}
