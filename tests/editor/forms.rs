//! The forms, used by their own words: what each writes, and that undo takes all of it back.

use std::fs;

use egui_kittest::kittest::Queryable;
use papan::{
    domain::playlist::List,
    editor::{
        desk::Form,
        egui::{Key, Modifiers, vec2},
    },
};

use super::bench::{Bench, WEEK, week};

/// A tall window, so that no form has to be scrolled.
fn bench(item: usize, form: Form) -> Bench {
    let mut bench = Bench::with(week, vec2(1382.0, 2400.0));
    bench.desk().select_only(item);
    bench.desk().form = form;
    bench.settle();
    bench
}

fn click(bench: &mut Bench, label: &str) {
    bench.harness.get_by_label(label).click();
    // A popup has its place after a frame.
    bench.harness.run_ok();
    bench.harness.run_ok();
}

/// Puts a text into a field in place of what stands in it.
fn type_over(bench: &mut Bench, label: &str, text: &str) {
    bench.harness.get_by_label(label).focus();
    bench.harness.run_ok();
    bench.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    bench.harness.run_ok();
    bench.harness.get_by_label(label).type_text(text);
    bench.harness.run_ok();
    // The focus goes on.
    bench.harness.key_press(Key::Tab);
    bench.harness.run_ok();
}

/// Saves, and gives what stands on disk; then takes all back, byte for byte.
fn saved(bench: &mut Bench) -> String {
    bench.harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    bench.harness.run_ok();
    let text = bench.read("playlist.toml");
    while bench.desk().document.undo() {}
    bench.harness.run_ok();
    bench.desk().document.save().unwrap();
    assert_eq!(bench.read("playlist.toml"), WEEK);
    text
}

#[test]
fn an_item_is_scheduled_every_fourth_week() {
    let mut bench = bench(0, Form::Content);
    click(&mut bench, "Jadwal");
    click(&mut bench, "Senin");
    click(&mut bench, "Tambah jam");
    click(&mut bench, "Giliran");
    click(&mut bench, "Setiap beberapa minggu");
    bench.harness.get_by_label_contains("Setiap Senin minggu ke-4, 08.00–12.00, mulai 23 November 2026.");
    bench.harness.get_by_label_contains("Sedang tayang");
    bench.harness.get_by_label("23 November 2026, tayang");
    bench.harness.get_by_label("30 November 2026");
    click(&mut bench, "Bulan berikutnya");
    bench.harness.get_by_label("21 Desember 2026, tayang");
    let text = saved(&mut bench);
    let when = "duration = \"20s\"\n[item.when]\ndays = [\"senin\"]\nhours = [\"08:00-12:00\"]\nfrom = 2026-11-23\nrrule = \"FREQ=WEEKLY;INTERVAL=4\"\n";
    assert_eq!(text, WEEK.replacen("duration = \"20s\"\n", when, 1));
}

#[test]
fn a_schedule_that_is_there_is_changed_in_its_place() {
    let mut bench = bench(2, Form::When);
    click(&mut bench, "Selasa");
    type_over(&mut bench, "Sampai jam 1", "14.30");
    type_over(&mut bench, "Sampai tanggal", "31/12/2026");
    let text = saved(&mut bench);
    let want = WEEK
        .replacen("[\"senin\", \"selasa\"]", "[\"senin\"]", 1)
        .replacen("[\"08:00-12:00\"]", "[\"08:00-14:30\"]", 1)
        .replacen("INTERVAL=4\"\n", "INTERVAL=4\"\nuntil = 2026-12-31\n", 1);
    assert_eq!(text, want);
}

#[test]
fn what_is_half_typed_is_not_written() {
    let mut bench = bench(2, Form::When);
    type_over(&mut bench, "Dari jam 1", "8.6");
    type_over(&mut bench, "Mulai tanggal", "besok");
    assert!(!bench.desk().document.is_changed());
    bench.harness.get_by_label("Mulai tanggal");
    assert_eq!(bench.harness.get_by_label("Mulai tanggal").value().as_deref(), Some("2 November 2026"));
}

#[test]
fn a_date_is_chosen_from_a_sheet_and_cleared() {
    let mut bench = bench(1, Form::When);
    click(&mut bench, "Pilih: mulai tanggal");
    // The sheet of the field lies over that of the days on air.
    bench.harness.get_all_by_label("25 November 2026").next().unwrap();
    let chosen = bench.harness.get_all_by_label_contains("25 November 2026").last().unwrap();
    chosen.click();
    bench.harness.run_ok();
    assert_eq!(bench.desk().document.entries(List::Item)[1].when.from, "2026-11-25");
    click(&mut bench, "Hapus: mulai tanggal");
    assert!(bench.desk().document.entries(List::Item)[1].when.is_always());
    let text = saved(&mut bench);
    assert_eq!(text, WEEK);
}

#[test]
fn a_rule_that_the_form_cannot_show_is_kept() {
    let odd = WEEK.replace("FREQ=WEEKLY;INTERVAL=4", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1");
    let mut bench = Bench::with(week, vec2(1382.0, 2400.0));
    fs::write(bench.folder.join("playlist.toml"), &odd).unwrap();
    bench.desk().look();
    bench.desk().select_only(2);
    bench.desk().form = Form::When;
    bench.settle();
    bench.harness.get_by_label("Aturan RRULE");
    click(&mut bench, "Rabu");
    bench.harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    bench.harness.run_ok();
    assert_eq!(bench.read("playlist.toml"), odd.replace("\"selasa\"]", "\"selasa\", \"rabu\"]"));
}

#[test]
fn content_is_changed_by_words() {
    let mut bench = bench(3, Form::Content);
    type_over(&mut bench, "Judul", "Hari ini giliran \"Samsat\"");
    click(&mut bench, "Tambah 5 detik");
    click(&mut bench, "Langsung");
    type_over(&mut bench, "Catatan untuk rekan kerja", "sampai Jumat");
    let text = saved(&mut bench);
    let want = WEEK
        .replacen("\"Hari ini giliran PBB\"", "\"Hari ini giliran \\\"Samsat\\\"\"", 1)
        .replacen("duration = \"12s\"\n", "duration = \"17s\"\n", 1)
        .replacen("priority = 10\n", "priority = 10\ntransition = \"cut\"\nnote = \"sampai Jumat\"\n", 1);
    assert_eq!(text, want);
}

#[test]
fn a_picture_fills_the_screen_and_comes_in_between() {
    let mut bench = bench(1, Form::Content);
    click(&mut bench, "Penuhi layar, tepi terpotong");
    click(&mut bench, "Sela setelah setiap beberapa butir");
    click(&mut bench, "Gantikan yang lain selama ini tayang");
    let text = saved(&mut bench);
    let want = "fit = \"cover\"\nevery = 3\npriority = 10\n";
    assert_eq!(text, WEEK.replacen("fit = \"contain\"\n", want, 1));
}

#[test]
fn a_time_is_given_a_name_and_used() {
    let mut bench = bench(1, Form::When);
    click(&mut bench, "Atur waktu bernama dan kalender");
    type_over(&mut bench, "Nama kalender baru", "Libur Nasional");
    click(&mut bench, "Buat kalender");
    click(&mut bench, "Pakai libur-nasional");
    click(&mut bench, "kecuali saat ini");
    click(&mut bench, "Pakai pagi");
    click(&mut bench, "hanya saat ini");
    let text = saved(&mut bench);
    let want = WEEK.replacen(
        "fit = \"contain\"\n",
        "fit = \"contain\"\n[item.when]\nnot_calendar = \"libur-nasional\"\ndaypart = \"pagi\"\n",
        1,
    ) + "\n[calendar.libur-nasional]\ndays = [2026-11-23]\n";
    assert_eq!(text, want);
}

#[test]
fn a_message_is_written_and_its_length_told() {
    let mut bench = bench(0, Form::Content);
    bench.desk().open_list(List::Ticker);
    bench.settle();
    type_over(&mut bench, "Pesan", "Hari ini loket tutup pukul dua siang");
    bench.harness.get_by_label("7 kata, kira-kira 3 detik untuk dibaca");
    click(&mut bench, "Sabtu");
    let text = saved(&mut bench);
    let want = WEEK.replacen(
        "text = \"Jam layanan 08.00–16.00 WITA, tujuh hari seminggu\"\n",
        "text = \"Hari ini loket tutup pukul dua siang\"\n[ticker.when]\ndays = [\"sabtu\"]\n",
        1,
    );
    assert_eq!(text, want);
}

#[test]
fn a_page_is_edited_as_fields_and_as_markdown() {
    let mut bench = bench(0, Form::Page);
    let file = "pages/ktp-el.md";
    let before = bench.read(file);
    type_over(&mut bench, "Biaya", "Rp10.000 per lembar");
    type_over(&mut bench, "Langkah butir · 1", "Ambil nomor antrean ");
    click(&mut bench, "Tambah langkah: Langkah");
    let text = bench.desk().document.text(file.as_ref()).unwrap();
    assert!(
        text.contains("cost: Rp10.000 per lembar\n") && text.contains("1. Ambil nomor antrean\n"),
        "{text}"
    );
    assert!(text.contains(". Tulis di sini"), "{text}");
    click(&mut bench, "Sebagai Markdown");
    let field = bench.harness.get_by_label("Isi halaman (Markdown)");
    assert!(field.value().unwrap().contains("cost: Rp10.000 per lembar"));
    bench.harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    bench.harness.run_ok();
    assert_eq!(bench.read(file), &*text);
    while bench.desk().document.undo() {}
    bench.desk().document.save().unwrap();
    assert_eq!(bench.read(file), before);
}

#[test]
fn what_is_typed_stands_as_it_is_typed_and_is_one_step() {
    let mut bench = bench(0, Form::Page);
    let label = "Judul halaman";
    bench.harness.get_by_label(label).focus();
    bench.harness.run_ok();
    bench.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    bench.harness.run_ok();
    for letter in ["A", " ", "b", " "] {
        bench.harness.get_by_label(label).type_text(letter);
        bench.harness.run_ok();
    }
    assert_eq!(bench.harness.get_by_label(label).value().as_deref(), Some("A b "));
    assert!(bench.desk().document.text("pages/ktp-el.md".as_ref()).unwrap().contains("# A b\n"));
    assert!(bench.desk().document.undo());
    assert!(!bench.desk().document.is_changed());
}

#[test]
fn a_broken_file_is_mended_by_hand() {
    let mut bench = bench(0, Form::Content);
    fs::write(bench.folder.join("playlist.toml"), WEEK.replacen("[[item]]", "[[item]", 1)).unwrap();
    // It may be half written: it is waited for, then asked about.
    for _ in 0..4 {
        bench.desk().look();
    }
    bench.harness.run_ok();
    click(&mut bench, "Pakai perubahan mereka");
    assert_eq!(bench.desk().document.broken(), Some(5));
    bench.harness.get_by_label("Isi playlist.toml");
    bench.desk().undo();
    bench.harness.run_ok();
    assert_eq!(bench.desk().document.broken(), None);
}

#[test]
fn dropped_files_become_items() {
    let mut bench = bench(0, Form::Content);
    let from = bench.folder.parent().unwrap().join("Poster Baru.png");
    fs::copy(bench.folder.join("images/alur-pelayanan.png"), &from).unwrap();
    bench.desk().take_in(vec![from], || {});
    bench.settle();
    bench.harness.run_ok();
    let entries = bench.desk().document.entries(List::Item);
    assert_eq!(entries[1].file, "images/poster-baru.png");
    assert!(bench.folder.join("images/poster-baru.png").is_file());
    bench.desk().undo();
    assert!(bench.folder.join("images/poster-baru.png").is_file() && !bench.desk().document.is_changed());
}
