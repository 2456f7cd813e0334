//! Links the program with packed relative relocations: 6 MB that the loader would otherwise read through at
//! every start, and keep in memory. Needs glibc 2.36 (Debian 12, Ubuntu 24.04).
//! Lists the files of the voice packs that ship, which are built into the program.
//! Says the version with its date. Invariant: the same sources and `SOURCE_DATE_EPOCH` say the same.

use std::{env, fmt::Write, fs, io, path::Path, process::Command};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu") {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    println!("cargo::rustc-env=PAPAN_VERSION={}", version());
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

/// The version, and the date of what it was built from: `0.1.0 (2026-11-22)`. Without a date it is the version.
fn version() -> String {
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    let date = env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| date(&seconds));
    match date.or_else(commit_date) {
        Some(date) => format!("{version} ({date})"),
        None => version,
    }
}

/// The date of the last commit, where the sources are a clone of the repository.
fn commit_date() -> Option<String> {
    // Sources that lie somewhere in another repository are not that one's.
    Path::new(".git").exists().then_some(())?;
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    if Path::new(&log).exists() {
        println!("cargo::rerun-if-changed={log}");
    }
    date(&git(&["log", "-1", "--format=%ct"])?)
}

/// What git says; `None` where it is not there or fails.
fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok().map(|text| text.trim().to_owned())
}

/// The day in UTC of a number of seconds since 1970 (Howard Hinnant's `civil_from_days`).
fn date(seconds: &str) -> Option<String> {
    let days = seconds.trim().parse::<i64>().ok()?.div_euclid(86_400) + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}
