//! Today's satisfaction as three bars, each with its word, its share and its count.
//! Invariant: what is drawn says the same without its colours; shares add up to 100; nothing is cut.

use super::{
    Picture, Rect,
    face::Face,
    shape::Canvas,
    text::{Block, Style, Typesetter},
    theme::{Colours, Sizes},
};
use crate::{domain::event::Survey, words::Language};

/// The smallest letters on a tiny wall, in pixels an em.
const LEAST: f32 = 6.0;

/// A survey, and what it is drawn for.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The theme's colours.
    pub colours: &'a Colours,
    /// The theme's sizes, in pixels.
    pub sizes: &'a Sizes,
    /// The screen's language.
    pub language: Language,
    /// The title; where it is empty, the screen's own.
    pub title: &'a str,
    /// The counts.
    pub survey: Survey,
    /// The stage's width × height in pixels.
    pub size: (u32, u32),
}

/// One answer.
struct Row {
    word: Block,
    count: Block,
    share: Block,
    percent: u32,
    colour: super::Colour,
}

/// What is drawn, as large as it fits.
struct Plan {
    pad: f32,
    title: Block,
    rows: Vec<Row>,
    foot: Block,
    /// Thickness of a bar.
    bar: f32,
    /// From a row's words to its bar.
    gap: f32,
    /// Between two rows, at the least.
    between: f32,
}

/// Draws the survey.
pub fn draw(type_: &mut Typesetter, job: Job) -> Picture {
    let mut canvas = Canvas::filled(job.size.0, job.size.1, job.colours.paper);
    // What there is no room for goes: first the date and the sum, then the title.
    let plan = [(true, true), (true, false), (false, false)].into_iter().find_map(|(title, foot)| {
        let mut scale = 1.2_f32;
        loop {
            let least = job.least();
            let done = job.sizes.body * scale <= least;
            let body = (job.sizes.body * scale).max(least);
            if let Some(plan) = job.plan(type_, body, scale, title, foot) {
                return Some(plan);
            }
            if done {
                return None;
            }
            scale *= 0.94;
        }
    });
    if let Some(plan) = plan {
        job.paint(type_, &mut canvas, &plan);
    }
    canvas.finish()
}

/// Shares of a hundred that add up to a hundred: the largest remainders are rounded up.
pub fn percents(counts: [u32; 3]) -> [u32; 3] {
    let total: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    let share = |count: u32| (u64::from(count) * 100).checked_div(total).unwrap_or(0) as u32;
    let rest = |count: u32| (u64::from(count) * 100).checked_rem(total).unwrap_or(0);
    let mut shares = counts.map(share);
    let mut order = [0, 1, 2];
    order.sort_by_key(|index| std::cmp::Reverse(rest(counts[*index])));
    let missing = if total == 0 { 0 } else { 100 - shares.iter().sum::<u32>() };
    order.into_iter().take(missing as usize).for_each(|index| shares[index] += 1);
    shares
}

impl Job<'_> {
    fn least(&self) -> f32 {
        self.sizes.floor.min(self.sizes.body).max(LEAST)
    }

    /// The plan with text of this size; `None` where it does not fit.
    fn plan(&self, type_: &mut Typesetter, body: f32, scale: f32, title: bool, foot: bool) -> Option<Plan> {
        let (width, height) = (self.size.0 as f32, self.size.1 as f32);
        let pad = self.sizes.stage_pad.min(width * 0.067).min(height * 0.08).max(1.0).round();
        let room = width - 2.0 * pad;
        let words = self.language.words();
        let Survey { date, very_satisfied, satisfied, dissatisfied } = self.survey;
        let counts = [very_satisfied, satisfied, dissatisfied];
        let names = [words.very_satisfied, words.satisfied, words.dissatisfied];
        let colours = [self.colours.teal_text, self.colours.teal, self.colours.slate];
        let whole = |block: &Block| !block.cut && block.width <= room;
        let mut rows = Vec::new();
        for (index, percent) in percents(counts).into_iter().enumerate() {
            let word = type_.line(names[index], Style::new(Face::Heading, body).line(1.2));
            let share = type_.line(&format!("{percent}%"), Style::new(Face::Number, body).line(1.2));
            let count = self.language.number(u64::from(counts[index]));
            let count = type_.line(&count, Style::new(Face::Text, body).line(1.2));
            if word.width + share.width + count.width + 1.6 * body > room {
                return None;
            }
            rows.push(Row { word, count, share, percent, colour: colours[index] });
        }
        let title = match title {
            true => {
                let text = if self.title.is_empty() { words.survey } else { self.title };
                let size = (self.sizes.title * scale.min(1.0)).max(body);
                let style = Style::new(Face::Title, size).line(1.06).tracking(-0.022);
                Some(type_.fit(text, style, room, 2, body)).filter(whole)?
            }
            false => Block::default(),
        };
        let foot = match foot {
            true => {
                let total: u64 = counts.iter().map(|count| u64::from(*count)).sum();
                let sum = words.answers.replace("{count}", &self.language.number(total));
                let day = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
                let text = format!("{sum} · {}", self.language.date(&day));
                let least = self.least().min(body * 0.85);
                Some(type_.fit(&text, Style::new(Face::Text, body * 0.85), room, 2, least)).filter(whole)?
            }
            false => Block::default(),
        };
        let (bar, gap, between) = ((0.85 * body).round().max(2.0), (0.28 * body).round(), 0.75 * body);
        let plan = Plan { pad, title, rows, foot, bar, gap, between: between.round() };
        (plan.height() <= height - 2.0 * pad).then_some(plan)
    }

    fn paint(&self, type_: &mut Typesetter, canvas: &mut Canvas, plan: &Plan) {
        let (width, height) = (self.size.0 as f32, self.size.1 as f32);
        let Plan { pad, title, rows, foot, bar, gap, between } = plan;
        let room = width - 2.0 * pad;
        // What is left over is shared by the spaces, up to a measure: the three belong together.
        let spare = (height - 2.0 * pad - plan.height()).max(0.0);
        let more = (spare / (rows.len() as f32 + 1.0)).min(1.4 * between).floor();
        let used = plan.height() + more * plan.spaces();
        let mut y = (pad + (height - 2.0 * pad - used) / 2.0).round();
        if title.lines > 0 {
            type_.draw(canvas, title, *pad, y, self.colours.ink);
            y += title.height + between + more;
        }
        for (number, row) in rows.iter().enumerate() {
            if number > 0 {
                y += between + more;
            }
            let baseline = (y + row.word.baseline).round();
            type_.draw_on(canvas, &row.word, *pad, baseline, self.colours.ink);
            let share = (pad + room - row.share.width).round();
            type_.draw_on(canvas, &row.share, share, baseline, self.colours.ink);
            let widest = rows.iter().map(|row| row.share.width).fold(0.0, f32::max);
            let count = (pad + room - widest - 0.8 * row.count.size - row.count.width).round();
            type_.draw_on(canvas, &row.count, count, baseline, self.colours.teal_text);
            let top = (y + row.word.height + gap).round() as i32;
            let track = Rect::new(*pad as i32, top, room as u32, *bar as u32);
            let radius = bar / 2.0;
            canvas.round(track, radius, self.colours.white);
            let filled = (room * row.percent as f32 / 100.0).round();
            if row.percent > 0 {
                // One that is shorter than its round ends is a disc.
                canvas.round(Rect { w: filled.max(*bar) as u32, ..track }, radius, row.colour);
            }
            y += row.word.height + gap + bar;
        }
        if foot.lines > 0 {
            y += between + more;
            type_.draw(canvas, foot, *pad, y.round(), self.colours.teal_text);
        }
    }
}

impl Plan {
    /// How many spaces there are between title, rows and foot.
    fn spaces(&self) -> f32 {
        let lines = [&self.title, &self.foot].into_iter().filter(|block| block.lines > 0).count();
        (lines + self.rows.len() - 1) as f32
    }

    fn height(&self) -> f32 {
        let rows: f32 = self.rows.iter().map(|row| row.word.height + self.gap + self.bar).sum();
        self.title.height + rows + self.foot.height + self.between * self.spaces()
    }
}

#[cfg(test)]
mod tests;
