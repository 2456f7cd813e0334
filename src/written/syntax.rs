//! What the TOML parser says, in the words of people who write playlists.
//! Invariant: every message says what to write instead.

/// A syntax error's message in Indonesian and English.
pub(super) fn explain(message: &str, line: &str) -> (String, String) {
    let message = if is_word(message, line) { UNQUOTED } else { message };
    for (start, id, en) in KNOWN {
        if message.starts_with(start) {
            return ((*id).to_owned(), (*en).to_owned());
        }
    }
    let line: String = line.trim().chars().take(60).collect();
    (
        format!(
            "baris `{line}` tidak terbaca ({message}); tulis dalam bentuk: kunci = \"teks\", kunci = 12, atau [bagian]"
        ),
        format!(
            "the line `{line}` cannot be read ({message}); write it as: key = \"text\", key = 12, or [section]"
        ),
    )
}

/// Whether a word without quotes was taken for a number or for true or false by how it begins.
fn is_word(message: &str, line: &str) -> bool {
    let value = line.split_once('=').map_or("", |(_, value)| value);
    let value = value.split('#').next().unwrap_or_default().trim().to_lowercase();
    let truth = ["true", "false"].contains(&value.as_str());
    WORDS.iter().any(|start| message.starts_with(start)) && value.contains(char::is_alphabetic) && !truth
}

const UNQUOTED: &str = "string values must be quoted";
/// What the parser says of a word that it takes for something else.
const WORDS: &[&str] =
    &["invalid float", "invalid fraction", "invalid mantissa", "invalid boolean", "missing opening quote"];

/// The parser's messages that people meet most: how one starts, Indonesian, English.
const KNOWN: &[(&str, &str, &str)] = &[
    (
        UNQUOTED,
        "teks harus di antara tanda kutip; tulis misalnya: title = \"Lobi\"",
        "text must stand in quotes; write for example: title = \"Lobby\"",
    ),
    (
        "invalid date",
        "tanggal ini tidak ada; tulis tahun-bulan-tanggal tanpa tanda kutip, misalnya: 2026-12-31",
        "there is no such date; write year-month-day without quotes, for example: 2026-12-31",
    ),
    (
        "invalid basic string",
        "tanda kutip penutup belum ada; tulis \" di akhir teks",
        "the closing quote is missing; write \" at the end of the text",
    ),
    (
        "invalid literal string",
        "tanda kutip penutup belum ada; tulis ' di akhir teks",
        "the closing quote is missing; write ' at the end of the text",
    ),
    (
        "duplicate key",
        "kunci atau bagian ini sudah ditulis di atas; hapus salah satunya, atau tulis [[…]] untuk yang berulang",
        "this key or section is written above already; take one away, or write [[…]] for one that comes again",
    ),
    (
        "invalid unquoted key",
        "nama kunci hanya boleh berisi huruf, angka, - dan _; tulis misalnya: title = \"Lobi\"",
        "a key has only letters, digits, - and _; write for example: title = \"Lobby\"",
    ),
    (
        "unquoted keys cannot be empty",
        "nama kunci belum ditulis; tulis misalnya: title = \"Lobi\"",
        "the key is missing; write for example: title = \"Lobby\"",
    ),
    (
        "key with no value",
        "kunci ini belum bernilai; tulis misalnya: title = \"Lobi\"",
        "this key has no value; write for example: title = \"Lobby\"",
    ),
    (
        "missing value",
        "nilai sesudah = belum ditulis; tulis misalnya: title = \"Lobi\"",
        "the value after = is missing; write for example: title = \"Lobby\"",
    ),
    (
        "missing assignment",
        "tanda = belum ditulis; tulis misalnya: title = \"Lobi\"",
        "the = is missing; write for example: title = \"Lobby\"",
    ),
    (
        "unclosed table",
        "kurung siku belum ditutup; tulis misalnya: [hall]",
        "the bracket is not closed; write for example: [hall]",
    ),
    (
        "unclosed array table",
        "kurung siku belum ditutup; tulis misalnya: [[item]]",
        "the brackets are not closed; write for example: [[item]]",
    ),
    (
        "unclosed array",
        "daftar belum ditutup; tulis ] di akhirnya",
        "the list is not closed; write ] at its end",
    ),
    (
        "unclosed inline table",
        "tabel belum ditutup; tulis } di akhirnya",
        "the table is not closed; write } at its end",
    ),
    (
        "missing comma",
        "koma di antara dua nilai belum ditulis; tulis misalnya: [\"a\", \"b\"]",
        "the comma between two values is missing; write for example: [\"a\", \"b\"]",
    ),
    (
        "missing escaped value",
        "tanda \\ punya arti khusus di dalam teks; tulis / untuk folder, atau \\\\ untuk tanda itu sendiri",
        "a \\ has a meaning of its own in text; write / for folders, or \\\\ for the sign itself",
    ),
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Source;

    /// What is said of a line, in English.
    fn said(line: &str) -> String {
        let source = Source::new(Path::new("voice.toml"), line);
        assert!(source.toml(line).is_none(), "{line}");
        source.into_problems().remove(0).en
    }

    #[test]
    fn a_word_without_quotes_is_told_as_that_however_it_begins() {
        for word in
            ["nol.wav", "tiga.wav", "false.wav", "inf.wav", "2.wav", "./i.wav", "be.wav\"", "satu.wav"]
        {
            let said = said(&format!("nol = {word}"));
            assert!(said.contains("must stand in quotes"), "{word}: {said}");
        }
        for number in ["1.2.3 # wav", "True", "2026-13-01T00:00"] {
            let said = said(&format!("a = {number}"));
            assert!(!said.contains("must stand in quotes"), "{number}: {said}");
        }
    }
}
