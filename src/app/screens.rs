//! The screens: each is a world of its own, stepped once a frame between what the hall does and the glass.
//! Invariant: what the window shows is each screen's newest list in its place, and black where there is none.
//!
//! One screen is driven as several are. A screen whose output is gone goes on without being seen, so that it is right
//! in the frame in which the output is back; the play log has of it what was seen.

use std::{collections::BTreeSet, sync::Arc};

use bevy::{ecs::system::SystemParam, prelude::*};

use self::{
    seats::{Seat, seats},
    world::{Given, News, World, config_of, trouble_of},
};
use crate::{
    directory::StateDirectory,
    film,
    picture::{DisplayList, Quad, Rect, place, theme},
    state::{
        Aired, AiredOn, Announcing, Complaints, Cut, EditedArea, FilmForm, FilmSound, Frame, Fresh,
        Freshness, Glass, Hall, Motion, Now, Outputs, Placed, Playing, Pressed, Screens, Settings, Step,
        Troubles, Wake,
    },
};

mod seats;
mod world;

/// The worlds of the screens, in the config's order.
#[derive(Resource)]
struct Worlds {
    /// Each screen's theme, until its world is made of it.
    themes: Vec<theme::Theme>,
    all: Vec<One>,
    seats: Vec<Seat>,
}

/// One screen.
struct One {
    /// Its name, where there are several.
    name: Option<Arc<str>>,
    world: World,
    placer: place::Placer,
    /// What was on its stage when it was last told of; whether its turn is written down as begun.
    stage: Option<Aired>,
    begun: bool,
    /// Whose troubles it told.
    told: BTreeSet<String>,
}

/// Adds the screens of the config, each in the theme at its place in `themes`.
pub(super) fn add(app: &mut App, themes: Vec<theme::Theme>) {
    app.insert_resource(Worlds { themes, all: Vec::new(), seats: Vec::new() })
        .init_resource::<Screens>()
        .init_resource::<Outputs>()
        .init_resource::<EditedArea>()
        .add_message::<Aired>()
        .add_message::<AiredOn>()
        .add_systems(Update, (begin, sit, step).chain().in_set(Step::Draw));
}

/// Makes the worlds, in the first frame: by then there is what they are given.
fn begin(
    mut worlds: ResMut<Worlds>,
    mut screens: ResMut<Screens>,
    (settings, now, wake): (Res<Settings>, Res<Now>, Res<Wake>),
    (form, sound): (Option<Res<FilmForm>>, Option<Res<FilmSound>>),
    (program, state): (Option<Res<film::Program>>, Option<Res<StateDirectory>>),
    (pressed, complaints): (Option<Res<Pressed>>, Option<Res<Complaints>>),
) {
    if !worlds.all.is_empty() {
        return;
    }
    let names = settings.screen_names();
    let heard = settings.heard_screen();
    let several = names.len() > 1;
    let mut themes = std::mem::take(&mut worlds.themes).into_iter();
    for (at, name) in names.into_iter().enumerate() {
        let films = if heard == Some(at) { sound.as_deref().cloned() } else { None };
        let given = Given {
            wake: wake.clone(),
            form: form.as_deref().copied().unwrap_or_default(),
            sound: films.unwrap_or_default(),
            program: program.as_deref().cloned(),
            state: state.as_deref().cloned(),
            pressed: pressed.as_deref().cloned(),
            complaints: complaints.as_deref().cloned(),
            now: now.clone(),
        };
        let world = World::new(config_of(&settings, at), themes.next().unwrap_or_default(), given);
        screens.push(Placed { name: name.clone(), ..Placed::default() });
        worlds.all.push(One {
            name: several.then(|| name.into()),
            world,
            placer: place::Placer::default(),
            stage: None,
            begun: false,
            told: BTreeSet::new(),
        });
    }
}

/// Gives each screen its place, where the outputs or the window changed.
fn sit(
    mut worlds: ResMut<Worlds>,
    mut screens: ResMut<Screens>,
    mut troubles: ResMut<Troubles>,
    mut area: ResMut<EditedArea>,
    (settings, outputs, glass, now): (Res<Settings>, Res<Outputs>, Res<Glass>, Res<Now>),
    mut known: Local<Option<(Outputs, (u32, u32))>>,
) {
    let size = (glass.width, glass.height);
    if known.as_ref().is_some_and(|(o, s)| *o == *outputs && *s == size) {
        return;
    }
    *known = Some((outputs.clone(), size));
    let all = seats(&settings.screens, &outputs, size, settings.hall.language);
    for ((seat, on_glass), one) in all.iter().zip(&mut screens.0).zip(&worlds.all) {
        (on_glass.output, on_glass.place) = (seat.output.clone(), seat.place);
        troubles.set(&trouble_of("screen", &one.name), seat.trouble.clone(), now.wall);
        if let Some(trouble) = &seat.trouble {
            warn!("screen {}: {trouble}", on_glass.name);
        }
    }
    let window = Rect::new(0, 0, size.0, size.1);
    let first = all.first().and_then(|seat| seat.place).map_or(window, |place| place.at);
    area.set_if_neq(EditedArea(first));
    worlds.seats = all;
}

/// What the screens' worlds are told of the hall.
#[derive(SystemParam)]
struct Told<'w> {
    now: Res<'w, Now>,
    glass: Res<'w, Glass>,
    hall: Res<'w, Hall>,
    freshness: Res<'w, Freshness>,
    fresh: Res<'w, Fresh>,
    announcing: Res<'w, Announcing>,
}

/// What comes out of the screens' worlds.
#[derive(SystemParam)]
struct Shown<'w> {
    frame: ResMut<'w, Frame>,
    motion: ResMut<'w, Motion>,
    playing: ResMut<'w, Playing>,
    screens: ResMut<'w, Screens>,
    troubles: ResMut<'w, Troubles>,
    aired: MessageWriter<'w, Aired>,
    aired_on: MessageWriter<'w, AiredOn>,
}

/// Steps each screen, and puts what they show together. This is where what a screen's world knows comes out of it.
fn step(mut worlds: ResMut<Worlds>, told: Told, mut shown: Shown) {
    let Worlds { all, seats, .. } = &mut *worlds;
    let size = (told.glass.width, told.glass.height);
    let places = seats.iter().filter_map(|seat| Some(seat.place?.at));
    let mut quads = place::ground(size, places);
    let mut moves = false;
    for (at, (one, seat)) in all.iter_mut().zip(seats.iter()).enumerate() {
        let glass = match &seat.place {
            Some(place) => Glass { width: place.size().0, height: place.size().1, ..*told.glass },
            // It goes on as large as it was.
            None => {
                let list = &shown.screens[at].list;
                Glass { width: list.width, height: list.height, ..*told.glass }
            }
        };
        one.world.step(News {
            now: &told.now,
            glass,
            freshness: &told.freshness,
            hall: told.hall.is_changed().then_some(&*told.hall),
            fresh: told.fresh.is_changed().then_some(&*told.fresh),
            announcing: told.announcing.is_changed().then_some(&*told.announcing),
        });
        one.tell(seat.place.is_some(), &told.now, &mut shown);
        let on_glass = &mut shown.screens[at];
        let list = one.world.frame();
        if on_glass.list != list.0 {
            on_glass.list = list.0.clone();
        }
        if let Some(place) = &seat.place {
            one.placer.place(&on_glass.list, place, &mut quads);
            moves |= one.world.moves();
        }
        on_glass.dark = one.world.is_dark();
        let (now, fps) = (one.world.playing(), shown.playing.fps);
        let same = on_glass.playing.item == now.item && on_glass.playing.stands_in == now.stands_in;
        if !same {
            on_glass.playing = now.clone();
        }
        on_glass.playing.fps = fps;
        if at == 0 && !same {
            (shown.playing.item, shown.playing.stands_in) = (now.item.clone(), now.stands_in);
        }
    }
    shown.motion.set_if_neq(Motion(moves));
    let list = finished(size, quads, all, &shown.screens);
    if shown.frame.0 != list {
        shown.frame.0 = list;
    }
}

/// The window's list; none before the first screen that is to be seen has one.
fn finished(size: (u32, u32), quads: Vec<Quad>, all: &[One], screens: &Screens) -> DisplayList {
    let drawn = |on_glass: &Placed| on_glass.place.is_none() || on_glass.list.width > 0;
    if all.is_empty() || size.0 == 0 || size.1 == 0 || !screens.iter().any(drawn) {
        return DisplayList::default();
    }
    DisplayList { width: size.0, height: size.1, quads }
}

impl One {
    /// Tells what happened on its stage, as far as that was `seen`, and what is wrong with it.
    fn tell(&mut self, seen: bool, now: &Now, shown: &mut Shown) {
        let mut tell = |aired: Aired| match &self.name {
            None => _ = shown.aired.write(aired),
            Some(screen) => _ = shown.aired_on.write(AiredOn { screen: screen.clone(), aired }),
        };
        if !seen && self.begun {
            self.begun = false;
            tell(Aired::Over { at: now.wall, cut: Some(Cut::Unseen) });
        }
        if seen
            && !self.begun
            && let Some(Aired::Began { item, kind, .. }) = &self.stage
        {
            self.begun = true;
            tell(Aired::Began { item: item.clone(), kind, at: now.wall });
        }
        for aired in self.world.aired() {
            match &aired {
                Aired::Began { .. } => {
                    self.stage = Some(aired.clone());
                    self.begun = seen;
                }
                Aired::Over { .. } => {
                    self.stage = None;
                    if !std::mem::take(&mut self.begun) {
                        continue;
                    }
                }
                Aired::Skipped { .. } => {}
            }
            if seen || matches!(aired, Aired::Skipped { .. }) {
                tell(aired);
            }
        }
        let troubles = self.world.troubles();
        let told: BTreeSet<String> = troubles.iter().map(|(of, _)| of.to_owned()).collect();
        if told.is_empty() && self.told.is_empty() {
            return;
        }
        for of in told.union(&self.told) {
            let texts = troubles.iter().filter(|(whose, _)| whose == of).map(|(_, t)| t.text.clone());
            let (of, texts): (String, Vec<String>) = (trouble_of(of, &self.name), texts.collect());
            let same =
                shown.troubles.iter().filter(|(whose, _)| *whose == of).map(|(_, t)| &t.text).eq(&texts);
            if !same {
                shown.troubles.set(&of, texts, now.wall);
            }
        }
        self.told = told;
    }
}
