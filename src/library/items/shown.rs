//! What an item shows without a file: large text, a QR code, the survey.
//! Invariant: a QR code that is taken can be read from afar, with any ticket in it.

use super::{MAX_TEXT, MAX_TITLE};
use crate::{
    domain::{playlist::Content, visible::clean},
    written::{Table, Value},
};

const CARD: &str = "card = { title = \"Hari ini giliran PBB\", text = \"Bawa SPPT tahun lalu.\" }";
const QR: &str = "qr = { title = \"Pantau antrean dari ponsel\", text = \"Pindai kode ini.\", url = \"https://antrean.kendarikota.go.id/{ticket}\" }";
const SURVEY: &str = "survey = { title = \"Kepuasan hari ini\" }";
const URL: &str = "\"https://antrean.kendarikota.go.id/{ticket}\"";
/// What stands for the ticket that was called last.
const TICKET: &str = "{ticket}";
/// The most characters that a ticket takes in an address: it has up to 16.
const TICKET_CHARS: usize = 16;
/// The most characters of an address: more make a code whose dots are too fine from the last row of a hall.
const MAX_URL: usize = 100;

/// Large text.
pub(super) fn card(value: &Value<'_>) -> Option<Content> {
    let table = value.table(&["title", "text"], CARD)?;
    let title = title(&table, "\"Hari ini giliran PBB\"");
    let text = text(&table, "\"Bawa SPPT tahun lalu.\"");
    Some(Content::Card { title: title?, text: text? })
}

/// A text beside a QR code.
pub(super) fn qr(value: &Value<'_>) -> Option<Content> {
    let table = value.table(&["title", "text", "url"], QR)?;
    let title = title(&table, "\"Pantau antrean dari ponsel\"");
    let text = text(&table, "\"Pindai kode ini.\"");
    let url = table.need("url", URL).and_then(url);
    Some(Content::Qr { title: title?, text: text?, url: url? })
}

/// Today's satisfaction.
pub(super) fn survey(value: &Value<'_>) -> Option<Content> {
    let table = value.table(&["title"], SURVEY)?;
    let title = match table.get("title") {
        None => String::new(),
        Some(title) if title.as_str().is_some_and(|t| t.trim().is_empty()) => String::new(),
        Some(title) => title.text(MAX_TITLE, "\"Kepuasan hari ini\"")?,
    };
    Some(Content::Survey { title })
}

fn title(table: &Table<'_>, example: &str) -> Option<String> {
    table.need("title", example).and_then(|v| v.text(MAX_TITLE, example))
}

fn text(table: &Table<'_>, example: &str) -> Option<String> {
    table.get("text").map_or(Some(String::new()), |v| match v.as_str() {
        Some(text) if text.trim().is_empty() => Some(String::new()),
        _ => v.lines(MAX_TEXT, example),
    })
}

/// An address that a phone opens.
fn url(value: Value<'_>) -> Option<String> {
    let url = value.string(URL)?.trim();
    let shown = clean(url);
    let lower = url.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let Some(rest) = rest.filter(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':'])) else {
        let right = format!("https://{}", lower.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()));
        let right =
            if lower.contains("://") || right.len() < 12 { URL.trim_matches('"').to_owned() } else { right };
        value.error(
            format!("alamat \"{shown}\" tidak dapat dibuka ponsel; tulis lengkap dengan http:// atau https://, misalnya: url = \"{right}\""),
            format!("a phone cannot open the address \"{shown}\"; write it whole with http:// or https://, for example: url = \"{right}\""),
        );
        return None;
    };
    if rest
        .bytes()
        .any(|b| !b.is_ascii_graphic() || matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'|'))
    {
        value.error(
            format!("alamat \"{shown}\" memuat spasi atau huruf yang tidak boleh ada di alamat; salin alamatnya dari peramban, misalnya: url = {URL}"),
            format!("the address \"{shown}\" has a space or a letter that no address has; copy it from a browser, for example: url = {URL}"),
        );
        return None;
    }
    let fixed = url.replace(TICKET, "");
    if let Some(at) = fixed.find(['{', '}']) {
        let end = fixed[at..].find('}').map_or(fixed.len(), |end| at + end + 1);
        let wrong = &fixed[at..end];
        value.error(
            format!("`{wrong}` di alamat ini tidak dikenal; tulis {TICKET} untuk nomor yang terakhir dipanggil, atau hapus kurungnya"),
            format!("`{wrong}` in this address is not known; write {TICKET} for the ticket that was called last, or take the braces away"),
        );
        return None;
    }
    let chars = fixed.len() + url.matches(TICKET).count() * TICKET_CHARS;
    if chars > MAX_URL {
        value.error(
            format!("alamat ini {chars} huruf (nomor tiket dihitung {TICKET_CHARS}), kodenya terlalu rapat untuk dibaca dari jauh; tulis alamat paling panjang {MAX_URL} huruf, misalnya alamat pendek"),
            format!("this address has {chars} characters (a ticket counts as {TICKET_CHARS}), its code is too fine to be read from afar; write one of at most {MAX_URL}, for example a short link"),
        );
        return None;
    }
    Some(url.to_owned())
}
