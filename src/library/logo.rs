//! The hall's logo, read off the frame. Invariant: whatever the file is, the screen starts without it.

use std::{
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, sync_channel},
    },
    thread,
};

use bevy::{platform::cell::SyncCell, prelude::*};
use image::{DynamicImage, ImageError, ImageReader, Limits};

use crate::state::{Logo, Settings, Step, Wake};

/// A logo's sides are at most this many pixels long in its file.
const MOST_SIDE: u32 = 8_192;
/// What is kept of it: the largest mark, on a glass 3840 pixels high, is smaller.
const KEPT_SIDE: u32 = 512;

#[derive(Resource)]
struct Incoming(SyncCell<Receiver<DynamicImage>>);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Logo>()
        .add_systems(PreStartup, start)
        .add_systems(PreUpdate, receive.in_set(Step::Receive).run_if(resource_exists::<Incoming>));
}

fn start(mut commands: Commands, settings: Res<Settings>, wake: Option<Res<Wake>>) {
    let Some(path) = settings.hall.logo.clone() else { return };
    let wake = wake.as_deref().cloned().unwrap_or_default();
    let (decoded, incoming) = sync_channel(1);
    let read = move || match read(&path) {
        Ok(image) => {
            // Nobody waits for it any more where the program ends.
            let _ = decoded.send(image);
            (wake.0)();
        }
        Err(error) => warn!("the logo {} is not shown: {error}", path.display()),
    };
    match thread::Builder::new().name("logo".into()).spawn(read) {
        Ok(_) => commands.insert_resource(Incoming(SyncCell::new(incoming))),
        Err(error) => warn!("the logo is not shown: {error}"),
    }
}

/// Reads a logo: PNG, JPEG or WebP, kept at most 512 × 512 pixels large.
///
/// # Errors
/// The file cannot be read, is no picture, or is too large.
pub fn read(path: &Path) -> Result<DynamicImage, ImageError> {
    let mut reader = ImageReader::open(path)?.with_guessed_format()?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MOST_SIDE), Some(MOST_SIDE));
    reader.limits(limits);
    let image = reader.decode()?;
    let large = image.width().max(image.height()) > KEPT_SIDE;
    Ok(if large { image.thumbnail(KEPT_SIDE, KEPT_SIDE) } else { image })
}

fn receive(mut commands: Commands, mut incoming: ResMut<Incoming>, mut logo: ResMut<Logo>) {
    if let Ok(image) = incoming.0.get().try_recv() {
        logo.0 = Some(Arc::new(image));
        commands.remove_resource::<Incoming>();
    }
}
