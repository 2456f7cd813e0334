//! `papan report`: what was on the stage between two days, from the play log, as a CSV table and an HTML page.
//! Invariant: both say the same sums; a log in any state gives a report, and what could not be read is told.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use jiff::civil::Date;

use self::tally::Tally;
use crate::{
    config::Config,
    playlog::{self, read::Unread},
    replace::write_out,
    words::Language,
};

mod chart;
pub mod csv;
mod html;
pub mod tally;
mod words;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Request {
    /// The first day; left out: the first of the last day's month.
    pub from: Option<Date>,
    /// The last day; left out: today.
    pub to: Option<Date>,
    /// The log's folder; left out: the config's, else the one in the state's directory.
    pub log: Option<PathBuf>,
    /// A folder for both files, or one `.csv` or `.html` file; left out: the folder in which papan was started.
    pub out: Option<PathBuf>,
    /// Today, in the hall's time zone.
    pub today: Date,
}

/// Why there is no report, in the hall's language.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be made; the text says what to do.
    #[error("{0}")]
    Told(String),
    /// A file could not be written.
    #[error("{}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It could not be told where the files are.
    #[error(transparent)]
    Out(#[from] io::Error),
}

/// Makes the report, and tells on `out` what was written and what could not be read.
///
/// # Errors
/// There is no log, the days are the wrong way round, or a file cannot be written.
pub fn run(config: &Config, request: &Request, out: &mut dyn Write) -> Result<(), Error> {
    let language = config.hall.language;
    let say = |id: String, en: String| match language {
        Language::Indonesian => id,
        Language::English => en,
    };
    let to = request.to.unwrap_or(request.today);
    let from = request.from.unwrap_or_else(|| to.first_of_month());
    if from > to {
        return Err(Error::Told(say(
            format!("--from {from} sesudah --to {to}; tulis hari yang lebih awal pada --from"),
            format!("--from {from} is after --to {to}; write the earlier day at --from"),
        )));
    }
    let Some(folder) = request.log.clone().or_else(|| log_of(config)) else {
        return Err(Error::Told(say(
            "tidak diketahui di mana catatan tayang; sebutkan foldernya, misalnya --log /var/lib/papan/log"
                .into(),
            "it is not known where the play log is; name its folder, for example --log /var/lib/papan/log"
                .into(),
        )));
    };
    let mut tally = Tally::new(config.hall.timezone.clone(), from, to);
    let read = playlog::read::lines(&folder, |line| tally.take(line));
    let at = folder.display();
    let (unread, files) = match read {
        Ok((unread, files)) if files > unread.files.len() => (unread, files),
        Ok((unread, _)) => {
            let why = unread
                .files
                .first()
                .map_or_else(String::new, |(file, why)| format!(" ({}: {why})", file.display()));
            return Err(Error::Told(no_log(language, &format!("{at}{why}"))));
        }
        Err(error) => return Err(Error::Told(no_log(language, &format!("{at} ({error})")))),
    };
    for (path, text) in outputs(config, request.out.as_deref(), &tally, &unread) {
        write_within(&path, text.as_bytes()).map_err(|source| Error::Write { path: path.clone(), source })?;
        writeln!(out, "{}", path.display())?;
    }
    let sum = tally.total();
    let (shown, calls) = (sum.shown, tally.calls.values().map(|calls| calls.called).sum::<u64>());
    writeln!(
        out,
        "{}",
        say(
            format!("{from} s.d. {to}: {shown} kali tayang, {calls} panggilan, dari {files} berkas di {at}"),
            format!("{from} to {to}: {shown} turns on the stage, {calls} calls, from {files} files in {at}"),
        )
    )?;
    if let Some((first, last)) = tally.known.filter(|(first, last)| *first > from || *last < to) {
        writeln!(
            out,
            "{}",
            say(
                format!("catatan tayang berisi {first} s.d. {last}: hari lain dalam laporan ini kosong"),
                format!("the play log holds {first} to {last}: other days of this report are empty"),
            )
        )?;
    }
    for line in words::of(language).unread(&unread) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn no_log(language: Language, at: &str) -> String {
    match language {
        Language::Indonesian => format!(
            "tidak ada catatan tayang di {at}; layar menulisnya ke folder [log] folder di papan.toml (aula demo tidak menulisnya): sebutkan --config papan.toml milik layar itu, atau foldernya dengan --log FOLDER"
        ),
        Language::English => format!(
            "there is no play log in {at}; the screen writes it to [log] folder of papan.toml (the demo hall writes none): name that screen's --config papan.toml, or the folder with --log DIR"
        ),
    }
}

/// The files to write, with their texts.
fn outputs(config: &Config, out: Option<&Path>, tally: &Tally, unread: &Unread) -> Vec<(PathBuf, String)> {
    let ending = |path: &Path| path.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
    let html = || html::page(&config.hall, tally, unread);
    match out.and_then(|out| Some((out, ending(out)?))) {
        Some((out, ending)) if ending == "csv" => vec![(out.to_owned(), csv::table(tally))],
        Some((out, ending)) if ["html", "htm"].contains(&ending.as_str()) => vec![(out.to_owned(), html())],
        _ => {
            let folder = out.unwrap_or(Path::new("."));
            let name = format!("papan-{}-{}", tally.from, tally.to);
            let path = |ending: &str| folder.join(format!("{name}.{ending}"));
            vec![(path("csv"), csv::table(tally)), (path("html"), html())]
        }
    }
}

/// Writes a file into a folder that is made where it is not there.
fn write_within(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    write_out(path, bytes)
}

/// The play log's folder: as the config says, else where the user's own program writes, else the service's.
fn log_of(config: &Config) -> Option<PathBuf> {
    let own = playlog::folder(config, None);
    let is_there = own.as_ref().is_some_and(|own| config.log.folder.is_some() || own.is_dir());
    let service = Path::new(playlog::SERVICE);
    if !is_there && service.is_dir() { Some(service.to_owned()) } else { own }
}
