//! A world of one screen: its playlist, its stage, its films and its pictures, stepped by the hall's.
//! Invariant: what it knows of the hall is what was copied in, and what it shows is what is copied out.

use std::sync::Arc;

use bevy::{
    app::SubApp,
    ecs::{error::warn as warn_of, message::Messages, schedule::Schedules},
    platform::cell::SyncCell,
    prelude::*,
};

use crate::{
    config::Config,
    directory::StateDirectory,
    film, library,
    picture::theme,
    state::{
        Aired, Announcing, Complaints, FilmForm, FilmSound, Frame, Fresh, Freshness, Glass, Hall, Lit,
        Motion, Now, Playing, Pressed, Troubles, Wake,
    },
};

/// A screen's world.
pub(super) struct World(SyncCell<SubApp>);

/// What is given to a screen's world before its first step.
pub(super) struct Given {
    pub wake: Wake,
    pub form: FilmForm,
    /// The way of its films' sound; none where another screen's films are heard.
    pub sound: FilmSound,
    pub program: Option<film::Program>,
    pub state: Option<StateDirectory>,
    /// Whether memory is short, and where threads say what is wrong; none in a program that looks after neither.
    pub pressed: Option<Pressed>,
    pub complaints: Option<Complaints>,
    pub now: Now,
}

/// What of the hall a screen shows; what did not change since the last step is left out.
pub(super) struct News<'h> {
    pub now: &'h Now,
    pub glass: Glass,
    pub freshness: &'h Freshness,
    pub hall: Option<&'h Hall>,
    pub fresh: Option<&'h Fresh>,
    pub announcing: Option<&'h Announcing>,
}

impl World {
    /// A world for the only screen of `config`, in `theme`.
    pub fn new(config: Config, theme: theme::Theme, given: Given) -> Self {
        let mut app = App::new();
        app.set_error_handler(warn_of);
        super::super::screen(&mut app, config, theme);
        app.insert_resource(given.now)
            .insert_resource(given.wake)
            .insert_resource(given.form)
            .insert_resource(given.sound);
        if let Some(program) = given.program {
            app.insert_resource(program);
        }
        if let Some(state) = given.state {
            app.insert_resource(state);
        }
        if let Some(pressed) = given.pressed {
            app.insert_resource(pressed);
        }
        if let Some(complaints) = given.complaints {
            app.insert_resource(complaints);
        }
        app.add_plugins((library::plugin, film::plugin));
        in_one_thread(&mut app);
        Self(SyncCell::new(std::mem::take(app.main_mut())))
    }

    /// One frame.
    pub fn step(&mut self, news: News<'_>) {
        let app = self.0.get();
        let world = app.world_mut();
        world.insert_resource(news.now.clone());
        world.get_resource_or_init::<Glass>().set_if_neq(news.glass);
        if world.get_resource::<Freshness>() != Some(news.freshness) {
            world.insert_resource(news.freshness.clone());
        }
        if let Some(hall) = news.hall {
            world.insert_resource(Hall(hall.0.clone()));
        }
        if let Some(fresh) = news.fresh {
            world.insert_resource(fresh.clone());
        }
        if let Some(announcing) = news.announcing {
            world.insert_resource(Announcing(announcing.0.clone()));
        }
        app.update();
    }

    /// What it shows.
    pub fn frame(&mut self) -> &Frame {
        self.0.get().world().resource()
    }

    /// Whether something moves on it.
    pub fn moves(&mut self) -> bool {
        self.0.get().world().resource::<Motion>().0
    }

    /// Whether it is black by its hours.
    pub fn is_dark(&mut self) -> bool {
        self.0.get().world().get_resource::<Lit>().is_some_and(|lit| !lit.on)
    }

    /// What is on its stage.
    pub fn playing(&mut self) -> &Playing {
        self.0.get().world().resource()
    }

    /// What is wrong with it.
    pub fn troubles(&mut self) -> &Troubles {
        self.0.get().world().resource()
    }

    /// What happened on its stage in this frame.
    pub fn aired(&mut self) -> Vec<Aired> {
        let messages = self.0.get().world_mut().get_resource_mut::<Messages<Aired>>();
        messages.map(|mut messages| messages.drain().collect()).unwrap_or_default()
    }
}

/// Its systems are few and most of them wait for one another: one thread has them done before others are asked.
fn in_one_thread(app: &mut App) {
    let mut schedules = app.world_mut().resource_mut::<Schedules>();
    for (_, schedule) in schedules.iter_mut() {
        schedule.set_executor(bevy::ecs::schedule::SingleThreadedExecutor::new());
    }
}

/// The config of one of several screens.
pub(super) fn config_of(all: &Config, screen: usize) -> Config {
    let mut config = all.clone();
    config.screens = all.screens.get(screen).cloned().into_iter().collect();
    config
}

/// The name of a screen's troubles among the hall's.
pub(super) fn trouble_of(what: &str, screen: &Option<Arc<str>>) -> String {
    match screen {
        Some(screen) => format!("{what} ({screen})"),
        None => what.to_owned(),
    }
}
