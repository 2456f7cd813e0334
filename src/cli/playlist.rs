//! What the subcommands about playlists take.
//! Invariant: each can be given the folder alone, or the config that names it.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use super::{SiteArgs, day, size};
use crate::{domain::daypart::Hours, present::Renderer, timeline};

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
