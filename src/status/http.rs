//! Hands the figures out over HTTP, on this machine alone.
//! Invariant: the listener is on 127.0.0.1 whatever is written anywhere, and a guest that is slow waits by itself.
//!
//! No HTTP library here: those for threads put no limit on how many connections there are and how long each takes,
//! and all that is asked for is one page.

use std::{
    io::Write,
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Weak},
    thread,
    time::{Duration, Instant},
};

use bevy::log::{info, warn};

use super::{
    desk::Desk,
    guests::{self, Guest, Socket},
    metrics,
};
use crate::state::{Said, Standing};

/// How long a request may take to come, and how long it is.
const ASKING: Duration = Duration::from_secs(2);
const LONGEST: usize = 16 << 10;
/// How often a port that is taken is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// How often the end of the program is looked for meanwhile.
const LOOK: Duration = Duration::from_millis(500);

/// Hands out what lies on the desk for as long as that is there.
pub fn serve(desk: &Weak<Desk>, port: u16, standing: &Standing) {
    let mut told = false;
    while desk.strong_count() > 0 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
        match listener {
            Ok(listener) => {
                standing.say([]);
                info!("metrics: http://127.0.0.1:{port}/metrics");
                let (theirs, alive) = (desk.clone(), desk.clone());
                guests::serve(
                    &listener,
                    "metrics guest",
                    || alive.strong_count() > 0,
                    move |guest| {
                        if let Some(desk) = theirs.upgrade() {
                            answer(&desk, guest);
                        }
                    },
                );
            }
            Err(error) => {
                if !std::mem::replace(&mut told, true) {
                    warn!("metrics: port {port} on 127.0.0.1 cannot be had: {error}; it is tried again");
                }
                standing.say([taken(port, &error)]);
                let begun = Instant::now();
                while begun.elapsed() < RETRY && desk.strong_count() > 0 {
                    thread::sleep(LOOK);
                }
            }
        }
    }
}

fn taken(port: u16, error: &std::io::Error) -> Said {
    Said::new(
        format!(
            "metrik: port {port} di 127.0.0.1 tidak bisa dipakai ({error}); tulis port lain di [metrics] port, lihat siapa yang memakainya: ss -ltnp"
        ),
        format!(
            "metrics: port {port} on 127.0.0.1 cannot be had ({error}); write another one in [metrics] port, see who has it: ss -ltnp"
        ),
    )
}

/// Answers one request, and ends the connection.
fn answer<S: Socket>(desk: &Arc<Desk>, guest: &mut Guest<S>) {
    let Ok(asked) = guest.ask(b"\r\n\r\n", LONGEST, ASKING) else { return };
    let asked = String::from_utf8_lossy(&asked);
    let (status, kind, body) = page(desk, &asked);
    let more = if status.starts_with("405") { "Allow: GET, HEAD\r\n" } else { "" };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{more}Connection: close\r\n\r\n",
        body.len()
    );
    let body = if asked.starts_with("HEAD ") { "" } else { body.as_str() };
    // It fails where the guest has gone.
    let _ = guest.write_all(head.as_bytes()).and_then(|()| guest.write_all(body.as_bytes()));
}

/// The answer's status, kind and text.
fn page(desk: &Desk, asked: &str) -> (&'static str, &'static str, String) {
    let said = |status, text: &str| (status, "text/plain; charset=utf-8", format!("{text}\n"));
    let mut line = asked.lines().next().unwrap_or_default().split(' ');
    let (method, target) = (line.next().unwrap_or_default(), line.next().unwrap_or_default());
    if !line.next().is_some_and(|version| version.starts_with("HTTP/1.")) {
        return said("400 Bad Request", "this is no HTTP/1.1 request");
    }
    if !["GET", "HEAD"].contains(&method) {
        return said("405 Method Not Allowed", "only GET and HEAD");
    }
    if target.split('?').next() != Some("/metrics") {
        return said("404 Not Found", "the figures are at /metrics");
    }
    let Some(report) = desk.report() else {
        return said("503 Service Unavailable", "the drawing loop has told nothing yet");
    };
    let accept = asked.lines().filter_map(|line| line.split_once(':'));
    let open = accept
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("accept"))
        .any(|(_, kinds)| kinds.contains("application/openmetrics-text"));
    let (kind, text) = match open {
        true => (metrics::OPEN_METRICS, metrics::open_metrics(&report)),
        false => (metrics::PLAIN, metrics::plain(&report)),
    };
    match text {
        Ok(text) => ("200 OK", kind, text),
        Err(_) => said("500 Internal Server Error", "the figures cannot be written"),
    }
}
