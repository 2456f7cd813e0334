//! The page of a report: one file that needs no network, to be read, printed and kept. Pure.
//! Invariant: whatever an item is named, it is text on the page and nothing else.

use std::fmt::Write;

use jiff::{civil::Date, tz::TimeZone};

use super::{
    chart::{Bar, lying, standing},
    tally::{Sum, Tally},
    words::{self, Words},
};
use crate::{config::Hall, playlog::read::Unread, words::Language};

/// So many items have a bar of their own; the table has all.
const MOST_BARS: usize = 20;

const STYLE: &str = "
:root { --ink: #0c2230; --teal: #0f766e; --paper: #f6f3ec; --slate: #3c505b; --line: #d5d0c4; --rest: #b45309; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 'Plus Jakarta Sans', system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 40px 32px 64px; }
h1 { font-size: 32px; line-height: 1.15; margin: 0 0 4px; } h2 { font-size: 21px; margin: 0 0 4px; }
header p, section > p { margin: 0 0 16px; color: var(--slate); }
.sums { display: grid; grid-template-columns: repeat(3, 1fr); gap: 12px; margin: 24px 0 32px; }
.sums div { background: #fff; border-radius: 12px; padding: 14px 18px; }
.sums dt { color: var(--slate); font-size: 14px; } .sums dd { margin: 0; font-size: 26px; font-weight: 700; line-height: 1.25; font-variant-numeric: tabular-nums; }
section { background: #fff; border-radius: 12px; padding: 22px 24px; margin: 0 0 20px; break-inside: avoid; }
section.long { break-inside: auto; }
svg { width: 100%; height: auto; display: block; } svg text { font-size: 15px; fill: var(--ink); } svg .number { font-size: 14px; fill: var(--slate); font-variant-numeric: tabular-nums; }
svg .bar { fill: var(--teal); } svg .rest { fill: var(--rest); } svg line { stroke: var(--line); stroke-width: 1.5; }
.scroll { overflow-x: auto; } table { width: 100%; border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; margin-top: 16px; }
th, td { text-align: right; padding: 6px; border-bottom: 1px solid var(--line); vertical-align: top; } th { color: var(--slate); font-weight: 600; }
.name { text-align: left; overflow-wrap: anywhere; width: 32%; } .kind { text-align: left; } thead th { vertical-align: bottom; } tfoot td { font-weight: 700; border-bottom: 0; }
thead { display: table-header-group; } tr { break-inside: avoid; }
.key { display: flex; gap: 20px; margin: 0 0 10px; } .key i { display: inline-block; width: 12px; height: 12px; margin-right: 6px; background: var(--teal); } .key .rest { background: var(--rest); }
footer { color: var(--slate); font-size: 14px; } footer li { color: var(--ink); }
@media print { @page { size: A4; margin: 14mm; } body { background: #fff; font-size: 12px; } main { padding: 0; max-width: none; } section, .sums div { border: 1px solid var(--line); } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } table { font-size: 11px; } }
";

/// A text as HTML has it, also within an attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

/// The page of a report about a hall.
pub(super) fn page(hall: &Hall, tally: &Tally, unread: &Unread) -> String {
    let page = Page { language: hall.language, words: words::of(hall.language), tally };
    let words = page.words;
    let (name, organization) = (escaped(&hall.name), escaped(&hall.organization));
    let between = if organization.is_empty() { "" } else { " · " };
    let days = format!("{} {} {}", page.date(tally.from), words.to, page.date(tally.to));
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title} · {name} · {from} – {to}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <header><h1>{title}</h1><p>{name}{between}{organization}<br>{days}</p></header>\n",
        code = words.code,
        title = words.title,
        from = tally.from,
        to = tally.to,
    );
    page.sums(&mut html);
    page.items(&mut html);
    page.days(&mut html);
    page.calls(&mut html);
    let _ = write!(html, "<footer><p>{}</p>", words.how);
    let told = words.unread(unread);
    if !told.is_empty() {
        let told: String = told.iter().map(|line| format!("<li>{}</li>", escaped(line))).collect();
        let _ = write!(html, "<ul>{told}</ul>");
    }
    html + "</footer>\n</main>\n</body>\n</html>\n"
}

struct Page<'a> {
    language: Language,
    words: &'static Words,
    tally: &'a Tally,
}

impl Page<'_> {
    fn number(&self, number: u64) -> String {
        self.language.number(number)
    }

    fn date(&self, date: Date) -> String {
        date.to_zoned(TimeZone::UTC).map_or_else(|_| date.to_string(), |day| self.language.date(&day))
    }

    fn sums(&self, html: &mut String) {
        let (words, sum) = (self.words, self.tally.total());
        let calls: u64 = self.tally.calls.values().map(|calls| calls.called).sum();
        let spoken: u64 = self.tally.calls.values().map(|calls| calls.spoken).sum();
        let all = [
            (words.turns, self.number(sum.shown)),
            (words.time, clock(sum.ms)),
            (words.complete, share(sum.complete, sum.shown)),
            (words.skipped, self.number(sum.skipped)),
            (words.calls, self.number(calls)),
            (words.spoken, share(spoken, calls)),
        ];
        html.push_str("<dl class=\"sums\">");
        for (name, says) in all {
            let _ = write!(html, "<div><dt>{name}</dt><dd>{says}</dd></div>");
        }
        html.push_str("</dl>\n");
    }

    fn items(&self, html: &mut String) {
        let words = self.words;
        let sums = self.tally.by_item();
        let _ = write!(html, "<section class=\"long\"><h2>{}</h2>", words.by_item);
        if sums.is_empty() {
            let _ = write!(html, "<p>{}</p></section>", words.none);
            return;
        }
        let _ = write!(html, "<p>{}</p>", words.by_item_text);
        let bar = |name: &str, ms: u64| Bar { name: name.to_owned(), length: ms, first: ms, says: clock(ms) };
        // One that would stand alone among the others may stand by itself.
        let own = if sums.len() > MOST_BARS + 1 { MOST_BARS } else { sums.len() };
        let mut bars: Vec<Bar> = sums[..own].iter().map(|(item, sum)| bar(&item.name, sum.ms)).collect();
        if own < sums.len() {
            let name = format!("{} ({})", words.others, self.number((sums.len() - own) as u64));
            bars.push(bar(&name, sums[own..].iter().map(|(_, sum)| sum.ms).fold(0, u64::saturating_add)));
        }
        html.push_str(&lying(words.by_item_text, &bars));
        let heads: String = self.heads().into_iter().map(|head| format!("<th>{head}</th>")).collect();
        let _ = write!(
            html,
            "<div class=\"scroll\"><table id=\"items\"><thead><tr><th class=\"name\">{}</th><th class=\"kind\">{}</th>{heads}</tr></thead><tbody>",
            words.item, words.kind
        );
        for (item, sum) in &sums {
            let (name, kind) = (escaped(&item.name), escaped(words.kind_of(&item.content)));
            let _ = write!(
                html,
                "<tr><td class=\"name\">{name}</td><td class=\"kind\">{kind}</td>{}</tr>",
                self.cells(sum)
            );
        }
        let _ = write!(
            html,
            "</tbody><tfoot><tr><td class=\"name\" colspan=\"2\">{}</td>{}</tr></tfoot></table></div></section>",
            words.all,
            self.cells(&self.tally.total())
        );
    }

    fn heads(&self) -> [&'static str; 8] {
        let words = self.words;
        let [schedule, changed, failed, stopped] = words.cut;
        [words.turns, words.complete, words.time, schedule, changed, failed, stopped, words.skipped]
    }

    fn cells(&self, sum: &Sum) -> String {
        let [schedule, changed, failed, stopped] = sum.cut;
        let number = |number: u64| format!("<td>{}</td>", self.number(number));
        let time = format!("<td data-ms=\"{}\">{}</td>", sum.ms, clock(sum.ms));
        let cut = [schedule, changed, failed, stopped, sum.skipped].map(number).concat();
        number(sum.shown) + &number(sum.complete) + &time + &cut
    }

    /// A day on an axis.
    fn short(&self, date: Date) -> String {
        date.to_zoned(TimeZone::UTC).map_or_else(|_| date.to_string(), |day| self.language.short_date(&day))
    }

    fn days(&self, html: &mut String) {
        let words = self.words;
        let days = self.tally.by_day();
        if self.tally.items.is_empty() {
            return;
        }
        let bars: Vec<Bar> = days
            .iter()
            .map(|(day, sum, _)| {
                let says = format!("{} {}", tenths(sum.ms, self.language), words.hours);
                Bar { name: self.short(*day), length: sum.ms, first: sum.ms, says }
            })
            .collect();
        let _ = write!(
            html,
            "<section class=\"long\"><h2>{}</h2><p>{}</p>{}",
            words.by_day,
            words.by_day_text,
            standing(words.by_day_text, &bars)
        );
        let heads: String = self.heads().into_iter().map(|head| format!("<th>{head}</th>")).collect();
        let _ = write!(
            html,
            "<div class=\"scroll\"><table id=\"days\"><thead><tr><th class=\"name\">{}</th>{heads}</tr></thead><tbody>",
            words.day
        );
        for (day, sum, _) in &days {
            let _ = write!(html, "<tr><td class=\"name\">{}</td>{}</tr>", self.date(*day), self.cells(sum));
        }
        html.push_str("</tbody></table></div></section>\n");
    }

    fn calls(&self, html: &mut String) {
        let words = self.words;
        let _ = write!(html, "<section><h2>{}</h2>", words.calls_by_day);
        if self.tally.calls.is_empty() {
            let _ = write!(html, "<p>{}</p></section>", words.no_calls);
            return;
        }
        let bars: Vec<Bar> = self
            .tally
            .by_day()
            .iter()
            .map(|(day, _, calls)| {
                let says = self.number(calls.called);
                Bar { name: self.short(*day), length: calls.called, first: calls.spoken, says }
            })
            .collect();
        let _ = write!(
            html,
            "<p class=\"key\"><span><i></i>{}</span><span><i class=\"rest\"></i>{}</span></p>{}",
            words.spoken,
            words.not_spoken,
            standing(words.calls_by_day, &bars)
        );
        let _ = write!(
            html,
            "<div class=\"scroll\"><table id=\"calls\"><thead><tr><th class=\"name\">{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>",
            words.day, words.calls, words.spoken, words.not_spoken
        );
        for (day, calls) in &self.tally.calls {
            let not = calls.called - calls.spoken;
            let numbers =
                [calls.called, calls.spoken, not].map(|n| format!("<td>{}</td>", self.number(n))).concat();
            let _ = write!(html, "<tr><td class=\"name\">{}</td>{numbers}</tr>", self.date(*day));
        }
        html.push_str("</tbody></table></div></section>\n");
    }
}

/// Hours, minutes and seconds: `1:02:03`.
fn clock(ms: u64) -> String {
    let seconds = ms.saturating_add(500) / 1_000;
    format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// Hours with one digit after the point, or the comma.
fn tenths(ms: u64, language: Language) -> String {
    let tenths = ms.saturating_add(180_000) / 360_000;
    let point = if language == Language::Indonesian { ',' } else { '.' };
    format!("{}{point}{}", tenths / 10, tenths % 10)
}

/// A share in whole percent; rounded down, so that a hundred means all.
fn share(part: u64, whole: u64) -> String {
    (part * 100).checked_div(whole).map_or_else(|| "–".to_owned(), |percent| format!("{percent}%"))
}
