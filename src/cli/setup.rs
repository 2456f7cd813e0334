//! What `papan setup` takes. Invariant: no secret can be given on the command line.

use std::path::PathBuf;

use clap::Args;

use crate::{audio::voice::language, words::Language};

/// Where the kernel lists the outputs.
const DRM: &str = crate::setup::DRM;

/// What `setup` takes.
#[derive(Debug, Args, Clone)]
pub struct SetupArgs {
    /// The config file to write.
    #[arg(long, value_name = "FILE", default_value = "/etc/papan/papan.toml")]
    pub config: PathBuf,
    /// The hall's name.
    #[arg(long, value_name = "NAME")]
    pub hall: Option<String>,
    /// Who runs it.
    #[arg(long, value_name = "NAME")]
    pub organization: Option<String>,
    /// WIB, WITA, WIT, or a name such as Asia/Makassar.
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// What the screen speaks: id or en.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub language: Option<Language>,
    /// The queue server, ws:// or wss://.
    #[arg(long, value_name = "URL", conflicts_with = "demo")]
    pub queue: Option<String>,
    /// No queue server: the demo hall.
    #[arg(long)]
    pub demo: bool,
    /// A file with the queue server's token, which is copied to where the service alone reads it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["token", "no_token"])]
    pub token_file: Option<PathBuf>,
    /// `-`: the token is read from stdin. PAPAN_QUEUE_TOKEN can hold it as well.
    #[arg(long, value_name = "-", conflicts_with = "no_token", allow_hyphen_values = true)]
    pub token: Option<String>,
    /// The queue server wants no token.
    #[arg(long)]
    pub no_token: bool,
    /// A PEM file with the authority that signed the server's certificate.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// A screen; once for each, and all of them: OUTPUT[:LAYOUT][:rotation=DEGREES][:region=WxH+X+Y]
    /// [:height=680mm|55inch][:distance=METRES][:playlist=DIR].
    #[arg(long, value_name = "OUTPUT:LAYOUT:…")]
    pub screen: Vec<String>,
    /// The sound device, as `papan say --devices` lists them.
    #[arg(long, value_name = "NAME")]
    pub sound_device: Option<String>,
    /// 0 to 1, or 90%.
    #[arg(long, value_name = "VOLUME")]
    pub volume: Option<String>,
    /// The playlist's folder; the sample is copied there if it is empty.
    #[arg(long, value_name = "DIR")]
    pub playlist: Option<PathBuf>,
    /// Ask nothing: what no flag says stays as it is.
    #[arg(long, short)]
    pub yes: bool,
    /// Try nothing: no connection, no sound, no test card.
    #[arg(long)]
    pub no_test: bool,
    /// Do not enable and start the service.
    #[arg(long)]
    pub no_start: bool,
    /// Print the config that would be written, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Where the kernel lists the outputs.
    #[arg(long, value_name = "DIR", hide = true, default_value = DRM)]
    pub drm: PathBuf,
}
