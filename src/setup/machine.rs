//! What the questions need of the machine: its outputs, its sound, the network, the screens.
//! Invariant: nothing here changes a setting; what is stopped for a trial is started again.

use std::{
    fs::Permissions,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use jiff::Timestamp;
use tempfile::NamedTempFile;

use super::{
    answers::ScreenAnswer,
    display::{self, Way},
    edit,
    interrupt::Interrupt,
    outputs::{self, Output},
};
use crate::{
    audio::{self, Request, Spoken},
    config::Config,
    domain::{event::Snapshot, speech::Called},
    link::{
        Timing,
        trial::{self, Trial, Trouble},
    },
};

/// How long the test card is there, in seconds.
pub const CARD_SECONDS: u32 = 10;

/// A machine on which answers are tried.
pub trait Machine {
    /// Its outputs, those with a monitor first.
    fn outputs(&self) -> Vec<Output>;
    /// Its sound devices: name and description.
    ///
    /// # Errors
    /// The system does not tell.
    fn devices(&self) -> Result<Vec<(String, String)>, String>;
    /// Connects to a queue server.
    ///
    /// # Errors
    /// Why it came to nothing.
    fn meet(&self, trial: &Trial) -> Result<Snapshot, Trouble>;
    /// Plays the chime and a call.
    ///
    /// # Errors
    /// Why nothing was heard, or not all.
    fn sound(&self, config: &Config) -> Result<(), String>;
    /// Shows the test card on every output, for [`CARD_SECONDS`], with the regions and sizes of these screens.
    ///
    /// # Errors
    /// Why it was not shown.
    fn card(&self, screens: &[ScreenAnswer]) -> Result<(), NoCard>;
    /// Its time.
    fn now(&self) -> Timestamp;
}

/// Why there was no test card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCard {
    /// No display server is there, and none can be started.
    NoDisplay,
    /// This very terminal is where the picture will be.
    OwnTerminal,
    /// It ended with this.
    Failed(String),
}

/// A config for the test card alone; the kiosk's user can read it.
fn card_config(screens: &[ScreenAnswer]) -> Result<NamedTempFile, Box<dyn std::error::Error>> {
    let text = edit::of_screens(screens)?;
    let mut file = tempfile::Builder::new().prefix("papan-").suffix(".toml").tempfile()?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(Permissions::from_mode(0o644))?;
    Ok(file)
}

/// This machine.
pub struct This<'a> {
    /// Where the kernel lists the outputs.
    pub drm: PathBuf,
    /// What an interruption has to undo.
    pub interrupt: &'a Interrupt,
}

impl Machine for This<'_> {
    fn outputs(&self) -> Vec<Output> {
        outputs::all(&self.drm)
    }

    fn devices(&self) -> Result<Vec<(String, String)>, String> {
        audio::device_names().map_err(|error| error.to_string())
    }

    fn meet(&self, trial: &Trial) -> Result<Snapshot, Trouble> {
        trial::meet(trial, Timing::default())
    }

    fn sound(&self, config: &Config) -> Result<(), String> {
        // A device that only one program can have is the service's while that runs.
        let _quiet = self.interrupt.pause_service();
        let call = Called { ticket: "A-012", counter: "3", service: "" };
        let request = Request { what: Spoken::Call(call), out: None };
        audio::say(config, request, &mut std::io::sink()).map_err(|error| error.to_string())
    }

    fn card(&self, screens: &[ScreenAnswer]) -> Result<(), NoCard> {
        let _dark = self.interrupt.pause_service();
        let done = self.show_card(screens);
        self.interrupt.look_back();
        done
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl This<'_> {
    fn show_card(&self, screens: &[ScreenAnswer]) -> Result<(), NoCard> {
        let way = display::way(self.interrupt)?;
        let program = std::env::current_exe().unwrap_or_else(|_| Path::new("papan").to_owned());
        let mut command = Command::new(program);
        let config = card_config(screens).map_err(|error| NoCard::Failed(error.to_string()))?;
        command.args(["testcard", "--seconds", &CARD_SECONDS.to_string(), "--config"]).arg(config.path());
        if let Way::Kiosk(kiosk) = &way {
            // The CPU draws a still picture on any machine.
            command.args(["--renderer", "software"]);
            kiosk.enter(&mut command);
        }
        let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output();
        let done = done.map_err(|error| NoCard::Failed(error.to_string()))?;
        if done.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&done.stderr);
        let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        Err(NoCard::Failed(crate::domain::visible::clean(last)))
    }
}
