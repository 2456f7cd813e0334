//! The report as people at a terminal read it: short, aligned, plain.
//! Invariant: no text in it can steer the terminal; it says the same as the JSON.

use std::fmt::Write;

use super::report::{Device, Freshness, Renderer, Report, Screen};
use crate::domain::visible::clean;

/// How wide the names of the lines are.
const NAME: usize = 10;

/// The report's lines.
pub fn text(report: &Report) -> String {
    let mut lines = vec![("papan", head(report))];
    lines.push(("link", link(report)));
    lines.push(("data", data(report)));
    for screen in &report.screens {
        lines.push(("screen", screen_line(screen)));
        lines.push(("", frames(screen)));
        lines.push(("", stage(screen)));
    }
    lines.push(("sound", sound(report)));
    lines.push(("machine", machine(report)));
    lines.push(("disk", disk(report)));
    match report.problems.len() {
        0 => lines.push(("problems", "none".to_owned())),
        count => lines.push(("problems", count.to_string())),
    }
    let mut all = String::new();
    for (name, text) in lines {
        // Writing into a text does not fail.
        let _ = writeln!(all, "{name:NAME$}{}", clean(&text));
    }
    for problem in &report.problems {
        let _ = writeln!(all, "  {}: {}", clean(&problem.of), clean(&problem.text));
        let _ = writeln!(all, "    since {}", clean(&problem.since));
    }
    all
}

fn head(report: &Report) -> String {
    let safe = if report.safe_mode { ", SAFE MODE: board and running text only" } else { "" };
    let still = match report.answer_age_s {
        age if age >= 5.0 => format!(", NO ANSWER from the drawing loop for {}", span(age as u64)),
        _ => String::new(),
    };
    format!("{}, up {}{safe}{still}", report.version, span(report.uptime_s))
}

fn link(report: &Report) -> String {
    let link = &report.link;
    let Some(server) = &link.server else { return "no queue server is followed".to_owned() };
    let how = if link.connected { "connected to" } else { "CUT OFF from" };
    let demo = if link.demo { " (demo hall)" } else { "" };
    let sequence = link.sequence.map(|sequence| format!(", sequence {sequence}")).unwrap_or_default();
    let losses = match link.losses {
        0 => String::new(),
        losses => format!(", lost {losses} times since the start"),
    };
    format!("{how} {server}{demo} for {}{sequence}{losses}", span(link.since_s))
}

fn data(report: &Report) -> String {
    let age = report.data.age_s.map(|age| span(age as u64)).unwrap_or_default();
    match report.data.freshness {
        Freshness::Waiting => "none yet".to_owned(),
        Freshness::Live => "live".to_owned(),
        Freshness::Stale => format!("STALE: true {age} ago"),
    }
}

fn screen_line(screen: &Screen) -> String {
    let on = match &screen.output {
        Some(output) if *output != screen.name => format!(" on {output}"),
        _ => String::new(),
    };
    match screen.width_px {
        0 => format!("{}{on}, NO PICTURE", screen.name),
        width => format!("{}{on}, {width}x{} at {:.1} Hz", screen.name, screen.height_px, screen.refresh_hz),
    }
}

fn stage(screen: &Screen) -> String {
    match (screen.dark, &*screen.playing) {
        (true, _) => "dark by its hours".to_owned(),
        (false, "") => "playing nothing yet".to_owned(),
        (false, item) => format!("playing {item}"),
    }
}

fn frames(screen: &Screen) -> String {
    format!(
        "{:.0} frames/s, dropped {} in the last minute, {} since the start",
        screen.frames_per_s, screen.dropped_frames_last_minute, screen.dropped_frames
    )
}

fn sound(report: &Report) -> String {
    let sound = &report.sound;
    let volume = format!("volume {:.0} %", sound.volume * 100.0);
    let speaking = if sound.speaking { "speaking" } else { "silent" };
    match sound.device {
        Device::Off => "off".to_owned(),
        Device::Away => format!("NO DEVICE, {volume}, {} waiting", sound.backlog),
        Device::Ready => format!("ready, {volume}, {speaking}, {} waiting", sound.backlog),
    }
}

fn machine(report: &Report) -> String {
    let process = &report.process;
    let renderer = match report.renderer {
        Renderer::Cpu => "drawn by the CPU",
        Renderer::Gpu => "drawn by the GPU",
        Renderer::File => "drawn into a file: no display server",
    };
    let memory = process.memory_bytes.map_or_else(|| "unknown".to_owned(), bytes);
    let number = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
    format!(
        "{renderer}, memory {memory} ({} film processes), {} open files, {} threads",
        process.film_processes,
        number(process.open_files),
        number(process.threads)
    )
}

fn disk(report: &Report) -> String {
    let Some(written) = report.process.written_bytes else { return "unknown".to_owned() };
    let day = report.process.written_bytes_per_day.map(|day| format!(", {} a day", bytes(day)));
    format!("{} written since the start{}", bytes(written), day.unwrap_or_default())
}

/// A size in the unit that suits it.
fn bytes(count: u64) -> String {
    match count {
        0..1_024 => format!("{count} B"),
        1_024..1_048_576 => format!("{:.1} KiB", count as f64 / 1_024.0),
        1_048_576..1_073_741_824 => format!("{:.1} MiB", count as f64 / 1_048_576.0),
        _ => format!("{:.1} GiB", count as f64 / 1_073_741_824.0),
    }
}

/// A time in its two largest units.
fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dark_screen_is_told_from_one_that_shows_nothing_yet() {
        let screen = |dark, playing: &str, width_px| Screen {
            name: "HDMI-A-1".to_owned(),
            dark,
            playing: playing.to_owned(),
            width_px,
            ..Screen::default()
        };
        assert_eq!(stage(&screen(true, "", 1920)), "dark by its hours");
        assert_eq!(stage(&screen(false, "", 1920)), "playing nothing yet");
        assert_eq!(stage(&screen(false, "pages/a.md", 1920)), "playing pages/a.md");
        assert_eq!(screen_line(&screen(false, "", 0)), "HDMI-A-1, NO PICTURE");
    }
}
