//! Steps through the playlist on air: the next picture is drawn ahead by a thread of its own, the next film
//! opened ahead by the projector.
//! Invariant: the stage changes only to a picture that is ready; it is never empty once it was filled.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TryRecvError},
    },
    time::Duration,
};

use bevy::{platform::cell::SyncCell, prelude::*};

use self::{
    draw::{Answer, Error, Request, chain},
    live::{Films, Held, Live, film},
    steps::{Ask, Broken, Change, Drawn, Steps},
};
use crate::{
    domain::playlist::{Content, Playlist},
    state::{
        FilmError, Going, Hall, Now, OnAir, Playing, Projector, Settings, Stage, StageBox, Step, Theme, Wake,
    },
    words::Language,
};

mod draw;
mod live;
mod steps;

/// How long one item fades into the next.
pub const FADE: Duration = Duration::from_millis(400);
/// After how long a film is tried again that failed for a reason that may pass, as on a machine that is busy.
const AGAIN: Duration = Duration::from_secs(300);

/// Steps through [`OnAir`] and fills [`Stage`]; does nothing while [`StageBox`] is 0 wide.
pub fn plugin(app: &mut App) {
    app.init_resource::<Stage>().init_resource::<Playing>().init_resource::<OnAir>().init_resource::<Hall>();
    match draw::start() {
        Ok((ask, answers)) => {
            app.insert_resource(Playback {
                steps: None,
                films: Films::default(),
                opening: None,
                on_air: Arc::default(),
                drawn_for: None,
                told: HashSet::new(),
                ask,
                answers: SyncCell::new(answers),
            });
            app.add_systems(Update, play.in_set(Step::Play).run_if(resource_exists::<StageBox>));
        }
        Err(error) => error!("the playback's thread could not be started: {error}"),
    }
}

/// A file, and for a film what tells it from one that takes its place.
type Told = (PathBuf, Option<u64>);

#[derive(Resource)]
struct Playback {
    steps: Option<Steps<Held>>,
    films: Films,
    /// The film that is being opened, and for which asking.
    opening: Option<(Ask, Live)>,
    /// The playlist that is stepped through.
    on_air: Arc<Playlist>,
    /// What the pictures are drawn for.
    drawn_for: Option<(StageBox, Language)>,
    /// What was told to be broken, since the playlist came; a film since its file was written.
    told: HashSet<Told>,
    ask: SyncSender<Request>,
    answers: SyncCell<Receiver<Answer>>,
}

fn play(
    mut playback: ResMut<Playback>,
    mut stage: ResMut<Stage>,
    mut playing: ResMut<Playing>,
    (now, on_air, stage_box): (Res<Now>, Res<OnAir>, Res<StageBox>),
    (settings, hall, theme, wake): (Res<Settings>, Res<Hall>, Res<Theme>, Res<Wake>),
    projector: Option<Res<Projector>>,
) {
    if stage_box.width == 0 || stage_box.height == 0 {
        return;
    }
    let language = settings.hall.language;
    let playback = &mut *playback;
    let steps = playback.steps.get_or_insert_with(|| Steps::new(on_air.0.clone(), welcome(&hall, &settings)));
    if on_air.is_changed() && !Arc::ptr_eq(&playback.on_air, &on_air.0) {
        steps.swap(on_air.0.clone());
        playback.on_air = on_air.0.clone();
        let films: HashSet<Told> = films(&on_air).collect();
        playback.told.retain(|told| films.contains(told));
    }
    if hall.is_changed() || settings.is_changed() {
        steps.welcome(welcome(&hall, &settings));
    }
    let target = (stage_box.clone(), language);
    if playback.drawn_for.as_ref() != Some(&target) || theme.is_changed() {
        playback.drawn_for = Some(target);
        steps.redraw();
    }
    let cut = settings.screens.first().is_some_and(|screen| screen.reduce_motion);
    let fade = if cut { Duration::ZERO } else { FADE };
    let told = &mut playback.told;
    match playback.films.going() {
        Some(Going::Over) => steps.over(now.mono),
        Some(Going::Failed(error)) => {
            if let Some(content) = steps.shown() {
                tell_film(told, content, &error, language);
            }
            steps.fail(broken(&error, now.mono));
        }
        Some(Going::On) | None => {}
    }
    // The worker has at most one request; its answer makes room for the next one in the same frame.
    loop {
        let mut change = None;
        match playback.answers.get().try_recv() {
            Ok(answer) => {
                if let Err(error) = &answer.drawn {
                    tell(told, &answer.content, error);
                }
                let drawn = answer.drawn.map_err(|_| Broken { again: None });
                let drawn = drawn.map(|(picture, parts)| Drawn {
                    picture: Held::Still(picture),
                    parts,
                    length: None,
                    stays: true,
                });
                change = steps.answer(answer.generation, drawn);
            }
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => error_once!("the playback's thread is gone"),
        }
        if let Some((ask, live)) = playback.opening.take() {
            match live.opened() {
                _ if steps.is_stale() => _ = steps.answer(ask.generation, Err(Broken { again: None })),
                None => playback.opening = Some((ask, live)),
                Some(Ok(opened)) => {
                    let (length, stays) = (opened.length, opened.loops);
                    let drawn = Drawn { picture: Held::Film(live), parts: 1, length, stays };
                    change = steps.answer(ask.generation, Ok(drawn));
                }
                Some(Err(error)) => {
                    tell_film(told, &ask.content, &error, language);
                    change = steps.answer(ask.generation, Err(broken(&error, now.mono)));
                }
            }
        }
        for change in change.into_iter().chain(steps.step(now.mono, fade)) {
            put(&mut stage, &mut playback.films, change, now.mono);
        }
        let name = steps.shown().map(name).unwrap_or_default();
        if playing.item != name || playing.stands_in != steps.stands_in() {
            (playing.item, playing.stands_in) = (name, steps.stands_in());
        }
        let Some(ask) = steps.ask(now.mono) else { break };
        if let Some(film) = film(&ask.content) {
            let Some(projector) = &projector else {
                steps.answer(ask.generation, Err(Broken { again: None }));
                continue;
            };
            // Where the one on the stage is opened anew, as for another size, it goes on where it is.
            let again = steps.shown() == Some(&ask.content) && steps.is_again();
            let from = if again { playback.films.position() } else { Duration::ZERO };
            let live = Live::open(projector, film, &stage_box, theme.colour.paper, from);
            playback.opening = Some((ask, live));
            break;
        }
        let request = Request {
            generation: ask.generation,
            part: ask.place.part,
            content: ask.content,
            size: (stage_box.width, stage_box.height),
            sizes: stage_box.sizes,
            colours: theme.colour,
            language,
            wake: wake.0.clone(),
        };
        if playback.ask.try_send(request).is_err() {
            error_once!("the playback's thread takes no work");
            break;
        }
    }
    if stage.previous.is_some() && now.mono >= stage.changed_at + fade {
        stage.previous = None;
        playback.films.settle();
    }
    playback.films.show(&mut stage, now.mono);
}

fn broken(error: &FilmError, now: Duration) -> Broken {
    Broken { again: error.passing.then(|| now + AGAIN) }
}

/// Puts a picture or a film on the stage; the same item drawn anew takes its place without a fade.
fn put(stage: &mut Stage, films: &mut Films, change: Change<Held>, now: Duration) {
    let Some(shot) = films.put(change.picture, change.again, now) else { return };
    if change.again {
        stage.previous = None;
    } else {
        stage.previous = stage.current.take();
        stage.changed_at = now;
    }
    stage.current = Some(shot);
}

/// The films of a playlist, as they are told of.
fn films(playlist: &Playlist) -> impl Iterator<Item = Told> {
    let items = playlist.items.iter().chain(&playlist.fallback);
    items.filter_map(|item| film(&item.content)).map(|film| (film.path.clone(), Some(film.stamp)))
}

fn tell_film(told: &mut HashSet<Told>, content: &Content, error: &FilmError, language: Language) {
    let Some(film) = film(content) else { return };
    if !told.insert((film.path.clone(), Some(film.stamp))) {
        return;
    }
    let path = film.path.display();
    match language {
        Language::Indonesian => warn!("{path}: {}; film ini dilewati", error.id),
        Language::English => warn!("{path}: {}; it is skipped", error.en),
    }
}

fn tell(told: &mut HashSet<Told>, content: &Content, error: &Error) {
    let file = file(content).map(Path::to_owned).unwrap_or_default();
    if !told.insert((file, None)) {
        return;
    }
    match error {
        Error::Drawing => error!("{}: {error}; it is skipped", name(content)),
        _ => warn!("{}; it is skipped", chain(error)),
    }
}

fn file(content: &Content) -> Option<&Path> {
    match content {
        Content::Page(page) => Some(&page.path),
        Content::Image { path, .. } => Some(path),
        Content::Film(film) => Some(&film.path),
        Content::Card { .. } | Content::Qr { .. } | Content::Survey { .. } => None,
    }
}

/// An item as staff name it: its file, or a card's title.
fn name(content: &Content) -> String {
    match content {
        Content::Card { title, .. } | Content::Qr { title, .. } | Content::Survey { title } => title.clone(),
        other => file(other).map(|f| f.display().to_string()).unwrap_or_default(),
    }
}

/// The card that stands in where nothing can be shown: the hall's name as the server or the config says it.
fn welcome(hall: &Hall, settings: &Settings) -> Content {
    let or = |sent: &str, own: &str| if sent.is_empty() { own.to_owned() } else { sent.to_owned() };
    let name = or(&hall.name, &settings.hall.name);
    let organization = or(&hall.organization, &settings.hall.organization);
    let words = settings.hall.language.words();
    Content::Card { title: words.welcome.into(), text: format!("{name}\n{organization}") }
}
