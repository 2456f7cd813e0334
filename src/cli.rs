//! The command line. Invariant: a flag says the same as its key in `papan.toml`, and wins over it.

mod playlist;
mod screen;
mod setup;
mod sound;
mod status;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use jiff::civil::Date;

pub use self::{playlist::*, screen::*, setup::*, sound::*, status::*};
use crate::domain::visible::clean;

/// The screen of a public-service hall: now-serving numbers, calls, procedure pages and running text.
#[derive(Debug, Parser)]
#[command(name = "papan", version = crate::VERSION, args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
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
  papan testcard                                    grid, colours and text sizes on each output
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
    /// Show on each output whether every pixel is there, in its place and its colour, and from where text is read.
    #[command(after_help = "Examples:
  papan testcard
  papan testcard --config /etc/papan/papan.toml --seconds 60
  papan testcard --out card.png --size 1152x576
Ends at any key.")]
    Testcard(TestcardArgs),
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
    /// Set this machine up: five questions, each answer tried on the spot; then it writes the config.
    #[command(after_help = "Examples:
  sudo papan setup
  papan setup --yes --hall 'Mal Pelayanan Publik' --queue wss://antrean.example/events --token-file token
  papan setup --yes --hall MPP --demo --screen HDMI-A-1:landscape:height=55inch:distance=8 --dry-run
Exits with 0 where all is written, 1 where a trial or the writing failed, 2 for a wrong or missing flag,
130 after Ctrl-C.")]
    Setup(Box<SetupArgs>),
    /// Make a report of what was on the screen from the play log: a CSV table and an HTML page with charts.
    #[command(after_help = "Examples:
  papan report --config /etc/papan/papan.toml --from 2026-11-01 --to 2026-11-30
  papan report --log /var/lib/papan/log --from 2026-11-01 --to 2026-11-30 --out november.html")]
    Report(ReportArgs),
    /// Tell how the running screen is: link, data, screens, sound, problems.
    #[command(after_help = "Examples:
  papan status
  ssh kiosk papan status --json
Exits with 0 where all is well, 1 where there are problems, 2 where no papan is running or it does not answer.")]
    Status(StatusArgs),
    /// Write a picture of what the public sees now, from the running screen, to a PNG file.
    #[command(after_help = "Examples:
  papan screenshot now.png
  papan screenshot videotron.png --output HDMI-A-2
Exits with 2 where no papan is running or it does not answer.")]
    Screenshot(ScreenshotArgs),
    /// A film's own process: started by the screen, not by hand.
    #[command(hide = true)]
    Film,
    /// Write man pages and the shells' completions into a folder: for those who make a package.
    #[command(hide = true)]
    Generate {
        /// The folder; made where it is not there.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
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
