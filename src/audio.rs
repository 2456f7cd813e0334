//! The only place that makes sound: chime, voice and films, through one mixer.
//! Invariant: the frame never waits for a sound device or a voice; all that can take time is on their threads.

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use bevy::{platform::cell::SyncCell, prelude::*};

use crate::{
    config,
    domain::{
        announcement::{self, Number},
        speech,
    },
    state::{
        Announced, FilmInput, FilmSound, Lengths, Now, Said, Settings, Sound, Speak, Step, Troubles, Voiced,
        Wake,
    },
    words::Language,
};

mod chime;
mod clip;
mod device;
mod duck;
mod film;
mod limiter;
mod mixer;
mod narrator;
mod offline;
mod output;
mod say;
mod script;
mod tracks;
pub mod voice;

pub use chime::{ChimeError, check as check_chime};
pub use say::{Request, SayError, Spoken, device_names, devices, say, unheard_service};
pub use tracks::volume;

use film::Film;
use mixer::{Command, Mixer, Say};
use output::Keeper;

/// How many commands can wait for the sound thread, which waits for nobody but the frame.
const MOST_COMMANDS: usize = 16;
/// How many reports can wait for the frame, which takes all of them each time.
const MOST_REPORTS: usize = 64;

/// What the threads tell.
enum Report {
    /// A device takes sound, or none does, and why.
    Device(Result<(), String>),
    /// How long the chime is.
    Chime(Duration),
    /// How long the voice's clips are.
    Clips(HashMap<(Language, String), Duration>),
    /// What became of an announcement.
    Voiced(Voiced),
}

/// The threads' way to whoever listens.
#[derive(Clone)]
struct Outbox {
    reports: SyncSender<Report>,
    wake: Wake,
}

impl Outbox {
    /// Tells something; whether anyone listens. It waits where too much waits already: nothing is left out, and the
    /// device's own thread goes on.
    fn tell(&self, report: Report) -> bool {
        let listens = self.reports.send(report).is_ok();
        (self.wake.0)();
        listens
    }

    fn voiced(&self, voiced: Voiced) {
        self.tell(Report::Voiced(voiced));
    }
}

/// The way to the sound thread, and back.
struct Threads {
    commands: SyncSender<Command>,
    reports: Receiver<Report>,
    film: FilmInput,
}

/// The same, for the frame.
#[derive(Resource)]
struct Speaker {
    commands: SyncSender<Command>,
    reports: SyncCell<Receiver<Report>>,
    /// The announcement that was asked for last and is not over: of others nothing is told.
    current: Option<Number>,
    volume: f64,
}

/// Sounds what [`Speak`] asks for and tells by [`Voiced`] what became of it; keeps [`Sound`] and [`Lengths`].
pub fn plugin(app: &mut App) {
    app.init_resource::<FilmSound>()
        .init_resource::<Lengths>()
        .init_resource::<Sound>()
        .init_resource::<Troubles>()
        .add_message::<Speak>()
        .add_message::<Voiced>()
        .add_systems(Startup, open)
        .add_systems(PreUpdate, receive.run_if(resource_exists::<Speaker>).in_set(Step::Receive))
        .add_systems(
            Update,
            (send, follow_the_hours).run_if(resource_exists::<Speaker>).in_set(Step::Play).after(Announced),
        );
}

/// Starts the threads where there is something to sound. Where even that fails the screen goes on.
fn open(
    mut commands: Commands,
    settings: Res<Settings>,
    wake: Option<Res<Wake>>,
    mut film: ResMut<FilmSound>,
    mut sound: ResMut<Sound>,
) {
    if !wanted(&settings) || config::is_mute(&settings.sound) {
        return;
    }
    let wake = wake.as_deref().cloned().unwrap_or_default();
    match spawn(&settings.sound, &settings.voice, wake) {
        Ok(threads) => {
            film.0 = Some(threads.film);
            sound.0 = announcement::Sound::Away;
            commands.insert_resource(Speaker {
                commands: threads.commands,
                reports: SyncCell::new(threads.reports),
                current: None,
                volume: settings.sound.volume,
            });
        }
        Err(error) => warn!("sound: no thread for it, the screen goes on without: {error}"),
    }
}

/// Whether the site wants anything to be heard.
fn wanted(config: &config::Config) -> bool {
    config.sound.chime != config::CHIME_NONE || !config.voice.languages.is_empty()
}

fn spawn(sound: &config::Sound, voice: &config::Voice, wake: Wake) -> io::Result<Threads> {
    let (commands, waiting) = sync_channel(MOST_COMMANDS);
    let (reports, incoming) = sync_channel(MOST_REPORTS);
    let outbox = Outbox { reports, wake };
    let jobs = match voice.languages.is_empty() {
        true => None,
        false => Some(narrator::spawn(voice.clone(), outbox.clone())?),
    };
    let ((film, pieces), sound) = (Film::new(), sound.clone());
    let keeper = Keeper::spawn()?;
    thread::Builder::new().name("papan-sound".into()).spawn(move || {
        let chime = chime::for_hall(&sound.chime);
        let length = chime.as_ref().map(clip::Clip::length).unwrap_or_default();
        outbox.tell(Report::Chime(length));
        Mixer::new(sound, chime, jobs, pieces, outbox, keeper).run(&waiting);
    })?;
    Ok(Threads { commands, reports: incoming, film })
}

/// What the threads tell becomes messages and resources.
fn receive(
    mut speaker: ResMut<Speaker>,
    mut sound: ResMut<Sound>,
    mut lengths: ResMut<Lengths>,
    mut voiced: MessageWriter<Voiced>,
    (mut troubles, settings, now): (Option<ResMut<Troubles>>, Res<Settings>, Res<Now>),
) {
    let mut tell = |texts: Option<String>| {
        if let Some(troubles) = &mut troubles {
            troubles.set("sound", texts, now.wall);
        }
    };
    while let Ok(report) = speaker.reports.get().try_recv() {
        match report {
            Report::Device(Ok(())) => {
                sound.set_if_neq(Sound(announcement::Sound::Ready));
                tell(None);
            }
            Report::Device(Err(why)) => {
                sound.set_if_neq(Sound(announcement::Sound::Away));
                tell(Some(no_device(&why).of(settings.hall.language)));
            }
            Report::Chime(chime) => {
                let known = speech::Lengths { chime, ..(*lengths.0).clone() };
                lengths.0 = Arc::new(known);
            }
            Report::Clips(clips) => {
                let known = speech::Lengths { clips, ..(*lengths.0).clone() };
                lengths.0 = Arc::new(known);
            }
            // What was told on the way, while another was asked for or silence was, is told to nobody.
            Report::Voiced(what) if speaker.current == Some(number(&what)) => {
                if matches!(what, Voiced::Ended { .. } | Voiced::Failed { .. }) {
                    speaker.current = None;
                }
                voiced.write(what);
            }
            Report::Voiced(_) => {}
        }
    }
}

fn no_device(why: &str) -> Said {
    Said::new(
        format!(
            "tidak ada suara ({why}); periksa kabel dan pengeras suara, dan nama dari `papan say --devices` di [sound] device"
        ),
        format!(
            "there is no sound ({why}); check cable and loudspeaker, and the name from `papan say --devices` in [sound] device"
        ),
    )
}

fn number(voiced: &Voiced) -> Number {
    match voiced {
        Voiced::Began { number, .. }
        | Voiced::Said { number }
        | Voiced::Ended { number, .. }
        | Voiced::Failed { number, .. } => *number,
    }
}

/// What is to be sounded goes to the sound thread.
fn send(mut speak: MessageReader<Speak>, mut speaker: ResMut<Speaker>, mut voiced: MessageWriter<Voiced>) {
    for speak in speak.read().cloned() {
        let (number, command) = match speak {
            Speak::Say { number, chime, sentences, gap } => {
                let asked = Instant::now();
                (Some(number), Command::Say(Say { number, asked, chime, sentences, gap }))
            }
            Speak::Hush => (None, Command::Hush),
        };
        speaker.current = number;
        let why = match speaker.commands.try_send(command) {
            Ok(()) => continue,
            Err(TrySendError::Full(_)) => "too much waits for the sound thread",
            Err(TrySendError::Disconnected(_)) => {
                error!("sound: its thread has ended");
                "there is no sound thread"
            }
        };
        if let Some(number) = speaker.current.take() {
            let (why, device) = (why.to_owned(), false);
            voiced.write(Voiced::Failed { number, why, device });
        }
    }
}

/// The volume by the time of day.
fn follow_the_hours(mut speaker: ResMut<Speaker>, settings: Res<Settings>, now: Res<Now>) {
    if settings.sound.hours.is_empty() {
        return;
    }
    let time = now.zone.to_datetime(now.wall).time();
    let volume = tracks::volume(&settings.sound, time);
    // Where it finds no room it is tried again with the next frame.
    if volume != speaker.volume && speaker.commands.try_send(Command::Volume(volume)).is_ok() {
        speaker.volume = volume;
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::time, tz::TimeZone};

    use super::*;
    use crate::domain::daypart::Hours;

    /// The plugin with threads that we play ourselves.
    fn app(room: usize) -> (App, Receiver<Command>, SyncSender<Report>) {
        let mut config = config::Config::default();
        let noon = Hours { from: time(12, 0, 0, 0), until: time(13, 0, 0, 0) };
        config.sound.hours.push((noon, 0.2));
        // No thread is started: these stand in for both.
        let (commands, asked) = sync_channel(room);
        let (reports, incoming) = sync_channel(MOST_REPORTS);
        let speaker = Speaker {
            commands,
            reports: SyncCell::new(incoming),
            current: None,
            volume: config.sound.volume,
        };
        let mut app = App::new();
        app.insert_resource(Now { wall: Timestamp::UNIX_EPOCH, mono: Duration::ZERO, zone: TimeZone::UTC })
            .insert_resource(speaker)
            .init_resource::<Lengths>()
            .init_resource::<Sound>()
            .add_message::<Speak>()
            .add_message::<Voiced>()
            .insert_resource(Settings(Arc::new(config)))
            .add_systems(PreUpdate, receive)
            .add_systems(Update, (send, follow_the_hours).chain());
        (app, asked, reports)
    }

    fn say(app: &mut App, number: u64) {
        let number = Number(number);
        app.world_mut().write_message(Speak::Say {
            number,
            chime: true,
            sentences: vec![],
            gap: Duration::ZERO,
        });
        app.update();
    }

    fn ended(number: u64) -> Report {
        let (number, at) = (Number(number), Timestamp::UNIX_EPOCH);
        Report::Voiced(Voiced::Ended { number, at, unsaid: Vec::new() })
    }

    /// Of which announcements was told since the last time.
    fn told(app: &mut App) -> Vec<u64> {
        app.world_mut().resource_mut::<Messages<Voiced>>().drain().map(|v| number(&v).0).collect()
    }

    #[test]
    fn of_what_was_cut_or_hushed_nothing_is_told_even_if_it_was_on_its_way() {
        let (mut app, _asked, reports) = app(8);
        say(&mut app, 1);
        say(&mut app, 2);
        reports.send(ended(1)).expect("room");
        reports.send(ended(2)).expect("room");
        reports.send(ended(2)).expect("room");
        app.update();
        assert_eq!(told(&mut app), [2], "the first was cut, and each ends once");
        say(&mut app, 3);
        app.world_mut().write_message(Speak::Hush);
        app.update();
        reports.send(ended(3)).expect("room");
        app.update();
        assert_eq!(told(&mut app), [0; 0]);
    }

    #[test]
    fn what_finds_no_room_has_failed() {
        let (mut app, asked, _reports) = app(1);
        say(&mut app, 1);
        say(&mut app, 2);
        assert_eq!(told(&mut app), [2]);
        drop(asked);
        say(&mut app, 3);
        assert_eq!(told(&mut app), [3]);
    }

    #[test]
    fn the_volume_follows_the_hours_and_is_asked_for_once() {
        let (mut app, asked, _reports) = app(8);
        let mut at = |hour: i64| {
            let wall = Timestamp::from_second(hour * 3_600).expect("a time");
            app.world_mut().resource_mut::<Now>().wall = wall;
            app.update();
            app.update();
            asked.try_iter().filter_map(|c| if let Command::Volume(v) = c { Some(v) } else { None }).collect()
        };
        let volumes: [Vec<f64>; 4] = [11, 12, 12, 13].map(&mut at);
        assert_eq!(volumes, [vec![], vec![0.2], vec![], vec![config::Sound::default().volume]]);
    }

    #[test]
    fn a_device_and_the_lengths_become_known() {
        let (mut app, _asked, reports) = app(8);
        let chime = Duration::from_millis(1_300);
        reports.send(Report::Chime(chime)).expect("room");
        let phrase = (Language::Indonesian, "nol".to_owned());
        reports.send(Report::Clips([(phrase.clone(), chime)].into())).expect("room");
        reports.send(Report::Device(Ok(()))).expect("room");
        app.update();
        let lengths = &app.world().resource::<Lengths>().0;
        assert!(lengths.chime == chime && lengths.clips.contains_key(&phrase));
        assert_eq!(app.world().resource::<Sound>().0, announcement::Sound::Ready);
        reports.send(Report::Device(Err("gone".to_owned()))).expect("room");
        app.update();
        assert_eq!(app.world().resource::<Sound>().0, announcement::Sound::Away);
    }
}
