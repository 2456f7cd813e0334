//! The only place that makes sound: the chime at a call, later the voice, through one mixer.
//! Invariant: the frame never waits for a sound device; all that can hang is on the sound thread.

use std::{
    io,
    sync::mpsc::{SyncSender, TrySendError, sync_channel},
    thread,
    time::Instant,
};

use bevy::prelude::*;

use crate::{
    config,
    state::{Announced, Settings, Sound, Speak, Step, Wake},
};

mod chime;
mod device;
mod mixer;
pub mod voice;

pub use chime::{ChimeError, check as check_chime};
use mixer::{Busy, Command, Mixer};

/// How many commands can wait for the sound thread; one that hangs in a driver takes none.
const MOST_COMMANDS: usize = 16;

/// The way to the sound thread.
#[derive(Resource)]
struct Speaker {
    commands: SyncSender<Command>,
    busy: Busy,
}

/// Sounds the chime on [`Speak`] and keeps [`Sound`].
pub fn plugin(app: &mut App) {
    app.init_resource::<Sound>().add_message::<Speak>().add_systems(Startup, open).add_systems(
        Update,
        (sound_at_call, know_what_sounds)
            .chain()
            .run_if(resource_exists::<Speaker>)
            .in_set(Step::Play)
            .after(Announced),
    );
}

/// Starts the sound thread where there is something to sound. Where even that fails the screen goes on.
fn open(mut commands: Commands, settings: Res<Settings>) {
    if settings.sound.chime == chime::NONE {
        return;
    }
    match spawn(&settings.sound) {
        Ok(speaker) => commands.insert_resource(speaker),
        Err(error) => warn!("sound: no thread for it, the screen goes on without: {error}"),
    }
}

fn spawn(sound: &config::Sound) -> io::Result<Speaker> {
    let (commands, waiting) = sync_channel(MOST_COMMANDS);
    let busy = Busy::default();
    let mixer = Mixer::new(sound.clone(), busy.clone());
    thread::Builder::new().name("papan-sound".into()).spawn(move || mixer.run(&waiting))?;
    Ok(Speaker { commands, busy })
}

/// A call begins to be announced: its sound is asked for.
fn sound_at_call(mut started: MessageReader<Speak>, speaker: Res<Speaker>, wake: Option<Res<Wake>>) {
    for _ in started.read() {
        let chime = Command::Chime { asked: Instant::now(), wake: wake.as_deref().cloned() };
        match speaker.commands.try_send(chime) {
            Ok(()) => {}
            // The thread hangs in a driver: this call is shown, and passes unheard.
            Err(TrySendError::Full(_)) => debug!("sound: the device takes no sound, a chime is left out"),
            Err(TrySendError::Disconnected(_)) => error!("sound: its thread has ended"),
        }
    }
}

/// What the sound thread says becomes [`Sound`], and counts as a change only when it is one.
fn know_what_sounds(speaker: Res<Speaker>, mut sound: ResMut<Sound>) {
    let _ = speaker.busy.get();
    sound.set_if_neq(Sound(crate::domain::announcement::Sound::Ready));
}
