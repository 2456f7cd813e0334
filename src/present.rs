//! The display list onto the glass: in a window by the CPU or by the GPU, or into a file. The only place that
//! knows a window. Invariant: what is on the glass is the newest `state::Frame`, whoever put it there.

pub mod blend;
mod count;
pub mod gpu;
mod headless;
mod outputs;
mod pace;
pub mod png;
mod server;
mod software;
mod window;

use std::path::PathBuf;

use bevy::prelude::*;

pub use server::display_server;

use crate::state::{DrawnBy, FilmForm, OnGlass, Reached};

/// What puts the display list on the glass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Renderer {
    /// The GPU where a real one answers, else the CPU.
    #[default]
    Auto,
    /// The CPU: only what changed is drawn and shown; no GPU driver is loaded.
    Software,
    /// The GPU, by bevy's renderer.
    Gpu,
}

/// Where the glass is.
#[derive(Debug, Clone)]
pub enum Output {
    /// A window.
    Window {
        /// What draws in it.
        renderer: Renderer,
        /// Its width × height in physical pixels; `None`: full-screen, or half the monitor.
        size: Option<(u32, u32)>,
        /// Whether it is a window among others.
        windowed: bool,
    },
    /// A window that stays open until what is in it says otherwise: closing it is only asked for.
    Desk {
        /// What draws in it.
        renderer: Renderer,
        /// Its width × height in physical pixels; `None`: what suits a small laptop.
        size: Option<(u32, u32)>,
    },
    /// A PNG file, written once a second.
    Png {
        /// The file.
        path: PathBuf,
        /// Width × height in pixels.
        size: (u32, u32),
    },
}

/// Adds what shows `state::Frame`, and says what a film's frames are made into for it.
///
/// # Errors
/// A GPU was asked for and there is none.
pub(crate) fn add(app: &mut App, output: &Output) -> Result<(), gpu::Error> {
    app.init_resource::<OnGlass>().add_plugins(count::plugin);
    let mut form = FilmForm::Pixels;
    app.init_resource::<Reached>();
    match output {
        Output::Window { renderer, size, windowed } => {
            window::add(app, *size, *windowed);
            form = draw_by(app, *renderer)?;
        }
        Output::Desk { renderer, size } => {
            window::add_desk(app, *size);
            form = draw_by(app, *renderer)?;
        }
        Output::Png { path, size } => headless::add(app, path.clone(), *size),
    }
    app.insert_resource(form);
    let drawn_by = match (output, form) {
        (Output::Png { .. }, _) => DrawnBy::File,
        (_, FilmForm::Planes) => DrawnBy::Gpu,
        (_, FilmForm::Pixels) => DrawnBy::Cpu,
    };
    app.insert_resource(drawn_by);
    Ok(())
}

/// Adds what draws in the window, and says what a film's frames are made into for it.
fn draw_by(app: &mut App, renderer: Renderer) -> Result<FilmForm, gpu::Error> {
    let gpu = match renderer {
        Renderer::Auto => gpu::available(),
        Renderer::Software => false,
        Renderer::Gpu => true,
    };
    if gpu {
        info!("drawing by the GPU");
        gpu::plugins(app)?;
        return Ok(FilmForm::Planes);
    }
    info!("drawing by the CPU");
    app.add_plugins(software::plugin);
    Ok(FilmForm::Pixels)
}
