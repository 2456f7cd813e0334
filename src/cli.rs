//! The command line. Invariant: a flag says the same as its key in `papan.toml`, and wins over it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::{Timestamp, civil::Date};

use crate::{
    audio::voice::language,
    domain::{daypart::Hours, visible::clean},
    present::Renderer,
    timeline,
    words::Language,
};

/// The screen of a public-service hall: now-serving numbers, calls, procedure pages and running text.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub struct Cli {
    /// What to do; left out: show.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What `show` takes.
    #[command(flatten)]
    pub show: ShowArgs,
}

const EXAMPLES: &str = "Examples:
  papan                                             the demo hall, full-screen
  papan --config /etc/papan/papan.toml              a hall's screen
  papan snapshot lobby.png --size 1920x1080         one picture, without a display server
  papan check --config /etc/papan/papan.toml        every problem, with file and line
  papan timeline --playlist /srv/lobi               what is on air when, and why not
  papan report --from 2026-11-01 --to 2026-11-30    what was on the screen, as a table and a page
  papan voice list /srv/suara                       how far an office's own voice is";

/// What papan can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the screen (what papan does where nothing else is said).
    #[command(after_help = "Example:
  papan show --queue ws://antrean.local/events --playlist /srv/lobi --layout landscape")]
    Show(ShowArgs),
    /// Write one picture of the screen to a PNG file; needs no display server.
    #[command(after_help = "Examples:
  papan snapshot lobby.png --size 1920x1080
  papan snapshot stale.png --state hall.json --at 2026-11-21T01:41:00Z --stale 2026-11-21T01:38:00Z")]
    Snapshot(SnapshotArgs),
    /// Edit a playlist's folder in a window: what it shows, when, and how it looks.
    #[command(after_help = "Examples:
  papan edit /srv/lobi
  papan edit /srv/lobi --config /etc/papan/papan.toml
What is saved there is on the screen that plays this folder within a second.")]
    Edit(EditArgs),
    /// Name every problem in config, playlist and assets: file, line, what is wrong, what to write instead.
    #[command(after_help = "Example:
  papan check --config /etc/papan/papan.toml --playlist /srv/lobi
Exits with 1 if there is any problem.")]
    Check(CheckArgs),
    /// Print what of a playlist is on air when; and of an item why it is not.
    #[command(after_help = "Examples:
  papan timeline /srv/lobi --date 2026-12-25 --hours 08:00..16:00
  papan timeline --config /etc/papan/papan.toml --days 7
  papan timeline /srv/lobi --why ktp-el
  papan timeline /srv/lobi --json
Exits with 1 where the playlist has errors or there is no such item.")]
    Timeline(TimelineArgs),
    /// Speak a call or a text as the screen would, list the sound devices, or write the sound to a WAV file.
    #[command(after_help = "Examples:
  papan say A-012 3
  papan say A-012 3 --service KTP --language id,en --out a-012.wav
  papan say --text 'Loket BPJS'
  papan say --devices
Exits with 1 where there is no device, or where words could not be said.")]
    Say(SayArgs),
    /// The clips of a voice: list those that a pack needs, or make a pack.
    #[command(after_help = "Examples:
  papan voice list --language id
  papan voice make /srv/suara --language id")]
    Voice(VoiceArgs),
    /// Make a report of what was on the screen from the play log: a CSV table and an HTML page with charts.
    #[command(after_help = "Examples:
  papan report --config /etc/papan/papan.toml --from 2026-11-01 --to 2026-11-30
  papan report --log /var/lib/papan/log --from 2026-11-01 --to 2026-11-30 --out november.html")]
    Report(ReportArgs),
    /// A film's own process: started by the screen, not by hand.
    #[command(hide = true)]
    Film,
}

/// What several subcommands take.
#[derive(Debug, Args, Clone, Default)]
pub struct SiteArgs {
    /// The config file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The playlist's folder.
    #[arg(long, value_name = "DIR")]
    pub playlist: Option<PathBuf>,
}

/// What `show` takes.
#[derive(Debug, Args, Clone, Default)]
pub struct ShowArgs {
    /// Config and playlist.
    #[command(flatten)]
    pub site: SiteArgs,
    /// The queue server, ws:// or wss://.
    #[arg(long, value_name = "URL", conflicts_with = "demo")]
    pub queue: Option<String>,
    /// landscape, portrait, videotron, or a layout of the config; left out: by the glass's shape.
    #[arg(long, value_name = "NAME")]
    pub layout: Option<String>,
    /// Width × height in physical pixels; left out: full-screen.
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<(u32, u32)>,
    /// A window among others.
    #[arg(long)]
    pub windowed: bool,
    /// Show the demo hall, with this many counters; what happens where no queue server is named.
    #[arg(long, value_name = "COUNTERS", num_args = 0..=1, require_equals = true, default_missing_value = "8",
        value_parser = clap::value_parser!(u16).range(1..=500))]
    pub demo: Option<u16>,
    /// What draws.
    #[arg(long, value_enum, default_value_t)]
    pub renderer: Renderer,
    /// Where the picture goes when there is no display server; given: always there, without a window.
    #[arg(long, value_name = "FILE")]
    pub png: Option<PathBuf>,
}

/// What `snapshot` takes.
#[derive(Debug, Args, Clone)]
pub struct SnapshotArgs {
    /// The PNG file to write.
    #[arg(value_name = "OUT.png")]
    pub out: PathBuf,
    /// Config and playlist.
    #[command(flatten)]
    pub site: SiteArgs,
    /// Width × height in pixels.
    #[arg(long, value_name = "WxH", value_parser = size, default_value = "1920x1080")]
    pub size: (u32, u32),
    /// landscape, portrait, videotron, or a layout of the config; left out: by the shape.
    #[arg(long, value_name = "NAME")]
    pub layout: Option<String>,
    /// The hall: a `papan.hall.snapshot` event, or its data; left out: the demo hall.
    #[arg(long, value_name = "HALL.json")]
    pub state: Option<PathBuf>,
    /// How many counters the demo hall has.
    #[arg(long, value_name = "COUNTERS", num_args = 0..=1, require_equals = true, default_missing_value = "8",
        conflicts_with = "state", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub demo: Option<u16>,
    /// The moment that it shows, RFC 3339; left out: now.
    #[arg(long, value_name = "TIME")]
    pub at: Option<Timestamp>,
    /// As cut off from the queue server, with data from this time.
    #[arg(long, value_name = "TIME")]
    pub stale: Option<Timestamp>,
}

/// What `edit` takes.
#[derive(Debug, Args, Clone, Default)]
pub struct EditArgs {
    /// The playlist's folder; left out: the config's.
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// The config file, whose hall and screen the preview shows.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Width × height of the window in physical pixels.
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<(u32, u32)>,
    /// What draws.
    #[arg(long, value_enum, default_value_t = Renderer::Software)]
    pub renderer: Renderer,
}

/// What `check` takes.
#[derive(Debug, Args, Clone, Default)]
pub struct CheckArgs {
    /// Config and playlist.
    #[command(flatten)]
    pub site: SiteArgs,
}

/// What `timeline` takes.
#[derive(Debug, Args, Clone, Default)]
pub struct TimelineArgs {
    /// The playlist's folder; left out: --playlist, or the config's, or the one that ships.
    #[arg(value_name = "DIR", conflicts_with = "playlist")]
    pub folder: Option<PathBuf>,
    /// Config and playlist.
    #[command(flatten)]
    pub site: SiteArgs,
    /// The first day, such as 2026-12-25; left out: today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub date: Option<Date>,
    /// How many days.
    #[arg(long, value_name = "DAYS", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=366))]
    pub days: u32,
    /// From which hour to which, on each of the days: 08:00..16:00, or 22..02 past midnight.
    #[arg(long, value_name = "FROM..UNTIL", value_parser = timeline::hours)]
    pub hours: Option<Hours>,
    /// Say of this item when it is not on air and why: its name, a part of it, or its number in the list.
    #[arg(long, value_name = "ITEM")]
    pub why: Option<String>,
    /// For programs.
    #[arg(long)]
    pub json: bool,
}

/// What `say` takes.
#[derive(Debug, Args, Clone, Default)]
pub struct SayArgs {
    /// The ticket, as it is printed; up to 16 characters.
    #[arg(value_parser = up_to::<16>, required_unless_present_any = ["text", "devices"])]
    pub ticket: Option<String>,
    /// The counter's label; up to 8 characters.
    #[arg(value_parser = up_to::<8>, required_unless_present_any = ["text", "devices"])]
    pub counter: Option<String>,
    /// The service's name, where the sentence speaks of it.
    #[arg(long, value_name = "NAME", value_parser = up_to::<64>)]
    pub service: Option<String>,
    /// A text in place of a call, spoken as a notice is: in the first language; up to 2,000 characters.
    #[arg(long, value_name = "TEXT", value_parser = up_to::<2000>, conflicts_with_all = ["ticket", "counter", "service"])]
    pub text: Option<String>,
    /// The config file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The sound device, in place of the config's.
    #[arg(long, value_name = "NAME", conflicts_with = "out")]
    pub device: Option<String>,
    /// Write this WAV file and sound nothing.
    #[arg(long, value_name = "FILE.wav")]
    pub out: Option<PathBuf>,
    /// In which languages, in place of the config's: id, en, or both.
    #[arg(long, value_name = "LANGUAGE", value_parser = language, value_delimiter = ',')]
    pub language: Vec<Language>,
    /// List the devices that --device and [sound] device can name.
    #[arg(long, conflicts_with_all = ["ticket", "counter", "service", "text", "out", "language", "device"])]
    pub devices: bool,
}

/// What `report` takes.
#[derive(Debug, Args, Clone, Default)]
pub struct ReportArgs {
    /// The first day; left out: the first of the month of the last day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub from: Option<Date>,
    /// The last day, which is part of the report; left out: today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub to: Option<Date>,
    /// The screen's config file: its hall, time zone, language and log.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The play log's folder, in place of the config's.
    #[arg(long, value_name = "DIR")]
    pub log: Option<PathBuf>,
    /// A folder for both files, or one file that ends in .csv or .html; left out: here.
    #[arg(long, value_name = "DIR|FILE")]
    pub out: Option<PathBuf>,
}

/// What `voice` takes.
#[derive(Debug, Args, Clone)]
pub struct VoiceArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: VoiceCommand,
}

/// What `papan voice` can do.
#[derive(Debug, Subcommand, Clone)]
pub enum VoiceCommand {
    /// List each phrase with its clip's file, and what is missing, broken, too quiet or too long.
    #[command(after_help = "Examples:
  papan voice list --language id          what to record
  papan voice list /srv/suara             how far a pack is
Exits with 1 if anything in DIR is missing or broken.")]
    List {
        /// The pack's folder; left out: only what is needed.
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        /// id or en; left out: the pack's, or else the hall's.
        #[arg(long, value_name = "LANGUAGE", value_parser = language)]
        language: Option<Language>,
        /// The config file, whose sentences say what is needed.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Make a pack by espeak-ng, whose clips can then be replaced by recordings.
    #[command(after_help = "Examples:
  papan voice make /srv/suara --language id
  papan voice make /srv/suara --language id --only-missing --config /etc/papan/papan.toml")]
    Make {
        /// The pack's folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// id or en.
        #[arg(long, value_name = "LANGUAGE", value_parser = language)]
        language: Language,
        /// The config file, whose sentences say what is needed.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Add what a pack lacks; clips that are there stay.
        #[arg(long, conflicts_with = "force")]
        only_missing: bool,
        /// Make all clips anew, also those that are there.
        #[arg(long)]
        force: bool,
    },
}

/// A day such as `2026-12-25`.
fn day(text: &str) -> Result<Date, String> {
    let is_day = text.trim().len() == "2026-12-25".len();
    text.trim()
        .parse()
        .ok()
        .filter(|_| is_day)
        .ok_or_else(|| "write year, month and day, like 2026-12-25".to_owned())
}

/// A text of 1 to `MOST` characters in one line.
fn up_to<const MOST: usize>(text: &str) -> Result<String, String> {
    let clean = clean(text);
    let text = clean.trim();
    match text.chars().count() {
        1.. if text.chars().count() <= MOST => Ok(text.to_owned()),
        _ => Err(format!("write 1 to {MOST} characters")),
    }
}

/// A size such as `1920x1080`, from 16×16 to 16384×16384 pixels.
fn size(text: &str) -> Result<(u32, u32), String> {
    let number = |n: &str| n.trim().parse::<u32>().ok().filter(|n| (16..=16_384).contains(n));
    text.split_once(['x', 'X', '×'])
        .and_then(|(w, h)| Some((number(w)?, number(h)?)))
        .ok_or_else(|| "write width x height in pixels, each from 16 to 16384, like 1920x1080".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn show_is_the_default() {
        let cli = Cli::try_parse_from(["papan", "--demo=24", "--size", "1280x720"]).unwrap();
        assert!(cli.command.is_none());
        assert_eq!((cli.show.demo, cli.show.size), (Some(24), Some((1280, 720))));
        assert!(Cli::try_parse_from(["papan", "--size", "0x4"]).is_err());
    }

    #[test]
    fn say_takes_a_call_or_a_text_or_lists_devices() {
        let say = |args: &[&str]| {
            let cli = Cli::try_parse_from(["papan", "say"].iter().chain(args)).ok()?;
            if let Some(Command::Say(args)) = cli.command { Some(args) } else { None }
        };
        let args = say(&["A-012", "3", "--language", "id,en"]).unwrap();
        assert_eq!((args.ticket.as_deref(), args.language.len()), (Some("A-012"), 2));
        assert!(say(&["--devices"]).unwrap().devices);
        assert_eq!(say(&["--text", " Loket  BPJS"]).unwrap().text.as_deref(), Some("Loket BPJS"));
        for wrong in [
            &["A-012", "3", "--text", "a"][..],
            &["--text", "a", "--service", "b"],
            &["--text", ""],
            &["A-012"],
            &["A-0123456789ABCDEF", "3"],
            &["A-012", "123456789"],
            &["", "3"],
        ] {
            assert!(say(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn every_subcommand_has_an_example() {
        let all = Cli::command();
        let inner = all.get_subcommands().flat_map(|command| command.get_subcommands());
        let shown = |command: &&clap::Command| !command.is_hide_set();
        for command in all.get_subcommands().chain(inner).filter(shown) {
            assert!(command.get_after_help().is_some_and(|help| help.to_string().contains("Example")));
        }
    }
}
