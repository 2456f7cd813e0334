//! The document and its folder: what is saved, and what another one changed underneath.
//! Invariant: nobody's change is lost without a word.

use super::*;

fn path(case: &Case) -> PathBuf {
    case.document.folder().join(PLAYLIST)
}

/// Another one writes the file, as editors do: by a new one in its place.
fn write(case: &Case, text: &str) {
    let other = case.document.folder().join("other.tmp");
    fs::write(&other, text).unwrap();
    fs::rename(other, path(case)).unwrap();
}

fn on_disk(case: &Case) -> String {
    fs::read_to_string(path(case)).unwrap()
}

#[test]
fn saving_without_a_change_writes_nothing() {
    let mut case = Case::new(COMMENTED);
    let before = folder::stamp(&path(&case));
    assert!(!case.document.is_changed());
    case.document.save().unwrap();
    assert_eq!(folder::stamp(&path(&case)), before);
    case.set(List::Item, 0, "duration", "21s".into());
    case.document.undo();
    assert!(!case.document.is_changed());
    case.document.save().unwrap();
    assert_eq!(folder::stamp(&path(&case)), before);
}

#[test]
fn saving_writes_what_changed_and_leaves_nothing_beside() {
    let mut case = Case::new(COMMENTED);
    let page = PathBuf::from("pages/baru.md");
    case.set(List::Item, 0, "duration", "21s".into());
    case.document.edit(Change::Text(page.clone()), |draft| draft.set_text(&page, "# Baru\n"));
    assert_eq!(case.document.unsaved().len(), 2);
    case.document.save().unwrap();
    assert_eq!(on_disk(&case), case.text());
    assert_eq!(fs::read_to_string(case.document.folder().join(&page)).unwrap(), "# Baru\n");
    assert!(!case.document.is_changed() && case.document.unsaved().is_empty());
    assert_eq!(fs::read_dir(case.document.folder()).unwrap().count(), 2);
    assert_eq!(case.document.look(), Outside::Nothing);
    // What undo takes away again stays on disk.
    case.document.undo();
    assert!(!case.document.is_changed());
    assert!(case.document.folder().join(&page).exists());
}

#[test]
fn an_empty_or_absent_folder_is_a_new_playlist() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("baru/lobi");
    let mut document = Document::open(&folder).unwrap();
    assert!(!document.is_changed() && !folder.exists());
    document.insert(List::Item, 0, &NewItem::Card { title: "A".into(), text: "B".into() });
    document.save().unwrap();
    let text = fs::read_to_string(folder.join(PLAYLIST)).unwrap();
    assert_eq!(text, "version = 1\n\n[[item]]\ncard = { title = \"A\", text = \"B\" }\n");
    assert!(Document::open(&folder.join(PLAYLIST)).is_err());
    fs::write(folder.join(PLAYLIST), b"title = \"\xff\"").unwrap();
    assert!(Document::open(&folder).unwrap_err().en.contains("UTF-8"));
}

#[test]
fn another_ones_change_is_taken_merged_or_asked_about() {
    let mut case = Case::new(COMMENTED);
    assert_eq!(case.document.look(), Outside::Nothing);
    // Nothing of ours: taken, and undo brings it back.
    let theirs = COMMENTED.replace("20s", "25s");
    write(&case, &theirs);
    assert_eq!(case.document.look(), Outside::Taken(vec![PLAYLIST.into()]));
    assert_eq!((case.text(), case.document.is_changed()), (theirs.clone(), false));
    // Ours elsewhere: both.
    case.set(List::Ticker, 0, "text", "Dua".into());
    write(&case, &theirs.replace("25s", "26s"));
    assert_eq!(case.document.look(), Outside::Merged(vec![PLAYLIST.into()]));
    assert_eq!(case.text(), COMMENTED.replace("20s", "26s").replace("Satu", "Dua"));
    case.document.save().unwrap();
    assert_eq!(on_disk(&case), case.text());
    // Ours at the same place: asked.
    let mine = case.text();
    case.set(List::Ticker, 0, "text", "Tiga".into());
    write(&case, &mine.replace("Dua", "Lain"));
    assert_eq!(case.document.look(), Outside::Conflict(vec![PLAYLIST.into()]));
    assert_eq!(case.document.look(), Outside::Nothing);
    assert_eq!(case.document.conflicts(), [PathBuf::from(PLAYLIST)]);
    assert!(matches!(case.document.save(), Err(SaveError::Changed(_))));
    assert!(on_disk(&case).contains("Lain"));
    case.document.resolve(Path::new(PLAYLIST), Resolution::Both).unwrap();
    let copy = fs::read_to_string(case.document.folder().join("playlist-salinan.toml")).unwrap();
    assert!(copy.contains("Lain") && case.document.conflicts().is_empty());
    case.document.save().unwrap();
    assert!(on_disk(&case).contains("Tiga"));
    // Theirs is taken, and undo brings ours back.
    case.set(List::Ticker, 0, "text", "Empat".into());
    write(&case, &mine.replace("Dua", "Lima"));
    case.document.look();
    case.document.resolve(Path::new(PLAYLIST), Resolution::Theirs).unwrap();
    assert!(case.text().contains("Lima") && !case.document.is_changed());
    case.document.undo();
    assert!(case.text().contains("Empat") && case.document.is_changed());
}

#[test]
fn a_change_that_nobody_looked_at_is_not_overwritten() {
    let mut case = Case::new(COMMENTED);
    case.set(List::Ticker, 0, "text", "Dua".into());
    write(&case, "version = 1\n");
    assert_eq!(case.document.save(), Err(SaveError::Changed(PLAYLIST.into())));
    assert_eq!(on_disk(&case), "version = 1\n");
    assert!(matches!(case.document.look(), Outside::Conflict(_)));
    case.document.resolve(Path::new(PLAYLIST), Resolution::Mine).unwrap();
    case.document.save().unwrap();
    assert!(on_disk(&case).contains("Dua"));
}

#[test]
fn half_written_files_are_waited_for_and_lost_ones_are_kept() {
    let mut case = Case::new(COMMENTED);
    write(&case, &COMMENTED[..COMMENTED.find("selasa").unwrap()]);
    assert_eq!(case.document.look(), Outside::Nothing);
    let whole = COMMENTED.replace("20s", "25s");
    write(&case, &whole);
    assert_eq!(case.document.look(), Outside::Taken(vec![PLAYLIST.into()]));
    // One that stays broken is asked about.
    fs::write(path(&case), b"\xff\xfe").unwrap();
    let said: Vec<Outside> = (0..4).map(|_| case.document.look()).collect();
    assert_eq!(said.iter().filter(|o| matches!(o, Outside::Conflict(_))).count(), 1, "{said:?}");
    assert!(case.document.resolve(Path::new(PLAYLIST), Resolution::Theirs).is_err());
    case.document.resolve(Path::new(PLAYLIST), Resolution::Mine).unwrap();
    case.document.save().unwrap();
    assert_eq!(on_disk(&case), whole);
    fs::remove_file(path(&case)).unwrap();
    assert_eq!(case.document.look(), Outside::Gone(vec![PLAYLIST.into()]));
    assert!(case.document.is_changed());
    case.document.save().unwrap();
    assert_eq!(on_disk(&case), whole);
}

#[test]
fn pages_are_followed_once_they_are_open() {
    let mut case = Case::new(COMMENTED);
    let page = PathBuf::from("pages/ktp-el.md");
    let file = case.document.folder().join(&page);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "# A\n").unwrap();
    assert_eq!(&*case.document.open_text(&page).unwrap(), "# A\n");
    fs::write(&file, "# Lain sekali\n").unwrap();
    assert_eq!(case.document.look(), Outside::Taken(vec![page.clone()]));
    assert_eq!(case.document.text(&page).as_deref(), Some("# Lain sekali\n"));
    assert!(case.document.open_text(Path::new("../x.md")).is_err());
    // Pictures are seen to change as well.
    let revision = case.document.revision();
    case.document.look();
    assert_eq!(case.document.revision(), revision);
    fs::create_dir_all(case.document.folder().join("films")).unwrap();
    fs::write(case.document.folder().join("films/a.mp4"), "x").unwrap();
    case.document.look();
    assert!(case.document.revision() > revision);
}
