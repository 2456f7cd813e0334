//! How the screen is lit: by its schedule, gently; by an emergency, at once.
//! Invariant: an emergency notice is shown fully bright for as long as it stands, whatever the schedule says.

use bevy::prelude::*;

use crate::{
    domain::{
        event::Level,
        lighting::{FULL, Fading},
    },
    state::{Hall, Lit, Motion, Now, Settings},
};

/// The level on its way.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub(super) struct Lamp(Fading);

/// Decides how the screen is lit in this frame; a change asks for frames until it is over.
pub(super) fn light(
    now: Res<Now>,
    settings: Res<Settings>,
    hall: Res<Hall>,
    mut lamp: ResMut<Lamp>,
    mut lit: ResMut<Lit>,
    mut motion: ResMut<Motion>,
) {
    let emergency = hall.notices.iter().any(|notice| notice.level == Level::Emergency);
    let to = match emergency {
        true => FULL,
        false => settings.screen().lighting.level(now.zone.to_datetime(now.wall)),
    };
    let brightness = lamp.step(to, emergency, now.mono);
    lit.set_if_neq(Lit { on: brightness > 0, brightness });
    motion.0 |= brightness != to;
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::{
        config::Config,
        domain::{
            event::{Event, Level, Notice, NoticeId},
            hall::Hall,
            playlist::Playlist,
            schedule::When,
        },
        picture::{DisplayList, pixels::weigh, theme::Theme},
        present::png,
        snapshot::{self, Scene},
        state::Freshness,
    };

    /// What is shown at 20.00 in a hall that is lit from 07.00 to 17.30.
    fn at_night(brightness: f64, scheduled: bool, emergency: bool) -> DisplayList {
        let mut config = Config::default();
        let lighting = &mut config.screens[0].lighting;
        let at: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        lighting.dim =
            vec![(When { hours: vec!["18:00-22:00".parse().unwrap()], ..When::default() }, brightness)];
        if scheduled {
            lighting.on = vec![When { hours: vec!["07:00-17:30".parse().unwrap()], ..When::default() }];
        }
        let mut hall = Hall::default();
        if emergency {
            let (id, text) = (NoticeId("n".into()), "Tinggalkan gedung.".into());
            hall.apply(
                Event::NoticePosted(Notice { id, text, level: Level::Emergency, speak: false, until: None }),
                at,
            );
        }
        let scene = Scene {
            config,
            theme: Theme::default(),
            size: (640, 360),
            hall,
            freshness: Freshness::Live,
            at,
            playlist: Playlist::default(),
            films: None,
            logo: None,
            caption: None,
        };
        snapshot::draw(scene).unwrap()
    }

    #[test]
    fn a_dimmed_screen_has_the_same_picture_with_darker_values() {
        let (bright, dim) =
            (png::pixels(&at_night(1.0, false, false)), png::pixels(&at_night(0.4, false, false)));
        assert!(bright.iter().any(|word| *word != bright[0]));
        for (bright, dim) in bright.iter().zip(&dim) {
            // 168 of 255 is 0.4 of the light.
            assert_eq!(*dim, weigh(*bright, 168) | 0xff00_0000, "{bright:x}");
        }
    }

    #[test]
    fn a_dark_screen_is_one_black_quad() {
        let list = at_night(0.4, true, false);
        assert_eq!(list.quads.len(), 1);
        assert!(png::pixels(&list).iter().all(|word| *word == 0xff00_0000));
    }

    #[test]
    fn an_emergency_lights_a_dark_or_dimmed_screen_fully() {
        let bright = png::pixels(&at_night(1.0, false, true));
        assert!(bright == png::pixels(&at_night(0.4, true, true)), "a dark one");
        assert!(bright == png::pixels(&at_night(0.4, false, true)), "a dimmed one");
    }
}
