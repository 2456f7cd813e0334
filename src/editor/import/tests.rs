//! Files of every kind are dropped on a folder.

use std::{
    fs,
    sync::mpsc,
    time::{Duration, Instant},
};

use image::{DynamicImage, GenericImageView, Rgb, RgbImage};

use super::*;

struct Case {
    _dir: tempfile::TempDir,
    folder: PathBuf,
    from: PathBuf,
}

impl Case {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (folder, from) = (dir.path().join("lobi"), dir.path().join("Unduhan"));
        fs::create_dir_all(&folder).unwrap();
        fs::create_dir_all(&from).unwrap();
        Self { _dir: dir, folder, from }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.from.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn picture(&self, name: &str, width: u32, height: u32, format: image::ImageFormat) -> PathBuf {
        let image = RgbImage::from_fn(width, height, |x, y| Rgb([(x % 251) as u8, (y % 241) as u8, 7]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(image).write_to(&mut bytes, format).unwrap();
        self.file(name, bytes.get_ref())
    }

    fn drop(&self, files: &[PathBuf]) -> Vec<Imported> {
        let (news, wait) = mpsc::sync_channel(64);
        let mut import = Import::start(&self.folder, files.to_vec(), move || {
            let _ = news.try_send(());
        });
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(done) = import.finished() {
                return done;
            }
            assert!(Instant::now() < until, "the import hangs: {:?}", import.progress());
            let _ = wait.recv_timeout(Duration::from_secs(1));
        }
    }

    /// All files in the folder, hidden ones as well.
    fn all(&self) -> Vec<String> {
        let mut all = Vec::new();
        for within in ["", "images", "films", "pages"] {
            for entry in fs::read_dir(self.folder.join(within)).into_iter().flatten().flatten() {
                if entry.file_type().unwrap().is_file() {
                    all.push(format!("{within}/{}", entry.file_name().to_string_lossy()));
                }
            }
        }
        all.sort();
        all
    }
}

fn item(done: &Imported) -> &NewItem {
    match done {
        Imported::Copied { item, .. } => item,
        Imported::Refused { en, .. } => panic!("{en}"),
    }
}

#[test]
fn files_are_copied_under_safe_names_by_what_they_are() {
    let case = Case::new();
    let png = image::ImageFormat::Png;
    // A name that lies about what is in it.
    let poster = case.picture("Poster Layanan (FINAL).JPG", 30, 20, png);
    let film = case.file("Video Antrean.MP4", b"\0\0\0\x18ftypisom\0\0\0\0rest of it");
    case.file("Video Antrean.srt", b"1\n00:00:01,000 --> 00:00:02,000\nHalo\n");
    let page = case.file("KTP Hilang.txt", "# KTP hilang\n".as_bytes());
    let done = case.drop(&[poster.clone(), film, page, poster.clone()]);
    assert_eq!(item(&done[0]), &NewItem::Image("images/poster-layanan-final.png".into()));
    assert_eq!(item(&done[1]), &NewItem::Film("films/video-antrean.mp4".into()));
    assert_eq!(item(&done[2]), &NewItem::Page("pages/ktp-hilang.md".into()));
    assert_eq!(item(&done[3]), &NewItem::Image("images/poster-layanan-final-2.png".into()));
    assert_eq!(
        case.all(),
        [
            "films/video-antrean.mp4",
            "films/video-antrean.srt",
            "images/poster-layanan-final-2.png",
            "images/poster-layanan-final.png",
            "pages/ktp-hilang.md"
        ]
    );
    assert_eq!(
        fs::read(case.folder.join("images/poster-layanan-final.png")).unwrap(),
        fs::read(&poster).unwrap()
    );
    // One that lies in the folder already is shown from there.
    let there = case.folder.join("images/poster-layanan-final.png");
    assert_eq!(item(&case.drop(&[there])[0]), &NewItem::Image("images/poster-layanan-final.png".into()));
    assert_eq!(case.all().len(), 5);
}

#[test]
fn oversized_pictures_are_made_smaller() {
    let case = Case::new();
    let wide = case.picture("wide.jpg", 7680, 100, image::ImageFormat::Jpeg);
    let tall = case.picture("tall.png", 10, 4000, image::ImageFormat::Png);
    let done = case.drop(&[wide, tall]);
    assert!(matches!(&done[0], Imported::Copied { scaled: Some((7680, 100)), .. }), "{done:?}");
    let size = |name: &str| image::open(case.folder.join(name)).unwrap().dimensions();
    assert_eq!(size("images/wide.jpg"), (3840, 50));
    assert_eq!(size("images/tall.png"), (10, 3840));
}

#[test]
fn what_cannot_be_shown_is_refused_in_words_and_nothing_is_left() {
    let case = Case::new();
    let whole = fs::read(case.picture("whole.png", 64, 64, image::ImageFormat::Png)).unwrap();
    let files = [
        case.file("half.png", &whole[..whole.len() / 2]),
        case.file("empty.mp4", b""),
        case.file("text.mp4", b"this is no film at all"),
        case.file("old.gif", b"GIF89a\x01\0\x01\0\0\0\0;"),
        case.file("brosur.pdf", b"%PDF-1.7 ..."),
        case.file("huruf.md", b"\xff\xfe\xfd"),
        case.file("foto.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        case.from.join("gone.png"),
        case.from.clone(),
    ];
    for (done, file) in case.drop(&files).iter().zip(&files) {
        let Imported::Refused { id, en, .. } = done else { panic!("{file:?}: {done:?}") };
        assert!(id.len() > 20 && en.len() > 20 && id != en, "{file:?}");
    }
    assert_eq!(case.all(), Vec::<String>::new());
}

#[test]
fn a_picture_that_would_fill_the_memory_is_refused() {
    let case = Case::new();
    // Only its head says how large it is: 20000 × 20000.
    let mut png = fs::read(case.picture("x.png", 4, 4, image::ImageFormat::Png)).unwrap();
    png[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let bomb = case.file("bomb.png", &png);
    assert!(matches!(&case.drop(&[bomb])[0], Imported::Refused { .. }));
    assert_eq!(case.all(), Vec::<String>::new());
}

#[test]
fn an_import_that_is_ended_leaves_nothing_behind() {
    let case = Case::new();
    let film = case.file("film.mp4", &[b"\0\0\0\x18ftypisom".as_slice(), &vec![7; 64 << 20]].concat());
    let mut import = Import::start(&case.folder, vec![film.clone(), film], || {});
    import.cancel();
    let until = Instant::now() + Duration::from_secs(60);
    while import.finished().is_none() {
        assert!(Instant::now() < until, "it does not end");
        std::thread::yield_now();
    }
    assert!(case.all().iter().all(|name| !name.contains(".tmp")), "{:?}", case.all());
    // What another one left behind long ago goes.
    fs::create_dir_all(case.folder.join("images")).unwrap();
    let left = case.folder.join("images/.papan-abc.tmp");
    fs::write(&left, "half").unwrap();
    let old = std::time::SystemTime::now() - Duration::from_secs(86_400);
    fs::File::options().write(true).open(&left).unwrap().set_modified(old).unwrap();
    case.drop(&[]);
    assert!(!left.exists());
}
