//! The token is in no line of the log, at the lowest level, whatever happens with it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

mod common;

use std::{
    fs, io,
    sync::{Mutex, PoisonError},
};

use bevy::{
    app::App,
    log::{Level, LogPlugin, tracing_subscriber},
};
use common::{Display, Server, scene};

/// Everything that was logged.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct ToLog;

impl io::Write for ToLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_token_is_in_no_line_of_the_log() {
    let mut app = App::new();
    app.add_plugins(LogPlugin {
        filter: "trace".into(),
        level: Level::TRACE,
        fmt_layer: |_| Some(Box::new(tracing_subscriber::fmt::Layer::default().with_writer(|| ToLog))),
        ..LogPlugin::default()
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let server = Server::start();
    let url = server.url().replace("ws://", "ws://user:hush-user@") + "?key=hush-query";
    fs::write(&file, "hush-token").unwrap();
    let mut display = Display::with(&url, |o| o.queue.token_file = Some(file.clone()));
    display.update();
    server.answer("HTTP/1.1 401 Unauthorized\r\n\r\n");
    let mut peer = server.accept();
    assert_eq!(peer.header("authorization"), Some("Bearer hush-token"));
    peer.snapshot(1, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
    fs::write(&file, "hush token\nwith a line end").unwrap();
    peer.close();
    display.until("the loss is seen", |d| d.status().losses == 1);
    let logged = || String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
    display.until("the unusable token is told", |_| logged().contains("characters that a token cannot have"));
    let log = logged();
    assert!(log.contains("the server answered 401"), "{log}");
    assert!(
        log.contains("TRACE") && log.contains("tungstenite"),
        "the libraries' lowest level is looked at too"
    );
    let told: Vec<_> = log.lines().filter(|line| line.contains("hush")).collect();
    assert!(told.is_empty(), "{told:#?}");
}
