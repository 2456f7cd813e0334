//! The JSON Schema of `playlist.toml`, by which text editors complete keys and explain them, in Indonesian.
//! Invariant: its keys are those that the reader knows; what its patterns allow the reader takes.

use serde_json::{Map, Value, json};

/// Hours as people write them: `08:00-12:00`.
const HOURS: &str =
    r"^ *([01]?[0-9]|2[0-3])[:.][0-5][0-9] *[-–] *(([01]?[0-9]|2[0-3])[:.][0-5][0-9]|24[:.]00) *$";
/// From one second to one hour, with its units.
const DURATION: &str = r"^([1-9][0-9]{0,2}s|([1-9]|[1-5][0-9])m([1-9]s|[1-5][0-9]s)?|60m|1h)$";

/// The schema (JSON Schema, draft 2020-12).
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://papan.invalid/playlist.schema.json",
        "title": "Daftar putar papan",
        "description": "Isi playlist.toml: apa yang tampil di panggung layar, kapan, dan teks berjalannya. Penjelasan dengan contoh: playlists/README.md.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "version": { "const": 1, "description": "Versi bentuk berkas ini; selalu 1." },
            "title": text(200, "Nama daftar putar, untuk petugas; tidak ditampilkan."),
            "item": list("#/$defs/item", "Satu butir: tampil bergiliran sesuai urutan di berkas ini."),
            "fallback": list("#/$defs/item", "Butir cadangan: tampil bila tidak ada butir lain yang tayang."),
            "ticker": list("#/$defs/message", "Satu pesan teks berjalan."),
            "daypart": named("#/$defs/daypart", "Jam tayang yang diberi nama, untuk dipakai banyak butir: [daypart.pagi]."),
            "calendar": named("#/$defs/calendar", "Hari-hari yang diberi nama, untuk dipakai banyak butir: [calendar.libur]."),
        },
        "$defs": {
            "item": item(),
            "message": message(),
            "when": when(),
            "daypart": daypart(),
            "calendar": calendar(),
            "days": days(),
            "hours": hours(),
            "date": {
                "type": "string",
                "format": "date",
                "description": "Tanggal: tahun-bulan-tanggal, tanpa tanda kutip. Contoh: 2026-12-31",
            },
        },
    })
}

fn item() -> Value {
    let kinds = ["page", "image", "film", "card", "qr", "survey"];
    let title = || text(200, "Judul, huruf besar.");
    let more = || json!({ "type": "string", "maxLength": 2000, "description": "Teks di bawah judul." });
    let mut keys = object(json!({
        "page": file("Halaman prosedur: berkas Markdown. Contoh: \"pages/ktp-el.md\""),
        "image": file("Gambar PNG, JPEG, atau WebP; nama folder berarti semua gambar di dalamnya. Contoh: \"images/alur.png\""),
        "film": file("Film MP4, MOV, MKV, WebM, atau AVI. Contoh: \"films/ambil-nomor.mp4\""),
        "card": table("Kartu teks besar.", &["title"], json!({ "title": title(), "text": more() })),
        "qr": table("Teks di samping kode QR.", &["title", "url"], json!({
            "title": title(),
            "text": more(),
            "url": {
                "type": "string",
                "pattern": "^https?://[^ ]+$",
                "maxLength": 100,
                "description": "Alamat di dalam kode, paling panjang 100 huruf; {ticket} diganti nomor yang terakhir dipanggil.",
            },
        })),
        "survey": table("Grafik kepuasan hari ini; dilewati bila belum ada data.", &[], json!({
            "title": { "type": "string", "maxLength": 200, "description": "Judul; bila tidak ditulis, judul bawaan." },
        })),
        "duration": {
            "type": "string",
            "pattern": DURATION,
            "description": "Lamanya tampil, 1 detik sampai 1 jam: \"20s\", \"1m30s\". Bila tidak ditulis: 15 detik, film sepanjang filmnya.",
        },
        "fit": {
            "enum": ["contain", "cover"],
            "description": "Untuk gambar dan film. contain: utuh; cover: memenuhi panggung, tepinya bisa terpotong.",
        },
        "volume": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "description": "Kerasnya suara film: 0 tanpa suara (bila tidak ditulis), 1 sekeras rekamannya.",
        },
        "transition": {
            "enum": ["fade", "cut"],
            "description": "Cara datangnya: fade memudar (bila tidak ditulis), cut seketika.",
        },
    }));
    keys.extend(shared("item"));
    json!({
        "type": "object",
        "description": "Satu butir; berisi tepat satu dari page, image, film, card, qr, atau survey.",
        "additionalProperties": false,
        "properties": keys,
        "oneOf": kinds.map(|kind| json!({ "required": [kind] })),
    })
}

fn message() -> Value {
    let mut keys = object(json!({ "text": text(50_000, "Isi pesan, satu baris.") }));
    keys.extend(shared("ticker"));
    json!({
        "type": "object",
        "description": "Satu pesan teks berjalan.",
        "additionalProperties": false,
        "required": ["text"],
        "properties": keys,
    })
}

/// What items and messages share.
fn shared(list: &str) -> Map<String, Value> {
    object(json!({
        "enabled": { "type": "boolean", "description": "false: tidak ditampilkan dulu; berkasnya boleh belum ada." },
        "note": { "type": "string", "description": "Catatan untuk petugas; tidak ditampilkan." },
        "when": {
            "$ref": "#/$defs/when",
            "description": format!("Kapan tayang; bila tidak ditulis, selalu. Tulis sebagai [{list}.when] di bawah butirnya."),
        },
        "priority": whole(-100, 100, "Dari yang sedang tayang, hanya prioritas tertinggi yang tampil. Bila tidak ditulis, 0."),
        "weight": whole(1, 20, "Berapa kali tampil dalam satu putaran. Bila tidak ditulis, 1."),
        "every": whole(1, 100, "Sela: tampil setiap sesudah sekian butir, bukan pada urutannya sendiri."),
    }))
}

fn when() -> Value {
    let name = |what: &str| names(what);
    json!({
        "type": "object",
        "description": "Kapan tayang. Semua yang ditulis harus cocok.",
        "additionalProperties": false,
        "properties": {
            "days": { "$ref": "#/$defs/days" },
            "hours": { "$ref": "#/$defs/hours" },
            "from": { "$ref": "#/$defs/date", "description": "Hari pertama tayang. Contoh: 2026-11-02" },
            "until": { "$ref": "#/$defs/date", "description": "Hari terakhir tayang, termasuk hari itu. Contoh: 2026-12-31" },
            "rrule": {
                "type": "string",
                "minLength": 1,
                "description": "Giliran menurut iCalendar, dihitung dari `from`. \"FREQ=WEEKLY;INTERVAL=4\": setiap empat minggu; \"FREQ=MONTHLY;BYDAY=1MO\": Senin pertama setiap bulan.",
            },
            "daypart": name("Hanya pada jam tayang ini: nama dari [daypart.NAMA]."),
            "not_daypart": name("Tidak pada jam tayang ini."),
            "calendar": name("Hanya pada hari-hari kalender ini: nama dari [calendar.NAMA]."),
            "not_calendar": name("Tidak pada hari-hari kalender ini, misalnya hari libur."),
        },
        "dependentRequired": { "rrule": ["from"] },
    })
}

fn daypart() -> Value {
    table(
        "Jam tayang yang diberi nama.",
        &["hours"],
        json!({
            "hours": { "$ref": "#/$defs/hours" },
            "days": { "$ref": "#/$defs/days" },
            "note": { "type": "string", "description": "Catatan untuk petugas; tidak ditampilkan." },
        }),
    )
}

fn calendar() -> Value {
    let date = json!({ "$ref": "#/$defs/date" });
    let run = json!({
        "type": "string",
        "pattern": r"^ *[0-9]{4}-[0-9]{2}-[0-9]{2} *\.\. *[0-9]{4}-[0-9]{2}-[0-9]{2} *$",
        "description": "Dari tanggal sampai tanggal. Contoh: \"2026-03-20..2026-03-22\"",
    });
    let both =
        table("Dari tanggal sampai tanggal.", &["from", "until"], json!({ "from": date, "until": date }));
    let one = json!({ "anyOf": [date, run, both] });
    let mut calendar = table(
        "Hari-hari yang diberi nama; tulis days, file, atau keduanya.",
        &[],
        json!({
            "days": {
                "description": "Tanggal-tanggalnya. Contoh: [2026-12-25, \"2026-03-20..2026-03-22\"]",
                "anyOf": [one, { "type": "array", "minItems": 1, "items": one }],
            },
            "file": {
                "type": "string",
                "pattern": r"\.([iI][cC][sS]|[tT][oO][mM][lL])$",
                "description": "Berkas kalender .ics atau .toml di folder ini. Contoh: \"libur-2026.ics\"",
            },
        }),
    );
    calendar["anyOf"] = json!([{ "required": ["days"] }, { "required": ["file"] }]);
    calendar
}

fn days() -> Value {
    let example =
        "Hari dalam minggu, Indonesia atau Inggris. Contoh: [\"senin\", \"selasa\"] atau [\"senin-jumat\"]";
    one_or_more(
        example,
        json!({ "type": "string", "minLength": 3, "examples": [
        "senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu", "senin-jumat",
    ] }),
    )
}

fn hours() -> Value {
    let example = "Jam dalam sehari, boleh lewat tengah malam. Contoh: [\"08:00-12:00\", \"13:00-16:00\"]";
    one_or_more(example, json!({ "type": "string", "pattern": HOURS }))
}

fn names(description: &str) -> Value {
    one_or_more(description, json!({ "type": "string", "minLength": 1 }))
}

fn one_or_more(description: &str, one: Value) -> Value {
    json!({ "description": description, "anyOf": [one, { "type": "array", "minItems": 1, "items": one }] })
}

fn text(most: usize, description: &str) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": most, "description": description })
}

fn file(description: &str) -> Value {
    json!({ "type": "string", "minLength": 1, "pattern": r"^[^\\]+$", "description": description })
}

fn whole(least: i32, most: i32, description: &str) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most, "description": description })
}

fn list(of: &str, description: &str) -> Value {
    json!({ "type": "array", "items": { "$ref": of }, "description": description })
}

fn named(of: &str, description: &str) -> Value {
    json!({ "type": "object", "additionalProperties": { "$ref": of }, "description": description })
}

fn table(description: &str, required: &[&str], keys: Value) -> Value {
    json!({
        "type": "object",
        "description": description,
        "additionalProperties": false,
        "required": required,
        "properties": keys,
    })
}

fn object(keys: Value) -> Map<String, Value> {
    if let Value::Object(keys) = keys { keys } else { Map::new() }
}
