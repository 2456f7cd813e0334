//! `papan testcard`: whether an output shows every pixel. Invariant: with `--out` no display server is needed.

use std::process::ExitCode;

use papan::{
    app::testcard::{TestCards, testcards},
    cli::{SiteArgs, TestcardArgs},
    config::{Config, Screen},
    picture::{
        DisplayList, Quad, Rect,
        testcard::{self, Card},
        text::Typesetter,
    },
    present::{display_server, png},
};

use super::{Failure, code_of, log, settings, theme};

/// The size of the picture where nobody says.
const USUAL: (u32, u32) = (1920, 1080);

/// Writes the card to a file, or shows it on each output until a key is pressed.
pub fn run(args: TestcardArgs) -> Result<ExitCode, Failure> {
    let site = SiteArgs { config: args.config.clone(), playlist: None };
    let config = settings(&site, None, None)?;
    let theme = theme(&config)?;
    let known = config.screens.iter().any(|screen| screen.output == args.output);
    if let Some(name) = args.output.as_ref().filter(|_| !known && args.config.is_some()) {
        let all: Vec<&str> = config.screens.iter().filter_map(|s| s.output.as_deref()).collect();
        return Err(format!(
            "no [[screen]] of the config has output = \"{name}\" (there are: {})",
            all.join(", ")
        )
        .into());
    }
    let Some(path) = &args.out else {
        if !display_server() {
            return Err(
                "no display server answers: start it where WAYLAND_DISPLAY or DISPLAY is set, or write the \
                        picture to a file: papan testcard --out card.png --size 1920x1080"
                    .into(),
            );
        }
        let cards =
            TestCards { config, theme, only: args.output, seconds: args.seconds, renderer: args.renderer };
        return Ok(code_of(testcards(cards, log())?.run()));
    };
    let card = card(&config, args.output, args.size);
    let (width, height) = card.size;
    let picture = testcard::draw(&mut Typesetter::default(), &theme, &card);
    png::write(&DisplayList { width, height, quads: vec![Quad::picture(&picture, 0, 0)] }, path)?;
    Ok(ExitCode::SUCCESS)
}

/// The card of the screen on this output, or of the first one.
fn card(config: &Config, output: Option<String>, size: Option<(u32, u32)>) -> Card {
    let usual = Screen::default();
    let mut screens = config.screens.iter();
    let screen = match &output {
        Some(_) => screens.find(|screen| screen.output == output),
        None => screens.next(),
    };
    let screen = screen.unwrap_or(&usual);
    let region = screen.region.map(|r| Rect::new(r.x as i32, r.y as i32, r.width, r.height));
    let turn = screen.rotation;
    let own = region.map(|r| turn.size((r.w, r.h))).unwrap_or(turn.size(USUAL));
    let (width, height) = size.unwrap_or(own);
    let name = output.or_else(|| screen.output.clone()).unwrap_or_default();
    Card {
        name,
        region,
        rotation: turn.degrees(),
        height_mm: screen.height_mm,
        ..Card::new(width, height, config.hall.language)
    }
}
