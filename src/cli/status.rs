//! What the subcommands take that ask a running program.
//! Invariant: where nobody says where it listens, it is looked for where the service and then the user's own are.

use std::path::PathBuf;

use clap::Args;

/// What `status` takes.
#[derive(Debug, Args, Clone)]
pub struct StatusArgs {
    /// As JSON, for programs.
    #[arg(long)]
    pub json: bool,
    /// The running program's socket; left out: /run/papan/papan.sock, else $XDG_RUNTIME_DIR/papan.sock.
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,
}

/// What `screenshot` takes.
#[derive(Debug, Args, Clone)]
pub struct ScreenshotArgs {
    /// The PNG file to write.
    #[arg(value_name = "OUT.png")]
    pub out: PathBuf,
    /// One screen alone, by its output's name; left out: all that is shown.
    #[arg(long, value_name = "NAME")]
    pub output: Option<String>,
    /// The running program's socket; left out: /run/papan/papan.sock, else $XDG_RUNTIME_DIR/papan.sock.
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,
}
