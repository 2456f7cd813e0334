//! What the subcommands about the screen take.
//! Invariant: a flag has the name of its key in `papan.toml`, where it has one there.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::size;
use crate::present::Renderer;

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
    /// For tests that take a day: the program's time passes so many times as fast. Never for people to see.
    #[arg(long, value_name = "N", hide = true, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub speed: Option<u32>,
    /// With `speed`: when that day begins, RFC 3339; left out: now.
    #[arg(long, value_name = "TIME", hide = true, requires = "speed")]
    pub from: Option<Timestamp>,
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

/// What `check` takes.
#[derive(Debug, Args, Clone, Default)]
pub struct CheckArgs {
    /// Config and playlist.
    #[command(flatten)]
    pub site: SiteArgs,
}

/// What `testcard` takes.
#[derive(Debug, Args, Clone, Default)]
pub struct TestcardArgs {
    /// The PNG file to write, without a display server; left out: shown on each output until a key is pressed.
    #[arg(long, value_name = "PNG")]
    pub out: Option<PathBuf>,
    /// Width × height of the picture in pixels; left out: of the screen's region, or 1920x1080.
    #[arg(long, value_name = "WxH", value_parser = size, requires = "out")]
    pub size: Option<(u32, u32)>,
    /// The output's name, as `[[screen]] output` has it; left out: the first one in the picture, all in windows.
    #[arg(long, value_name = "NAME")]
    pub output: Option<String>,
    /// The config file: its screens' regions, heights and theme.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// End after so many seconds.
    #[arg(long, value_name = "N", conflicts_with = "out", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub seconds: Option<u32>,
    /// What draws.
    #[arg(long, value_enum, default_value_t, conflicts_with = "out")]
    pub renderer: Renderer,
}
