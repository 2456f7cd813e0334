//! `papan edit`: the editor in a window of its own. Invariant: without a window it says so and changes nothing.

use std::process::ExitCode;

use papan::{
    app::{self, Edit},
    cli::{EditArgs, SiteArgs},
    present::display_server,
};

use super::{Failure, code_of, log, settings, theme};

/// Opens the editor.
pub fn run(args: EditArgs) -> Result<ExitCode, Failure> {
    let site = SiteArgs { config: args.config, playlist: args.folder };
    let config = settings(&site, None, None)?;
    let theme = theme(&config)?;
    let folder = config.screens[0].playlist.clone().ok_or(
        "which folder? Write `papan edit DIR`, or name it in the config: [[screen]] playlist = \"…\"",
    )?;
    if !display_server() {
        return Err("the editor needs a window: no display server was found".into());
    }
    let edit = Edit { config, theme, folder, size: args.size, renderer: args.renderer };
    Ok(code_of(app::edit(edit, log())?.run()))
}
