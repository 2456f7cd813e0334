//! Steps through the playlist on air: the next picture is drawn ahead by a thread of its own, the next film
//! opened ahead by the projector.
//! Invariant: the stage changes only to a picture that is ready; it is never empty once it was filled.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TryRecvError},
    },
    time::Duration,
};

use bevy::{platform::cell::SyncCell, prelude::*};
use jiff::civil::Date;

use self::{
    draw::{Answer, Error, Request},
    live::{Films, Held, Live, film},
    steps::{Ask, Broken, Change, Drawn, Facts, Steps, Told},
    tell::{Journal, aired, chain},
};
use crate::{
    clock,
    domain::playlist::{Content, Playlist},
    state::{
        Aired, Cut, FilmError, Going, Hall, Listed, Lit, Now, OnAir, Playing, Projector, Settings, Stage,
        StageBox, Step, Theme, Troubles, Wake,
    },
    words::Language,
};

mod draw;
mod live;
mod steps;
mod tell;

/// How long one item fades into the next.
pub const FADE: Duration = Duration::from_millis(400);
/// After how long something is tried again that failed for a reason that may pass, as on a machine that is busy.
const AGAIN: Duration = Duration::from_secs(300);
/// So many items that cannot be shown are told of anew each day.
const MOST_TOLD: usize = 200;

/// Steps through [`OnAir`] and fills [`Stage`]; does nothing while [`StageBox`] is 0 wide.
pub fn plugin(app: &mut App) {
    app.init_resource::<Stage>().init_resource::<Playing>().init_resource::<OnAir>().init_resource::<Hall>();
    app.init_resource::<Lit>();
    app.init_resource::<Troubles>().add_message::<Aired>();
    match draw::start() {
        Ok((ask, answers)) => {
            app.insert_resource(Playback {
                steps: None,
                films: Films::default(),
                opening: None,
                on_air: Arc::default(),
                listed: None,
                day: None,
                dark: false,
                drawn_for: None,
                journal: Journal::default(),
                ask,
                answers: SyncCell::new(answers),
            });
            app.add_systems(Update, play.in_set(Step::Play).run_if(resource_exists::<StageBox>));
        }
        Err(error) => error!("the playback's thread could not be started: {error}"),
    }
}

#[derive(Resource)]
struct Playback {
    steps: Option<Steps<Held>>,
    films: Films,
    /// The film that is being opened, and for which asking.
    opening: Option<(Ask, Live)>,
    /// The playlist that is stepped through.
    on_air: Arc<Playlist>,
    /// The list that it was selected from.
    listed: Option<Arc<Playlist>>,
    /// The day in the hall.
    day: Option<Date>,
    /// Whether the screen is off, and the stage rests.
    dark: bool,
    /// What the pictures are drawn for.
    drawn_for: Option<(StageBox, Language)>,
    journal: Journal,
    ask: SyncSender<Request>,
    answers: SyncCell<Receiver<Answer>>,
}

fn play(
    mut playback: ResMut<Playback>,
    mut stage: ResMut<Stage>,
    mut playing: ResMut<Playing>,
    (mut proof, mut troubles): (MessageWriter<Aired>, ResMut<Troubles>),
    (now, on_air, stage_box, lit): (Res<Now>, Res<OnAir>, Res<StageBox>, Res<Lit>),
    (settings, hall, theme, wake): (Res<Settings>, Res<Hall>, Res<Theme>, Res<Wake>),
    (projector, listed): (Option<Res<Projector>>, Option<Res<Listed>>),
) {
    if stage_box.width == 0 || stage_box.height == 0 {
        return;
    }
    let language = settings.hall.language;
    let playback = &mut *playback;
    if !lit.on {
        if !std::mem::replace(&mut playback.dark, true) {
            playback.rest(&mut stage);
            *playing = Playing { item: String::new(), ..playing.clone() };
            told(playback, &mut proof, &mut troubles, now.wall);
        }
        return;
    }
    let woke = std::mem::replace(&mut playback.dark, false);
    let steps = playback.steps.get_or_insert_with(|| Steps::new(on_air.0.clone(), welcome(&hall, &settings)));
    // In the dark nobody looked whether it changed.
    if !Arc::ptr_eq(&playback.on_air, &on_air.0) {
        let list = listed.map(|listed| listed.0.clone());
        let same =
            playback.listed.as_ref().zip(list.as_ref()).is_some_and(|(old, new)| Arc::ptr_eq(old, new));
        steps.swap(on_air.0.clone(), !same, now.mono);
        (playback.on_air, playback.listed) = (on_air.0.clone(), list);
        if !same {
            playback.journal.keep_films(&on_air);
        }
    }
    let day = now.wall.to_zoned(now.zone.clone()).date();
    if playback.day.replace(day).is_some_and(|old| old != day) {
        steps.new_day(MOST_TOLD);
    }
    steps.facts(facts(&hall, day));
    if hall.is_changed() || settings.is_changed() || woke {
        steps.welcome(welcome(&hall, &settings));
    }
    let target = (stage_box.clone(), language);
    if playback.drawn_for.as_ref() != Some(&target) || theme.is_changed() {
        playback.drawn_for = Some(target);
        steps.redraw();
    }
    if woke {
        steps.wake(now.mono);
    }
    let cut = settings.screens.first().is_some_and(|screen| screen.reduce_motion);
    let fade = if cut { Duration::ZERO } else { FADE };
    let journal = &mut playback.journal;
    match playback.films.going() {
        Some(Going::Over) => steps.over(now.mono),
        Some(Going::Failed(error)) => {
            if let Some((_, content)) = steps.shown() {
                journal.film(content, &error, language);
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
                    journal.still(&answer.content, error);
                }
                let drawn = answer.drawn.map_err(|error| Broken {
                    // A disk or a share may be there again.
                    again: matches!(error, Error::Read { .. }).then(|| now.mono + AGAIN),
                    why: chain(&error),
                });
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
                // Nobody waits for it any more.
                _ if steps.is_stale() => _ = steps.answer(ask.generation, Err(broken_off())),
                None => playback.opening = Some((ask, live)),
                Some(Ok(opened)) => {
                    // A film takes its own time, whatever the hall's clock does.
                    let (length, stays) = (opened.length.map(clock::hall), opened.loops);
                    let drawn = Drawn { picture: Held::Film(live), parts: 1, length, stays };
                    change = steps.answer(ask.generation, Ok(drawn));
                }
                Some(Err(error)) => {
                    journal.film(&ask.content, &error, language);
                    change = steps.answer(ask.generation, Err(broken(&error, now.mono)));
                }
            }
        }
        for change in change.into_iter().chain(steps.step(now.mono, fade)) {
            put(&mut stage, &mut playback.films, change, now.mono);
        }
        let name = steps.shown().map(|(name, content)| if name.is_empty() { title(content) } else { name });
        let name = name.unwrap_or_default();
        if playing.item != name || playing.stands_in != steps.stands_in() {
            (playing.item, playing.stands_in) = (name.to_owned(), steps.stands_in());
        }
        let Some(ask) = steps.ask(now.mono) else { break };
        if let Some(film) = film(&ask.content) {
            let Some(projector) = &projector else {
                let why = "films are not shown here".to_owned();
                steps.answer(ask.generation, Err(Broken { again: None, why }));
                continue;
            };
            // Where the one on the stage is opened anew, as for another size, it goes on where it is.
            let from = if ask.again { playback.films.position() } else { Duration::ZERO };
            let live = Live::open(projector, film, &stage_box, theme.colour.paper, from);
            playback.opening = Some((ask, live));
            break;
        }
        let request = Request {
            generation: ask.generation,
            part: ask.place.part,
            content: ask.content,
            facts: ask.facts,
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
    told(playback, &mut proof, &mut troubles, now.wall);
    if stage.previous.is_some() && now.mono >= stage.changed_at + stage.fade {
        stage.previous = None;
        playback.films.settle();
    }
    playback.films.show(&mut stage, clock::real(now.mono));
}

impl Playback {
    /// The screen is off: nothing is on air, no film is open, and what was shown waits for its next turn.
    fn rest(&mut self, stage: &mut Stage) {
        self.films = Films::default();
        stage.previous = None;
        (stage.moving, stage.caption) = (false, None);
        let Some(steps) = &mut self.steps else { return };
        steps.rest(Cut::Schedule);
        if let Some((ask, _)) = self.opening.take() {
            steps.answer(ask.generation, Err(broken_off()));
        }
    }
}

/// Tells of what happened on the stage.
fn told(
    playback: &mut Playback,
    proof: &mut MessageWriter<Aired>,
    troubles: &mut ResMut<Troubles>,
    at: jiff::Timestamp,
) {
    let Playback { steps, journal, .. } = playback;
    if let Some(steps) = steps {
        for told in steps.told() {
            if let (Told::Began(_), Some((_, content))) = (&told, steps.shown()) {
                journal.began(content);
            }
            proof.write(aired(told, at));
        }
    }
    if let Some(texts) = journal.news() {
        troubles.set("items", texts, at);
    }
}

/// What items show beside what is written in them, on this day.
fn facts(hall: &Hall, day: Date) -> Facts {
    let ticket = hall.calls.last().map_or_else(String::new, |call| call.ticket.0.clone());
    Facts { ticket, survey: hall.survey.filter(|survey| survey.date == day && survey.total() > 0) }
}

fn broken(error: &FilmError, now: Duration) -> Broken {
    Broken { again: error.passing.then(|| now + AGAIN), why: error.en.clone() }
}

fn broken_off() -> Broken {
    Broken { again: None, why: String::new() }
}

/// Puts a picture or a film on the stage; the same item drawn anew takes its place without a fade.
fn put(stage: &mut Stage, films: &mut Films, change: Change<Held>, now: Duration) {
    let at_once = change.again || change.fade.is_zero();
    let Some(shot) = films.put(change.picture, at_once, clock::real(now)) else { return };
    if change.again {
        stage.previous = None;
    } else {
        stage.previous = stage.current.take().filter(|_| !at_once);
        (stage.changed_at, stage.fade) = (now, change.fade);
    }
    stage.current = Some(shot);
}

/// What stands largest on a card.
fn title(content: &Content) -> &str {
    match content {
        Content::Card { title, .. } => title,
        _ => "",
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
