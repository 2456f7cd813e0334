//! Whole tasks, by the editor's own words and keys. Invariant: each ends in what stands on disk.

use std::fs;

use egui_kittest::kittest::{NodeT, Queryable};
use papan::{
    domain::playlist::List,
    editor::{
        desk::{Desk, Panel},
        egui::{Key, Modifiers, vec2},
    },
};

use super::bench::{Bench, WEEK, week};

fn bench() -> Bench {
    let mut bench = Bench::with(week, vec2(1382.0, 784.0));
    bench.settle();
    bench
}

fn names(desk: &Desk) -> Vec<String> {
    desk.document.entries(List::Item).iter().map(|entry| entry.name.clone()).collect()
}

fn press(bench: &mut Bench, modifiers: Modifiers, key: Key) {
    bench.harness.key_press_modifiers(modifiers, key);
    bench.harness.run_ok();
}

const CTRL: Modifiers = Modifiers::COMMAND;

#[test]
fn saving_without_a_change_writes_nothing() {
    let mut bench = bench();
    let before = fs::metadata(bench.folder.join("playlist.toml")).unwrap().modified().unwrap();
    press(&mut bench, CTRL, Key::S);
    let after = fs::metadata(bench.folder.join("playlist.toml")).unwrap().modified().unwrap();
    assert_eq!((before, bench.read("playlist.toml").as_str()), (after, WEEK));
}

#[test]
fn keys_alone_reorder_double_delete_and_undo() {
    let mut bench = bench();
    let first = names(bench.desk());
    // The list has the keys when the editor opens; its first item is selected.
    press(&mut bench, Modifiers::NONE, Key::ArrowDown);
    press(&mut bench, Modifiers::ALT, Key::ArrowUp);
    assert_eq!(names(bench.desk())[..2], [first[1].clone(), first[0].clone()]);
    assert_eq!(bench.desk().chosen(), [0]);
    press(&mut bench, CTRL, Key::D);
    assert_eq!(names(bench.desk())[..3], [first[1].clone(), first[1].clone(), first[0].clone()]);
    press(&mut bench, Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(bench.desk().chosen(), [1, 2]);
    press(&mut bench, Modifiers::NONE, Key::Delete);
    assert_eq!(names(bench.desk()).len(), first.len() - 1);
    for _ in 0..3 {
        press(&mut bench, CTRL, Key::Z);
    }
    assert_eq!(names(bench.desk()), first);
    assert!(!bench.desk().document.is_changed());
    press(&mut bench, CTRL, Key::Y);
    press(&mut bench, CTRL, Key::S);
    let text = bench.read("playlist.toml");
    assert!(text.find("images/alur-pelayanan.png") < text.find("pages/ktp-el.md"), "{text}");
    assert!(text.starts_with("# Lobi: diperbarui tiap Senin\n"), "{text}");
    // Nothing but the order is another.
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&text), sorted(WEEK));
}

#[test]
fn a_row_is_dragged_to_its_place() {
    let mut bench = bench();
    let first = names(bench.desk());
    let row = |bench: &Bench, number: usize| {
        bench.harness.get_by_label_contains(&format!("{number}. ")).rect().center()
    };
    let (from, to) = (row(&bench, 1), row(&bench, 3));
    bench.harness.drag_at(from);
    bench.harness.run_ok();
    for step in 1..=4 {
        bench.harness.hover_at(from.lerp(to + vec2(0.0, 20.0), step as f32 / 4.0));
        bench.harness.step();
    }
    bench.harness.drop_at(to + vec2(0.0, 20.0));
    bench.harness.run_ok();
    let moved = [1, 2, 0].map(|i| first[i].clone());
    assert_eq!(names(bench.desk())[..3], moved);
    assert_eq!(bench.desk().chosen(), [2]);
}

#[test]
fn a_new_page_is_added_saved_and_taken_back() {
    let mut bench = bench();
    press(&mut bench, CTRL, Key::N);
    // The tab of the same name lies under the question.
    bench.harness.get_all_by_label("Halaman").last().unwrap().click();
    bench.harness.run_ok();
    bench.harness.run_ok();
    bench.harness.get_by_label("Judul halaman baru").type_text("Pindah datang: antar kabupaten");
    bench.harness.run_ok();
    bench.harness.get_by_label("Buat halaman").click();
    bench.harness.run_ok();
    let file = "pages/pindah-datang-antar-kabupaten.md";
    assert_eq!(names(bench.desk())[1], file);
    assert!(!bench.folder.join(file).exists(), "nothing is written before it is saved");
    press(&mut bench, CTRL, Key::S);
    assert!(bench.read(file).contains("# Pindah datang: antar kabupaten\n"));
    assert!(bench.read("playlist.toml").contains(file));
    press(&mut bench, CTRL, Key::Z);
    assert_eq!(names(bench.desk()).len(), 7);
}

#[test]
fn a_switch_turns_an_item_off() {
    let mut bench = bench();
    bench.harness.get_by_label("Tampilkan 2").click();
    bench.harness.run_ok();
    press(&mut bench, CTRL, Key::S);
    let text = bench.read("playlist.toml");
    assert_eq!(text.matches("enabled = false").count(), 2, "{text}");
}

#[test]
fn a_problem_leads_to_its_item() {
    let mut bench = bench();
    press(&mut bench, Modifiers::ALT, Key::Num5);
    // The first problem has the keys.
    press(&mut bench, Modifiers::NONE, Key::Enter);
    bench.harness.run_ok();
    assert_eq!(bench.desk().chosen(), [6]);
}

#[test]
fn closing_asks_only_where_something_would_be_lost() {
    let mut bench = bench();
    bench.desk().close();
    assert!(bench.desk().leave);
    bench.desk().leave = false;
    press(&mut bench, CTRL, Key::D);
    press(&mut bench, CTRL, Key::Q);
    bench.harness.run_ok();
    bench.harness.get_by_label("Batal").click();
    bench.harness.run_ok();
    assert!(!bench.desk().leave && bench.desk().question.is_none());
    press(&mut bench, CTRL, Key::Q);
    press(&mut bench, Modifiers::NONE, Key::Escape);
    assert!(!bench.desk().leave && bench.desk().question.is_none());
    press(&mut bench, CTRL, Key::Q);
    // The first answer has the keys: save, then close.
    press(&mut bench, Modifiers::NONE, Key::Enter);
    assert!(bench.desk().leave);
    assert_eq!(bench.read("playlist.toml").matches("pages/ktp-el.md").count(), 2);
}

#[test]
fn the_moment_is_moved_by_keys_and_back_to_now() {
    let mut bench = bench();
    let at = |bench: &mut Bench| bench.desk().cursor.strftime("%d %H:%M").to_string();
    press(&mut bench, Modifiers::ALT, Key::Num4);
    press(&mut bench, Modifiers::NONE, Key::ArrowRight);
    assert_eq!(at(&mut bench), "23 09:56");
    press(&mut bench, CTRL, Key::ArrowRight);
    assert_eq!(at(&mut bench), "24 09:56");
    bench.harness.get_by_label("Sekarang").click();
    bench.harness.run_ok();
    assert_eq!(at(&mut bench), "23 09:41");
}

#[test]
fn each_part_is_reached_by_keys() {
    let mut bench = bench();
    for (key, panel) in [
        (Key::Num1, Panel::List),
        (Key::Num2, Panel::Form),
        (Key::Num3, Panel::Preview),
        (Key::Num4, Panel::Timeline),
        (Key::Num5, Panel::Problems),
    ] {
        press(&mut bench, Modifiers::ALT, key);
        let focused = bench.harness.ctx.memory(|memory| memory.focused());
        assert!(focused.is_some(), "{panel:?}");
        let node = bench.harness.root().children_recursive().find(|node| node.is_focused());
        assert!(node.is_some(), "{panel:?}");
    }
}

#[test]
fn what_changed_underneath_is_taken_merged_or_asked() {
    let mut bench = bench();
    // Nothing of ours: taken.
    fs::write(bench.folder.join("playlist.toml"), WEEK.replace("25s", "30s")).unwrap();
    bench.desk().look();
    bench.harness.run_ok();
    assert_eq!(bench.desk().document.entries(List::Item)[2].duration, "30s");
    // Both, at other places: merged.
    press(&mut bench, Modifiers::NONE, Key::Space);
    fs::write(bench.folder.join("playlist.toml"), WEEK.replace("25s", "45s")).unwrap();
    bench.desk().look();
    bench.harness.run_ok();
    assert!(bench.desk().question.is_none(), "{:?}", bench.desk().question);
    assert_eq!(bench.desk().document.entries(List::Item)[2].duration, "45s");
    assert!(!bench.desk().document.entries(List::Item)[0].enabled);
}
