//! What the subcommands about sound take.
//! Invariant: what is to be spoken is one line.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::up_to;
use crate::{audio::voice::language, words::Language};

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
