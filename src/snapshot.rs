//! One picture without a display server: the same app, stepped by hand at one moment.
//! Invariant: the same arguments give the same pixels.

use std::time::Duration;

use bevy::prelude::*;
use jiff::Timestamp;

use crate::{
    app,
    config::Config,
    domain::{announcement, hall},
    film,
    picture::{DisplayList, theme::Theme},
    state::{
        Calling, Frame, Fresh, Freshness, Glass, Hall, Lit, Logo, Now, OnAir, Playing, Stage, StageBox, Step,
    },
};

/// How long a call's row keeps its accent, by the call's own time.
const ACCENT: i64 = 30;
/// How long the stage may take to be drawn before that is an error.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a picture shows.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The config; its first screen names layout, playlist and theme.
    pub config: Config,
    /// The theme.
    pub theme: Theme,
    /// Width × height in pixels.
    pub size: (u32, u32),
    /// The hall.
    pub hall: hall::Hall,
    /// Whether what is shown is still true.
    pub freshness: Freshness,
    /// The moment, by the wall clock.
    pub at: Timestamp,
    /// What is on air.
    pub playlist: crate::domain::playlist::Playlist,
    /// The program that opens films; `None`: films are left out.
    pub films: Option<film::Program>,
    /// The hall's logo.
    pub logo: Option<std::sync::Arc<image::DynamicImage>>,
    /// What is said in the film on the stage.
    pub caption: Option<String>,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The stage did not come.
    #[error("the playlist's first item was not drawn within {} s", PATIENCE.as_secs())]
    NoStage,
}

/// Draws a scene.
///
/// # Errors
/// The playlist's first item is not drawn in time.
pub fn draw(scene: Scene) -> Result<DisplayList, Error> {
    let (width, height) = scene.size;
    let mut app = App::new();
    // Time does not begin at 0, so that a call may have been before.
    let start = Duration::from_secs(3600);
    let zone = scene.config.hall.timezone.clone();
    app.insert_resource(Now { wall: scene.at, mono: start, zone });
    app::core(&mut app, scene.config, scene.theme);
    app.insert_resource(Glass { width, height, rate: 60.0, refresh: 0 });
    if let Some(program) = scene.films {
        // At its first frame, so that the picture is the same each time.
        app.insert_resource(program).insert_resource(film::Standing).add_plugins(film::plugin);
    }
    app.insert_resource(scene.freshness);
    app.insert_resource(Logo(scene.logo));
    if let Some(caption) = scene.caption {
        // Between the two that playback and the screen do: whatever stands on the stage, this is said in it.
        let say = move |mut stage: ResMut<Stage>| stage.caption = Some(caption.clone());
        app.add_systems(Update, say.after(Step::Play).before(Step::Draw));
    }
    app.insert_resource(OnAir(std::sync::Arc::new(scene.playlist)));
    let mut fresh = Fresh::default();
    let mut shown = None;
    for call in &scene.hall.calls {
        let Some(age) = call.time.map(|time| scene.at.as_second() - time.as_second()) else { continue };
        if !(0..ACCENT).contains(&age) {
            continue;
        }
        let ago = Duration::from_secs(age.unsigned_abs());
        fresh.insert(call.counter.clone(), (call.ticket.clone(), start.saturating_sub(ago)));
        if ago < announcement::SHORTEST {
            shown = Some(Calling::Called(call.clone()));
        }
    }
    app.insert_resource(fresh);
    app.insert_resource(Hall(scene.hall));
    if let Some(call) = shown {
        app.world_mut().write_message(call);
    }
    let ready = |app: &App| {
        let stands_in = app.world().get_resource::<Playing>().is_some_and(|p| p.stands_in);
        let stage = app.world().get_resource::<Stage>().is_some_and(|s| s.current.is_some()) && !stands_in;
        let none = app.world().get_resource::<StageBox>().is_some_and(|b| b.width == 0 || b.height == 0);
        // A screen that is off by its schedule shows nothing.
        let dark = app.world().get_resource::<Lit>().is_some_and(|lit| !lit.on);
        stage || none || dark
    };
    let deadline = std::time::Instant::now() + PATIENCE;
    app.update();
    while !ready(&app) {
        if std::time::Instant::now() > deadline {
            return Err(Error::NoStage);
        }
        std::thread::sleep(Duration::from_millis(1));
        app.update();
    }
    // The fades' ends: a second later by the monotonic clock, the same moment by the wall clock.
    app.world_mut().resource_mut::<Now>().mono += Duration::from_secs(1);
    app.update();
    app.update();
    Ok(app.world().resource::<Frame>().0.clone())
}
