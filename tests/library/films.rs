//! Films of a playlist: their files, how they are shown, and the captions beside them.
//! Invariant: whatever is wrong with captions, the film itself stays.

use std::{fs, os::unix::fs::symlink, path::Path, time::Duration};

use papan::{
    domain::playlist::{Content, Film, Fit},
    library::read,
    problem::{Problem, Severity},
};
use tempfile::TempDir;

use super::told;

const SRT: &str = "1\n00:00:01,000 --> 00:00:02,000\nAmbil nomor\n";

/// A folder with these files, whose playlist has one item with these lines.
fn folder(item: &str, files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::write(folder.path().join("playlist.toml"), format!("[[item]]\n{item}\n")).unwrap();
    folder
}

fn film(dir: &Path) -> (Option<Film>, Vec<Problem>) {
    let (playlist, problems) = read(dir);
    let film = playlist.items.into_iter().next().map(|item| match item.content {
        Content::Film(film) => film,
        other => panic!("{other:?}"),
    });
    (film, problems)
}

/// What is said in `f.mp4` with these files beside it, and what is told.
pub fn said(files: &[(&str, &[u8])]) -> (Vec<String>, Vec<Problem>) {
    let folder = folder("film = \"f.mp4\"", &[&[("f.mp4", b"film".as_slice())], files].concat());
    let (film, problems) = film(folder.path());
    let film = film.expect("the film stays, whatever its captions are");
    (film.captions.cues().iter().map(|cue| cue.text.clone()).collect(), problems)
}

#[test]
fn a_film_is_read_with_what_its_item_says() {
    let files: &[(&str, &[u8])] = &[("films/A.MOV", b"film")];
    let plain = folder("film = \"films/A.MOV\"", files);
    let (playlist, problems) = read(plain.path());
    assert_eq!((problems, playlist.items[0].duration), (vec![], None));
    let Content::Film(film) = &playlist.items[0].content else { panic!("{playlist:?}") };
    assert_eq!(film.path, plain.path().join("films/A.MOV"));
    assert_eq!((film.fit, film.volume, film.captions.cues().len()), (Fit::Contain, 0.0, 0));

    let item = "film = \"films/A.MOV\"\nfit = \"cover\"\nvolume = 0.5\nduration = \"8s\"";
    let (playlist, problems) = read(folder(item, files).path());
    assert_eq!((problems, playlist.items[0].duration), (vec![], Some(Duration::from_secs(8))));
    let Content::Film(film) = &playlist.items[0].content else { panic!("{playlist:?}") };
    assert_eq!((film.fit, film.volume), (Fit::Cover, 0.5));
}

#[test]
fn a_film_that_takes_anothers_place_has_another_stamp() {
    let folder = folder("film = \"f.mp4\"", &[("f.mp4", b"satu")]);
    let stamp = || film(folder.path()).0.unwrap().stamp;
    let first = stamp();
    assert_eq!(first, stamp());
    // As long as the old one, and with its time, as `cp -p` and `rsync -t` leave it.
    let path = folder.path().join("f.mp4");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(folder.path().join("baru"), b"dua.").unwrap();
    fs::File::options().write(true).open(folder.path().join("baru")).unwrap().set_modified(time).unwrap();
    fs::rename(folder.path().join("baru"), &path).unwrap();
    let second = stamp();
    assert_ne!(first, second);
    fs::File::options().append(true).open(&path).unwrap().set_len(9).unwrap();
    assert_ne!(second, stamp());
}

#[test]
fn what_can_be_no_film_is_an_error() {
    let files: &[(&str, &[u8])] = &[
        ("films/a.mp4", b"film"),
        ("films/kosong.mp4", b""),
        ("films/a.wmv", b"film"),
        ("films/a.png", b"gambar"),
        ("films/polos", b"film"),
    ];
    let one = |item: &str, line, write: &str| {
        let (film, found) = film(folder(item, files).path());
        assert_eq!(film, None, "{item}");
        assert_eq!(told(&found, "playlist.toml", line, write), Severity::Error);
    };
    one("film = \"films/A.mp4\"", 2, "`a.mp4`");
    one("film = \"films/kosong.mp4\"", 2, "(0 byte");
    one("film = \"films/a.wmv\"", 2, "MP4 (H.264)");
    one("film = \"films/polos\"", 2, "film = \"films/ambil-nomor.mp4\"");
    one("film = \"films\"", 2, "film = \"films/ambil-nomor.mp4\"");
    one("film = \"films/a.png\"", 2, "image");
    one("film = 3", 2, "film = \"films/ambil-nomor.mp4\"");
    one("film = \"../films/a.mp4\"", 2, "images/alur.png");
    one("film = \"films/a.mp4\"\nvolume = 50", 3, "volume = 0.5");
    one("film = \"films/a.mp4\"\nvolume = -0.1", 3, "volume = 0.5");
    one("film = \"films/a.mp4\"\nvolume = \"keras\"", 3, "volume = 0.5");
    one("film = \"films/a.mp4\"\nfit = \"penuh\"", 3, "fit = \"co");
    one("film = \"films/a.mp4\"\nduration = \"2h\"", 3, "duration = \"20s\"");
    one("image = \"films/a.mp4\"", 2, "film");
    let (film, found) = film(folder("film = \"films/b.mp4\"\nvolume = 2", files).path());
    assert_eq!((film, found.len()), (None, 2), "{found:?}");
}

#[test]
fn captions_are_found_by_the_films_name() {
    let vtt = b"WEBVTT\n\n00:01.000 --> 00:02.000\nTunggu\n";
    assert_eq!(said(&[("f.srt", SRT.as_bytes())]), (vec!["Ambil nomor".into()], vec![]));
    assert_eq!(said(&[("f.VTT", vtt)]), (vec!["Tunggu".into()], vec![]));
    assert_eq!(said(&[("g.srt", SRT.as_bytes())]), (vec![], vec![]));
    let (both, found) = said(&[("f.srt", SRT.as_bytes()), ("f.vtt", vtt)]);
    assert_eq!(both, ["Ambil nomor"]);
    assert_eq!((found.len(), found[0].severity, found[0].line), (1, Severity::Warning, None));
    assert!(found[0].file.ends_with("f.vtt") && found[0].id.contains("`f.srt`"), "{found:?}");
}

#[test]
fn captions_are_read_in_what_people_save_them_in() {
    let text = SRT.replace("nomor", "“nomor” é");
    let wide = |write: fn(u16) -> [u8; 2]| -> Vec<u8> {
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(write).collect()
    };
    let utf8 = format!("\u{feff}{text}").into_bytes();
    for bytes in [utf8, wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
        assert_eq!(said(&[("f.srt", &bytes)]), (vec!["Ambil “nomor” é".into()], vec![]));
    }
    let bytes: Vec<u8> = text
        .chars()
        .map(|c| match c {
            '“' => 0x93,
            '”' => 0x94,
            c => c as u8,
        })
        .collect();
    let (cues, found) = said(&[("f.srt", &bytes)]);
    assert_eq!(cues, ["Ambil “nomor” é"]);
    assert_eq!(told(&found, "f.srt", 3, "UTF-8"), Severity::Warning);
}

#[test]
fn a_wrong_caption_file_is_a_warning() {
    let one = |bytes: &[u8], line, write: &str, left: usize| {
        let (cues, found) = said(&[("f.srt", bytes)]);
        assert_eq!(told(&found, "f.srt", line, write), Severity::Warning);
        assert_eq!(cues.len(), left);
    };
    let example = "00:00:01,000 --> 00:00:04,000";
    one(b"1\n00:00:01 --> dua\nx\n\n2\n00:00:01,000 --> 00:00:02,000\nx\n", 2, example, 1);
    one(b"1\n00:00:03,000 --> 00:00:02,000\nx\n", 2, example, 0);
    one(b"Tanpa waktu\n", 1, example, 0);
    one(b"", 1, example, 0);
    one(format!("00:01.000 --> 00:02.000\n{}\n", "kata ".repeat(99)).as_bytes(), 1, "80", 1);
    one("00:01.000 --> 00:02.000\nx\n\n".repeat(5001).as_bytes(), 15_001, "5000", 5000);
    let (cues, found) = said(&[("f.srt", "x\n\n".repeat(30).as_bytes())]);
    assert_eq!((cues.len(), found.len()), (0, 21));
    assert!(found[20].id.contains("10") && found[20].en.contains("10"), "{:?}", found[20]);

    let (cues, found) = said(&[("f.srt", &vec![b'x'; (1 << 20) + 1])]);
    assert_eq!((cues.len(), found.len(), found[0].severity), (0, 1, Severity::Warning));
    assert!(found[0].en.contains("1024 KiB"), "{found:?}");
    let (_, found) = said(&[("f.srt/isi", b"")]);
    assert_eq!((found.len(), found[0].severity), (1, Severity::Warning), "{found:?}");
}

#[test]
fn captions_lie_in_the_folder_too() {
    let outer = tempfile::tempdir().unwrap();
    fs::write(outer.path().join("luar.srt"), SRT).unwrap();
    let folder = folder("film = \"f.mp4\"", &[("f.mp4", b"film")]);
    symlink(outer.path().join("luar.srt"), folder.path().join("f.srt")).unwrap();
    let (film, found) = film(folder.path());
    assert_eq!(film.unwrap().captions.cues().len(), 0);
    assert_eq!((found.len(), found[0].severity), (1, Severity::Warning), "{found:?}");
}
