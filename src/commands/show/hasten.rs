//! `--speed`: the program's time passes faster, for a test. Invariant: no hall's own queue server is ever followed so.

use std::net::IpAddr;

use jiff::Timestamp;
use papan::{clock, link::address::Address};

use crate::commands::Failure;

/// Lets the program's time pass faster, for a test. A hall's own queue server is told when its calls were heard, so
/// this is for one on this machine alone: in a real hall it is an error, not a wrong clock.
pub fn hasten(speed: u32, from: Option<Timestamp>, queue: Option<&str>) -> Result<(), Failure> {
    let host = queue.map(|url| Address::new(url, "")).transpose()?.map(|address| address.host);
    let here = |host: &str| host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if host.as_deref().is_some_and(|host| !here(host)) {
        return Err(
            "--speed is for tests, with the demo hall or a queue server at 127.0.0.1: leave it out".into()
        );
    }
    eprintln!("papan: for a test, time passes {speed} times as fast: the clock on the screen is wrong");
    clock::hasten(speed, from.unwrap_or_else(Timestamp::now));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_real_queue_server_is_followed_in_a_hurry() {
        for url in [
            "wss://antrean.example/events",
            "ws://10.0.0.7:8080/",
            "ws://0.0.0.0/",
            "ws://localhost.example/",
        ] {
            assert!(hasten(60, None, Some(url)).is_err(), "{url}");
        }
        assert_eq!(clock::speed(), 1);
    }
}
