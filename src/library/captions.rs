//! The captions beside a film: found by its name, read in the encodings that people save them in.
//! Invariant: whatever is wrong with them is a warning: the film is shown all the same.

use std::{io::Read, path::Path, sync::Arc};

use super::folder::Folder;
use crate::{
    domain::captions::{self, Captions, Fault, MAX_CUES, MAX_TEXT, Slip},
    problem::{Problem, Severity},
    written::{Source, open, unreadable},
};

/// The largest caption file, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// The names by which caption files end, the one that is shown first; some programs write them in capitals.
const ENDINGS: [&str; 4] = ["srt", "SRT", "vtt", "VTT"];
const EXAMPLE: &str = "00:00:01,000 --> 00:00:04,000";

/// The captions of a film, from the file beside it that has its name and ends with `.srt` or `.vtt`; none where
/// there is no such file. `source` takes the problems, once for a film that several items show.
pub(super) fn beside(source: &Source, folder: &Folder, film: &Path) -> Arc<Captions> {
    if let Some(known) = folder.captions.borrow().get(film) {
        return known.clone();
    }
    let captions = Arc::new(fresh(source, folder, film));
    folder.captions.borrow_mut().insert(film.to_owned(), captions.clone());
    captions
}

fn fresh(source: &Source, folder: &Folder, film: &Path) -> Captions {
    let files = ENDINGS.map(|ending| film.with_extension(ending));
    files.iter().for_each(|path| folder.look(path));
    let mut files = files.iter().filter(|path| path.exists());
    let Some(path) = files.next() else { return Captions::default() };
    // On some drives a name in capitals is the same name.
    if let Some(other) = files.find(|other| !name(other).eq_ignore_ascii_case(&name(path))) {
        let (shown, other_name) = (name(path), name(other));
        source.push(Problem::warning(
            other,
            None,
            format!("film ini sudah berteks dari `{shown}`, jadi berkas ini tidak dipakai; hapus `{other_name}` atau `{shown}`"),
            format!("this film has its captions from `{shown}`, so this file is not used; take `{other_name}` or `{shown}` away"),
        ));
    }
    let whole = |(id, en)| Problem::warning(path, None, id, en);
    if let Err(wrong) = folder.find(film.parent().unwrap_or(film), &name(path)) {
        source.push(whole(wrong));
        return Captions::default();
    }
    let bytes = match read(path) {
        Ok(bytes) => bytes,
        Err(problem) => {
            source.push(problem);
            return Captions::default();
        }
    };
    let (text, guess) = decode(&bytes);
    if let Some(line) = guess {
        source.push(Problem::warning(
            path,
            Some(line),
            "berkas ini tidak disimpan dengan UTF-8, jadi hurufnya dibaca sebagai Windows-1252; jika ada huruf yang salah, simpan ulang dengan encoding UTF-8",
            "this file is not saved as UTF-8, so its letters are read as Windows-1252; if any is wrong, save it again with the encoding UTF-8",
        ));
    }
    let (captions, slips) = captions::parse(&text);
    for Slip { line, fault } in slips {
        let (id, en) = explain(&fault);
        source.push(Problem::warning(path, Some(line), id, en));
    }
    captions
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A caption file's bytes, or the warning that it has instead.
fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let broken = |err| Problem { severity: Severity::Warning, ..unreadable(path, &err) };
    let mut bytes = Vec::new();
    let file = open(path).map_err(broken)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > MAX_BYTES {
        let max = MAX_BYTES / 1024;
        return Err(Problem::warning(
            path,
            None,
            format!("teks film ini terlalu besar; paling besar {max} KiB, potong sampai sepanjang filmnya"),
            format!("these captions are too large; at most {max} KiB: cut them to what the film says"),
        ));
    }
    Ok(bytes)
}

/// The text of a file in UTF-8, in UTF-16 with its mark, or in Windows-1252, which is what Indonesian and English
/// are saved in where it is none of these; then also the first line that shows it.
fn decode(bytes: &[u8]) -> (String, Option<usize>) {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, ..] => (wide(u16::from_le_bytes), None),
        [0xfe, 0xff, ..] => (wide(u16::from_be_bytes), None),
        _ => match str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), None),
            Err(err) => {
                let before = &bytes[..err.valid_up_to()];
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                (bytes.iter().map(|byte| windows_1252(*byte)).collect(), Some(line))
            }
        },
    }
}

/// The character of a byte in Windows-1252: that of Latin-1, but for 0x80 to 0x9F (Unicode's CP1252.TXT).
fn windows_1252(byte: u8) -> char {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => FROM_80[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// What is wrong with a line and what to write instead, in Indonesian and English.
fn explain(fault: &Fault) -> (String, String) {
    match fault {
        Fault::Time(line) => (
            format!(
                "waktu `{line}` tidak terbaca, jadi teksnya tidak ditampilkan; tulis jam:menit:detik,milidetik, misalnya: {EXAMPLE}"
            ),
            format!(
                "the times `{line}` cannot be read, so their text is not shown; write hours:minutes:seconds,milliseconds, for example: {EXAMPLE}"
            ),
        ),
        Fault::Backwards => (
            format!(
                "teks ini selesai sebelum dimulai, jadi tidak ditampilkan; tulis waktu mulai dahulu, lalu waktu selesai, misalnya: {EXAMPLE}"
            ),
            format!(
                "this caption ends before it begins, so it is not shown; write when it begins, then when it ends, for example: {EXAMPLE}"
            ),
        ),
        Fault::Stray(line) => (
            format!(
                "`{line}` tidak punya waktu, jadi tidak ditampilkan; tulis waktunya pada baris di atasnya, tanpa baris kosong di antaranya, misalnya: {EXAMPLE}"
            ),
            format!(
                "`{line}` has no times, so it is not shown; write them on the line above it, without an empty line between, for example: {EXAMPLE}"
            ),
        ),
        Fault::TooLong(count) => (
            format!(
                "teks ini panjangnya {count} huruf, jadi dipotong; tulis paling banyak {MAX_TEXT} huruf (lebih baik 80), dan bagi menjadi beberapa"
            ),
            format!(
                "this caption has {count} characters, so it is cut; write at most {MAX_TEXT} (better 80), and divide it into several"
            ),
        ),
        Fault::TooMany => (
            format!(
                "teks dari baris ini tidak ditampilkan; tulis paling banyak {MAX_CUES} teks dalam satu berkas"
            ),
            format!("the captions from this line on are not shown; write at most {MAX_CUES} in one file"),
        ),
        Fault::More(count) => (
            format!("masih ada {count} kesalahan mulai baris ini; betulkan dahulu yang di atas"),
            format!("there are {count} more wrong lines from here on; put those above right first"),
        ),
        Fault::Nothing => (
            format!(
                "berkas ini tidak berisi teks film; tulis misalnya: {EXAMPLE}, lalu teksnya pada baris berikut"
            ),
            format!(
                "this file holds no caption; write for example: {EXAMPLE}, then the text on the next line"
            ),
        ),
    }
}
