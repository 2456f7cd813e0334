//! What is on the glass: each part draws its picture when its data change, and all together make one display
//! list a frame. Invariant: a frame in which nothing changed draws nothing.

use bevy::prelude::*;

use crate::{picture::Picture, state::Step};

mod arrange;
mod board;
mod callout;
mod caption;
mod compose;
mod header;
mod light;
mod notice;
mod row;
mod ticker;

pub use arrange::Arranged;

/// Draws the screen into `state::Frame`.
pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<header::Header>()
        .init_resource::<board::Board>()
        .init_resource::<callout::CallOut>()
        .init_resource::<caption::Caption>()
        .init_resource::<notice::Notices>()
        .init_resource::<ticker::Strip>()
        .init_resource::<arrange::Easel>()
        .init_resource::<Arranged>()
        .init_resource::<light::Lamp>()
        .init_resource::<crate::state::Lit>()
        .add_systems(
            Update,
            (
                (arrange::arrange, light::light).chain().in_set(Step::Apply).after(crate::state::Scheduled),
                (
                    header::draw,
                    board::draw,
                    caption::draw,
                    callout::draw,
                    notice::draw,
                    ticker::draw,
                    compose::compose,
                )
                    .chain()
                    .in_set(Step::Draw),
            ),
        );
}

/// A picture that is kept as long as what it shows stays the same.
#[derive(Debug)]
struct Kept<K> {
    drawn: Option<(K, Picture)>,
}

impl<K> Default for Kept<K> {
    fn default() -> Self {
        Self { drawn: None }
    }
}

impl<K: PartialEq> Kept<K> {
    /// The picture of `key`, drawn only where the last one was of another.
    fn get(&mut self, key: K, draw: impl FnOnce(&K) -> Picture) -> Picture {
        match &self.drawn {
            Some((kept, picture)) if *kept == key => picture.clone(),
            _ => {
                let picture = draw(&key);
                self.drawn = Some((key, picture.clone()));
                picture
            }
        }
    }
}
