//! Links the program with packed relative relocations: 6 MB that the loader would otherwise read through at
//! every start, and keep in memory. Needs glibc 2.36 (Debian 12, Ubuntu 24.04).
//! Lists the files of the voice packs that ship, which are built into the program.

use std::{env, fmt::Write, fs, io, path::Path};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu") {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    let mut source = String::new();
    for (name, folder) in [("INDONESIAN", "assets/voice/id"), ("ENGLISH", "assets/voice/en")] {
        println!("cargo::rerun-if-changed={folder}");
        let _ = writeln!(source, "const {name}: Files = &[{}];", files(Path::new(folder)));
    }
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("voice.rs"), source)
}

/// Each file of a folder with its content, as Rust. A folder that is not there yet has none: the program that
/// makes it has to be built before.
fn files(folder: &Path) -> String {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".wav") || name.ends_with(".toml"))
        .collect();
    names.sort();
    names.iter().fold(String::new(), |mut source, name| {
        let path = format!("/{}/{name}", folder.display());
        let _ =
            write!(source, "({name:?}, include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),");
        source
    })
}
