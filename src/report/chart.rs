//! Charts of a report as SVG, a part of its page. Pure.
//! Invariant: each says in words what it shows, and no bar is without its number.

use std::fmt::Write;

use super::html::escaped;

/// A chart's width, in its own units.
const WIDTH: u32 = 960;
/// Room for names, and for numbers.
const NAMES: u32 = 330;
const NUMBERS: u32 = 110;

/// A bar: its name, its length, what of it is another part, and what it says.
pub(super) struct Bar {
    pub name: String,
    pub length: u64,
    /// Of its length, from its beginning on.
    pub first: u64,
    pub says: String,
}

/// Bars that lie below each other, each with its name and what it says.
pub(super) fn lying(label: &str, bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.length).max().unwrap_or(0).max(1);
    let row = 30;
    let height = bars.len() as u32 * row;
    let mut svg = begin(label, height);
    for (number, bar) in (0_u32..).zip(bars) {
        let y = number * row;
        let length = part(bar.length, most, WIDTH - NAMES - NUMBERS);
        let (name, says) = (escaped(&short(&bar.name, 40)), escaped(&bar.says));
        let whole = escaped(&bar.name);
        let _ = write!(
            svg,
            "<g><title>{whole}: {says}</title><text x=\"{x}\" y=\"{base}\" text-anchor=\"end\">{name}</text>\
             <rect class=\"bar\" x=\"{NAMES}\" y=\"{top}\" width=\"{length}\" height=\"18\" rx=\"3\"/>\
             <text class=\"number\" x=\"{end}\" y=\"{base}\">{says}</text></g>",
            x = NAMES - 12,
            base = y + 20,
            top = y + 6,
            end = NAMES + length + 8,
        );
    }
    svg + "</svg>"
}

/// Bars that stand beside each other; where there are many, not each has its name written.
pub(super) fn standing(label: &str, bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.length).max().unwrap_or(0).max(1);
    let (high, count) = (170, bars.len().max(1) as u32);
    let mut svg = begin(label, high + 52);
    let _ = write!(svg, "<line x1=\"0\" y1=\"{y}\" x2=\"{WIDTH}\" y2=\"{y}\"/>", y = high + 20);
    let step = f64::from(WIDTH) / f64::from(count);
    let width = (step * 0.72).min(64.0);
    // A name needs so much room.
    let names = (64.0 / step).ceil().max(1.0) as usize;
    let numbers = (56.0 / step).ceil().max(1.0) as usize;
    for (number, bar) in bars.iter().enumerate() {
        let middle = step * (number as f64 + 0.5);
        let (length, first) = (part(bar.length, most, high), part(bar.first, most, high));
        let top = high + 20 - length;
        let (name, says) = (escaped(&bar.name), escaped(&bar.says));
        let _ = write!(
            svg,
            "<g><title>{name}: {says}</title>\
             <rect class=\"rest\" x=\"{x:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{rest}\"/>\
             <rect class=\"bar\" x=\"{x:.1}\" y=\"{below}\" width=\"{width:.1}\" height=\"{first}\"/>",
            x = middle - width / 2.0,
            rest = length - first.min(length),
            below = high + 20 - first,
        );
        if number % numbers == 0 && bar.length > 0 {
            let _ = write!(
                svg,
                "<text class=\"number\" x=\"{middle:.1}\" y=\"{y}\" text-anchor=\"middle\">{says}</text>",
                y = top - 6,
            );
        }
        if number % names == 0 {
            let _ = write!(
                svg,
                "<text x=\"{middle:.1}\" y=\"{y}\" text-anchor=\"middle\">{name}</text>",
                y = high + 42
            );
        }
        svg.push_str("</g>");
    }
    svg + "</svg>"
}

fn begin(label: &str, height: u32) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\" xmlns=\"http://www.w3.org/2000/svg\">",
        escaped(label)
    )
}

/// A length out of so many; what is more than nothing can be seen.
fn part(length: u64, most: u64, of: u32) -> u32 {
    let share = (u128::from(length) * u128::from(of) / u128::from(most.max(1))) as u32;
    if length > 0 { share.max(1) } else { 0 }
}

/// A name of so many characters at the most; its end tells more than its beginning, as of a file.
fn short(name: &str, most: usize) -> String {
    let count = name.chars().count();
    if count <= most {
        return name.to_owned();
    }
    ['…'].into_iter().chain(name.chars().skip(count + 1 - most)).collect()
}
