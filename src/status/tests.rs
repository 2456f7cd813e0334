//! The plugin with a frame that is stepped by hand, asked over a real socket and a real port.
//! Invariant: what is waited for has a deadline.

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    time::Instant,
};

use jiff::{Timestamp, tz::TimeZone};

use super::{client::Error, *};
use crate::{
    config::{Config, Metrics},
    domain::{announcement::What, event},
    picture::{Colour, DisplayList, Quad, Rect, place},
    state::{Glass, Placed, Screens},
};

const DEADLINE: Duration = Duration::from_secs(20);

fn pixels(list: &DisplayList) -> Vec<u32> {
    (0..list.width * list.height).collect()
}

fn png(width: u32, height: u32, pixels: &[u32]) -> Result<Vec<u8>, String> {
    Ok(format!("{width} {height} {pixels:?}").into_bytes())
}

fn at(x: i32) -> place::Place {
    place::Place { at: Rect::new(x, 0, 2, 2), ..default() }
}

fn app(socket: &Path, config: Config) -> App {
    let mut app = App::new();
    app.insert_resource(Settings(Arc::new(config)))
        .insert_resource(Now { wall: Timestamp::now(), mono: Duration::ZERO, zone: TimeZone::UTC })
        .insert_resource(Glass { width: 4, height: 2, ..default() })
        .insert_resource(Screens(vec![
            Placed { name: "DP-1".into(), place: Some(at(0)), ..default() },
            Placed { name: "2".into(), output: Some("DP-2".into()), place: Some(at(2)), ..default() },
            Placed { name: "DP-3".into(), ..default() },
        ]))
        .insert_resource(Pictures(Pencil { pixels, png }))
        .insert_resource(ControlSocket(Some(socket.to_owned())))
        .add_plugins(plugin)
        .add_systems(Update, |mut glass: ResMut<OnGlass>| {
            let quads = vec![Quad::fill(Colour::hex(0), Rect::new(0, 0, 4, 2))];
            glass.answer(Some(&DisplayList { width: 4, height: 2, quads }));
        });
    app.update();
    app
}

/// A frame two seconds later, which tells anew how it is.
fn later(app: &mut App) {
    app.world_mut().resource_mut::<Now>().mono += Duration::from_secs(2);
    app.update();
}

/// Steps frames while a guest asks.
fn while_asked<T: Send + 'static>(app: &mut App, ask: impl FnOnce() -> T + Send + 'static) -> T {
    let guest = thread::spawn(ask);
    let begun = Instant::now();
    while !guest.is_finished() {
        assert!(begun.elapsed() < DEADLINE, "the guest waits for ever");
        app.update();
        thread::park_timeout(Duration::from_millis(2));
    }
    guest.join().unwrap()
}

fn listening(socket: &Path) {
    let begun = Instant::now();
    while socket::call(socket).is_err() {
        assert!(begun.elapsed() < DEADLINE, "nobody listens");
        thread::park_timeout(Duration::from_millis(2));
    }
}

fn asked<T: Send + 'static>(
    app: &mut App,
    socket: &Path,
    ask: impl FnOnce(&Path) -> T + Send + 'static,
) -> T {
    listening(socket);
    let socket = socket.to_owned();
    while_asked(app, move || ask(&socket))
}

fn raw(socket: &Path, question: &[u8]) -> String {
    let mut stream = socket::call(socket).unwrap();
    // It may be cut off while it still talks.
    let _ = stream.write_all(question);
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn how_it_is_and_what_is_seen_can_be_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papan.sock");
    let mut app = app(&path, Config::default());
    let report = asked(&mut app, &path, |path| client::status(Some(path))).unwrap();
    assert!(report.well && report.process.memory_bytes > Some(0), "{report:#?}");
    assert_eq!(report.form, report::FORM);
    let screens: Vec<_> = report.screens.iter().map(|s| (s.output.as_deref(), s.width_px)).collect();
    assert_eq!(screens, [(None, 2), (Some("DP-2"), 2), (None, 0)]);
    let now = app.world().resource::<Now>().wall;
    app.world_mut().resource_mut::<Troubles>().set("sound", ["\u{1b}[31mno device".to_owned()], now);
    later(&mut app);
    let report = asked(&mut app, &path, |path| client::status(Some(path))).unwrap();
    assert_eq!(report.problems[0].text, "[31mno device", "nothing steers a terminal");
    assert!(!report.well && human::text(&report).contains("sound: [31mno device"));
    let (width, height, png) = asked(&mut app, &path, |path| client::picture(Some(path), None)).unwrap();
    assert_eq!((width, height, png.as_slice()), (4, 2, &b"4 2 [0, 1, 2, 3, 4, 5, 6, 7]"[..]));
    let one = Some("dp-2".to_owned());
    let (width, height, png) = asked(&mut app, &path, |path| client::picture(Some(path), one)).unwrap();
    assert_eq!((width, height, png.as_slice()), (2, 2, &b"2 2 [2, 3, 6, 7]"[..]));
    let gone = Some("DP-3".to_owned());
    assert!(asked(&mut app, &path, |path| client::picture(Some(path), gone)).is_err());
    let other = Some("DP-9".to_owned());
    let wrong = asked(&mut app, &path, |path| client::picture(Some(path), other));
    assert!(matches!(wrong, Err(Error::Refused(why)) if why.contains("DP-9")));
    drop(app);
    let begun = Instant::now();
    while path.exists() {
        assert!(begun.elapsed() < DEADLINE, "the socket stays behind");
        thread::park_timeout(Duration::from_millis(5));
    }
    assert!(matches!(client::status(Some(&path)), Err(Error::Nobody(_))));
}

#[test]
fn hostile_guests_get_an_error_or_nothing_and_hold_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papan.sock");
    let mut app = app(&path, Config::default());
    listening(&path);
    // A crowd that says nothing, and one that says a little and stays.
    let mut crowd: Vec<_> = (0..100).filter_map(|_| socket::call(&path).ok()).collect();
    for guest in &mut crowd {
        let _ = guest.write_all(b"{\"ask\"");
    }
    let report = asked(&mut app, &path, |path| client::status(Some(path))).unwrap();
    assert!(report.process.threads < Some(120), "{:?}", report.process);
    for question in
        ["", "\n", "{}\n", "[[[[[[\n", "{\"ask\":\"reboot\"}\n", "GET / HTTP/1.1\r\n\r\n", "\u{0}\u{0}\n"]
    {
        let answer = asked(&mut app, &path, |path| {
            let mut stream = socket::call(path).unwrap();
            stream.write_all(question.as_bytes()).unwrap();
            stream.shutdown(std::net::Shutdown::Write).unwrap();
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer);
            answer
        });
        let ends = question.ends_with('\n');
        assert_eq!(answer.starts_with("{\"error\":"), ends, "{question:?}: {answer}");
    }
    let long = asked(&mut app, &path, |path| raw(path, &vec![b'x'; 1 << 20]));
    assert!(long.is_empty() || long.starts_with("{\"error\":"), "{long}");
    assert!(asked(&mut app, &path, |path| client::status(Some(path))).is_ok());
}

#[test]
fn a_drawing_loop_that_stands_still_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papan.sock");
    let app = app(&path, Config::default());
    listening(&path);
    let desk = app.world().resource::<Office>().desk.clone();
    desk.make_old(Duration::from_secs(2));
    let report = client::status(Some(&path)).unwrap();
    assert!(report.well && report.answer_age_s >= 2.0, "the last one does where no new one comes");
    desk.make_old(Duration::from_secs(60));
    let report = client::status(Some(&path)).unwrap();
    assert_eq!((report.well, report.problems[0].of.as_str()), (false, "screen"));
    let no = client::picture(Some(&path), None);
    assert!(matches!(no, Err(Error::Refused(why)) if why.contains("drawing loop")));
}

#[test]
fn a_second_program_says_that_it_cannot_be_asked_and_takes_over_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papan.sock");
    let first = app(&path, Config::default());
    listening(&path);
    let mut second = app(&path, Config::default());
    let begun = Instant::now();
    while second.world().resource::<Troubles>().iter().next().is_none() {
        assert!(begun.elapsed() < DEADLINE, "it says nothing");
        second.update();
        thread::park_timeout(Duration::from_millis(2));
    }
    let (of, trouble) = second.world().resource::<Troubles>().iter().next().unwrap();
    assert!(of == "status" && trouble.text.contains("another papan"), "{trouble:?}");
    drop(first);
    let begun = Instant::now();
    while second.world().resource::<Troubles>().iter().next().is_some() {
        assert!(begun.elapsed() < DEADLINE, "it does not take over");
        second.update();
        thread::park_timeout(Duration::from_millis(2));
    }
    assert!(asked(&mut second, &path, |path| client::status(Some(path))).unwrap().well);
}

fn get(port: u16, request: &str) -> String {
    let begun = Instant::now();
    let mut stream = loop {
        match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
            Ok(stream) => break stream,
            Err(error) => assert!(begun.elapsed() < DEADLINE, "{error}"),
        }
        thread::park_timeout(Duration::from_millis(5));
    };
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

#[test]
fn figures_are_handed_out_on_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papan.sock");
    let port = free_port();
    let mut app = app(&path, Config { metrics: Metrics { port: Some(port) }, ..default() });
    let mut ask = |request: &'static str| while_asked(&mut app, move || get(port, request));
    let plain = ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(plain.starts_with("HTTP/1.1 200 OK\r\n") && plain.contains("version=0.0.4"), "{plain}");
    assert!(plain.contains("\n# TYPE papan_calls_total counter\npapan_calls_total 0\n"), "{plain}");
    let open = ask("GET /metrics HTTP/1.1\r\naccept: application/openmetrics-text;q=0.9,*/*;q=0.1\r\n\r\n");
    assert!(open.contains("openmetrics-text; version=1.0.0") && open.ends_with("# EOF\n"), "{open}");
    let head = ask("HEAD /metrics HTTP/1.0\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    for (request, status) in [
        ("GET / HTTP/1.1\r\n\r\n", "404"),
        ("GET /metrics/../../etc/passwd HTTP/1.1\r\n\r\n", "404"),
        ("POST /metrics HTTP/1.1\r\n\r\n", "405"),
        ("GET /metrics\r\n\r\n", "400"),
        ("\r\n\r\n", "400"),
    ] {
        let answer = ask(request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {answer}");
    }
}

#[test]
fn a_port_that_is_taken_is_told_and_had_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papan.sock");
    let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = other.local_addr().unwrap().port();
    let mut app = app(&path, Config { metrics: Metrics { port: Some(port) }, ..default() });
    let begun = Instant::now();
    let told = |app: &App| app.world().resource::<Troubles>().iter().any(|(of, _)| of == "metrics");
    while !told(&app) {
        assert!(begun.elapsed() < DEADLINE, "it says nothing");
        app.update();
        thread::park_timeout(Duration::from_millis(2));
    }
    drop(other);
    while told(&app) {
        assert!(begun.elapsed() < DEADLINE, "it is not tried again");
        app.update();
        thread::park_timeout(Duration::from_millis(2));
    }
    let answer = while_asked(&mut app, move || get(port, "GET /metrics HTTP/1.1\r\n\r\n"));
    assert!(answer.contains("papan_problems 0.0\n"), "{answer}");
}

#[test]
fn calls_are_counted_with_what_became_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papan.sock");
    let mut app = app(&path, Config::default());
    let call = |ticket: &str| event::TicketCalled {
        ticket: event::Ticket(ticket.into()),
        counter: event::CounterId("3".into()),
        service: None,
        attempt: 1,
        priority: None,
        time: None,
    };
    let at = Timestamp::UNIX_EPOCH;
    for (number, ticket) in (1..).map(Number).zip(["A-1", "A-2", "A-3", "A-4"]) {
        app.world_mut().write_message(Calling::Called(call(ticket)));
        app.world_mut().write_message(Proof::Came { number, what: What::Call(call(ticket)), at });
    }
    app.world_mut().write_message(Proof::Began { number: Number(1), at });
    app.world_mut().write_message(Proof::Ended { number: Number(1), at, unsaid: vec![] });
    app.world_mut().write_message(Proof::Began { number: Number(2), at });
    app.world_mut().write_message(Proof::Unspoken { number: Number(3), why: Unspoken::Withdrawn, at });
    later(&mut app);
    let report = asked(&mut app, &path, |path| client::status(Some(path))).unwrap();
    assert_eq!((report.totals.calls, report.sound.backlog, report.sound.speaking), (4, 1, true));
    let all = &report.totals.announcements;
    assert_eq!((all.spoken, all.withdrawn, all.failed), (1, 1, 0));
    let text = metrics::plain(&report).unwrap();
    assert!(text.contains("papan_announcements_total{outcome=\"withdrawn\"} 1\n"), "{text}");
    let json = serde_json::to_string(&report).unwrap();
    assert!(!json.contains("A-2") && !text.contains("A-2"), "no citizen's ticket");
    assert!(fs::metadata(&path).is_ok());
}
