//! Televisions by HDMI-CEC: `cec-ctl` says what each device is to do, one run at a time.
//! Invariant: a television is told once for each change, and again each minute only while it does not answer.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use tracing::{info, warn};

use super::{
    Wanted,
    child::{Run, State},
    words,
};
use crate::words::Language;

/// The program, of Debian's v4l-utils.
const PROGRAM: &str = "cec-ctl";
/// How long after a failure the next try comes.
const AGAIN: Duration = Duration::from_secs(60);
/// How often a run that goes on is looked after.
const LOOK: Duration = Duration::from_millis(100);
/// How often devices are looked for, while some are wanted.
const SEEK: Duration = Duration::from_secs(60);
/// The most devices.
const MOST: usize = 16;

/// What a device is told, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Takes the device as a player; it then says which output it is on.
    Claim,
    /// The television lights up.
    Light,
    /// It shows this input.
    Show(String),
    /// It goes to sleep.
    Sleep,
}

/// A device.
#[derive(Debug, Default)]
struct Device {
    /// Whether its television is on, as it was told last.
    on: Option<bool>,
    /// Its output, where it said so.
    output: Option<String>,
    /// Its place in the tree of HDMI, such as `1.0.0.0`.
    address: Option<String>,
    /// Whether it was taken as a player.
    claimed: bool,
    /// What is left to tell, last first.
    left: Vec<Step>,
    /// What it is being told.
    wants: Option<bool>,
    /// Not before this.
    due: Option<Instant>,
    /// What is wrong with it.
    wrong: Option<String>,
}

/// All devices.
pub(super) struct Televisions {
    program: PathBuf,
    /// Where devices are looked for, and where connectors are.
    dev: PathBuf,
    drm: PathBuf,
    language: Language,
    devices: BTreeMap<PathBuf, Device>,
    run: Option<(PathBuf, Step, Run)>,
    sought: Option<Instant>,
    absent: bool,
}

impl Televisions {
    pub fn new(language: Language) -> Self {
        Self::with(language, PROGRAM.into(), "/dev".into(), "/sys/class/drm".into())
    }

    /// With another program and other places, for tests.
    pub fn with(language: Language, program: PathBuf, dev: PathBuf, drm: PathBuf) -> Self {
        let (devices, run, sought, absent) = (BTreeMap::new(), None, None, false);
        Self { program, dev, drm, language, devices, run, sought, absent }
    }

    /// Goes on with what is to be told; gives when to look again, if at all.
    pub fn step(&mut self, wanted: &Wanted, now: Instant) -> Option<Duration> {
        self.seek(wanted, now);
        self.look(now);
        if self.run.is_some() {
            return Some(LOOK);
        }
        self.plan(wanted, now);
        self.start(now);
        match &self.run {
            Some(_) => Some(LOOK),
            None if self.devices.is_empty() && wanted.found.is_empty() => None,
            None => Some(Duration::from_secs(5)),
        }
    }

    /// What is wrong, for staff.
    pub fn wrong(&self, wanted: &Wanted) -> Vec<String> {
        if wanted.devices.is_empty() && wanted.found.is_empty() {
            return Vec::new();
        }
        if self.absent {
            return vec![words::no_program(self.language)];
        }
        if self.devices.is_empty() {
            return vec![words::no_device(self.language)];
        }
        let wrong = |(path, device): (&PathBuf, &Device)| {
            Some(words::no_answer(self.language, path, device.wrong.as_deref()?))
        };
        self.devices.iter().filter_map(wrong).collect()
    }

    /// Looks which devices there are.
    fn seek(&mut self, wanted: &Wanted, now: Instant) {
        for path in wanted.devices.keys() {
            self.devices.entry(path.clone()).or_default();
        }
        if wanted.found.is_empty() || self.sought.is_some_and(|at| now < at + SEEK) {
            return;
        }
        self.sought = Some(now);
        let there: BTreeSet<PathBuf> = fs::read_dir(&self.dev)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                name.strip_prefix("cec")
                    .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
            })
            .take(MOST)
            .collect();
        // One that was pulled and comes back is told anew.
        self.devices.retain(|path, _| there.contains(path) || wanted.devices.contains_key(path));
        for path in there {
            self.devices.entry(path).or_default();
        }
    }

    /// Takes in what the run did.
    fn look(&mut self, now: Instant) {
        let Some((path, step, run)) = &mut self.run else { return };
        let (path, step) = (path.clone(), step.clone());
        let state = run.look(now);
        // A device that was pulled while it was told has nothing to say.
        let mut unknown = Device::default();
        let device = self.devices.get_mut(&path).unwrap_or(&mut unknown);
        match state {
            State::Runs => return,
            State::Stuck => {
                device.wrong = Some("it hangs".to_owned());
                return;
            }
            State::Done(said) => {
                if step == Step::Claim {
                    device.claimed = true;
                    device.address = address(&said);
                    device.output = connector(&said).and_then(|at| output(&self.drm, at));
                }
                device.left.pop();
                if device.left.is_empty() && step != Step::Claim {
                    (device.on, device.wrong) = (device.wants.take(), None);
                    let told = if device.on == Some(true) { "to light up" } else { "to go to sleep" };
                    info!("the television at {} was told {told}", path.display());
                }
            }
            State::Failed(why) => {
                if device.wrong.is_none() {
                    warn!("{}", words::no_answer(self.language, &path, &why));
                }
                device.wrong = Some(why);
                // It may have been pulled, or claimed by another.
                (device.claimed, device.wants) = (false, None);
                device.left.clear();
                device.due = Some(now + AGAIN);
            }
        }
        self.run = None;
    }

    /// Decides what each device is told next.
    fn plan(&mut self, wanted: &Wanted, now: Instant) {
        for (path, device) in &mut self.devices {
            if device.due.is_some_and(|due| now < due) {
                continue;
            }
            let want = wants(wanted, path, device);
            if want.is_none() || want == device.on {
                (device.wants, device.left) = (None, Vec::new());
                continue;
            }
            if !device.claimed {
                // Which output it is on is known only then.
                (device.wants, device.left) = (want, vec![Step::Claim]);
            } else if device.wants != want || device.left.is_empty() {
                device.left = match want {
                    Some(true) => {
                        device.address.clone().map(Step::Show).into_iter().chain([Step::Light]).collect()
                    }
                    _ => vec![Step::Sleep],
                };
                device.wants = want;
            }
        }
    }

    fn start(&mut self, now: Instant) {
        let next = self.devices.iter().find_map(|(path, device)| {
            let due = device.due.is_none_or(|due| due <= now);
            Some((path.clone(), device.left.last().filter(|_| due)?.clone()))
        });
        let Some((path, step)) = next else { return };
        let address;
        let arguments: &[&str] = match &step {
            Step::Claim => &["--playback", "--osd-name", "papan"],
            Step::Light => &["--to", "0", "--image-view-on"],
            Step::Show(at) => {
                address = format!("phys-addr={at}");
                &["--to", "15", "--active-source", &address]
            }
            Step::Sleep => &["--to", "0", "--standby"],
        };
        match Run::start(&self.program, &path, arguments, now) {
            Ok(run) => (self.run, self.absent) = (Some((path, step, run)), false),
            Err(error) => {
                let absent = error.kind() == io::ErrorKind::NotFound;
                if absent && !self.absent {
                    warn!("{}", words::no_program(self.language));
                }
                self.absent = absent;
                if let Some(device) = self.devices.get_mut(&path) {
                    (device.wrong, device.due) = (Some(error.to_string()), Some(now + AGAIN));
                }
            }
        }
    }
}

/// Whether a device's television is to be on; `None`: it is nobody's.
fn wants(wanted: &Wanted, path: &Path, device: &Device) -> Option<bool> {
    if let Some(on) = wanted.devices.get(path) {
        return Some(*on);
    }
    let named =
        device.output.as_ref().map(|output| wanted.found.get(output).or_else(|| wanted.found.get("")));
    match named {
        Some(on) => on.copied(),
        // Which output it is on cannot be told: it is on while any is.
        None => wanted.found.values().copied().reduce(|a, b| a || b),
    }
}

/// The place in the tree of HDMI that `cec-ctl` says of a device; none where nothing is plugged in.
fn address(said: &str) -> Option<String> {
    let line = said.lines().find_map(|line| line.trim().strip_prefix("Physical Address"))?;
    let at = line.split(':').nth(1)?.trim();
    let parts: Vec<&str> = at.split('.').collect();
    let good = parts.len() == 4
        && parts.iter().all(|part| part.len() == 1 && part.bytes().all(|b| b.is_ascii_hexdigit()));
    (good && at != "f.f.f.f").then(|| at.to_owned())
}

/// The graphics card and the connector that `cec-ctl` says of a device.
fn connector(said: &str) -> Option<(u32, u32)> {
    let line = said.lines().find_map(|line| line.trim().strip_prefix("DRM Connector Info"))?;
    let number = |word: &str| {
        let after = &line[line.find(word)? + word.len()..];
        after.trim_start().split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    Some((number("card")?, number("connector")?))
}

/// The name of a connector, as outputs are named: `HDMI-A-1`. Older kernels do not say.
fn output(drm: &Path, (card, connector): (u32, u32)) -> Option<String> {
    let prefix = format!("card{card}-");
    fs::read_dir(drm).ok()?.flatten().find_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let output = name.strip_prefix(&prefix)?;
        let id = fs::read_to_string(entry.path().join("connector_id")).ok()?;
        (id.trim().parse() == Ok(connector)).then(|| output.to_owned())
    })
}

#[cfg(test)]
mod tests;
