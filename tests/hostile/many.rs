//! Ten thousand items, and changes to one of them. Invariant: the times are printed, never judged.

use std::{fmt::Write as _, fs, time::Instant};

use papan::library;

use crate::{
    bombs,
    folder::{run, write},
};

#[test]
fn ten_thousand_items_change_as_soon_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    fs::create_dir(dir.join("pages")).unwrap();
    fs::create_dir(dir.join("images")).unwrap();
    bombs::png(&dir.join("images/0.png"), 64, 48, 1);
    let text = "Bawa berkas asli dan fotokopinya.\n\n- Satu\n- Dua\n".repeat(8);
    let mut list = String::from("version = 1\n");
    for number in 0..5000 {
        write(dir, &format!("pages/{number}.md"), &format!("# halaman {number}\n\n{text}"));
        if number > 0 {
            fs::copy(dir.join("images/0.png"), dir.join(format!("images/{number}.png"))).unwrap();
        }
        _ = write!(
            list,
            "[[item]]\npage = \"pages/{number}.md\"\n[[item]]\nimage = \"images/{number}.png\"\n"
        );
    }
    write(dir, "playlist.toml", &list);
    let begin = Instant::now();
    let mut running = run(dir);
    println!("started with 10,000 items in {:?}", begin.elapsed());
    assert_eq!(running.on_air().items.len(), 10_000);
    let begin = Instant::now();
    assert_eq!(library::read(dir).1, []);
    println!("read whole in {:?}", begin.elapsed());
    for (name, title) in [("pages/0.md", "lain"), ("pages/0.md", "lagi")] {
        write(dir, name, &format!("# {title}\n"));
        let begin = Instant::now();
        running.until(title);
        println!("a change of one page of 10,000 items is on air after {:?}", begin.elapsed());
    }
    // One more item than there may be: it is not taken.
    write(dir, "playlist.toml", &format!("{list}[[item]]\ncard = {{ title = \"x\" }}\n"));
    write(dir, "pages/0.md", "# tidak\n");
    crate::folder::until_logged(1, &[&dir.display().to_string(), "has errors"]);
    running.app.update();
    assert_eq!(running.title(), "lagi");
}
