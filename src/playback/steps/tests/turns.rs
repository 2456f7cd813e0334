//! Turns by weight and every, and what another selection or another list does to what is shown.

use proptest::prelude::*;

use super::*;
use crate::domain::{event::Survey, rotation::MOST_WEIGHT};

/// Cards of 15 s: `a`, `a*3` with a weight, `a/3` with `every`, `a!5` with a priority, `a|` with a cut.
fn cards(items: &[&str]) -> Arc<Playlist> {
    let item = |(entry, text): (usize, &&str)| {
        let (name, rest) = text.split_at(text.find(['*', '/', '!', '|']).unwrap_or(text.len()));
        let number = rest.get(1..).and_then(|n| n.parse().ok()).unwrap_or(1);
        let airing = match rest.chars().next() {
            Some('*') => Airing { weight: number, ..Airing::default() },
            Some('/') => Airing { every: Some(number), ..Airing::default() },
            Some('!') => Airing { priority: number as i32, ..Airing::default() },
            _ => Airing::default(),
        };
        let transition = if rest == "|" { Transition::Cut } else { Transition::Fade };
        let duration = Some(Duration::from_secs(15));
        PlaylistItem { entry, duration, airing, transition, ..PlaylistItem::new(card(name)) }
    };
    films(items.iter().enumerate().map(item).collect())
}

fn told(stage: &mut Stage) -> String {
    let told = stage.steps.told().into_iter().map(|told| match told {
        Told::Began(named) => format!("+{}", named.name),
        Told::Over(None) => "-".into(),
        Told::Over(Some(cut)) => format!("-{cut:?}"),
        Told::Skipped(named, why) => format!("x{} ({why})", named.name),
    });
    told.collect::<Vec<_>>().join(" ")
}

#[test]
fn weights_and_every_are_followed() {
    let mut stage = Stage::new(cards(&["a*2", "b", "c", "d/2"]));
    let turns = ["a.0", "b.0", "d.0", "a.0", "c.0", "d.0", "a.0", "b.0", "d.0", "a.0"];
    assert_eq!(stage.run(0..136), turns);
}

#[test]
fn one_alone_takes_turn_after_turn_and_lets_others_in_between() {
    let mut stage = Stage::new(cards(&["a", "b/3"]));
    assert_eq!(stage.run(0..76), ["a.0", "b.0", "a.0"]);
    assert_eq!(told(&mut stage), "+a - +a - +a - +b - +a - +a");
}

#[test]
fn each_turn_is_told_with_its_beginning_and_end() {
    let mut stage = Stage::new(cards(&["a3", "x", "b"]));
    stage.run(0..46);
    // A page's parts are one turn; what is broken is told when it is found out.
    assert_eq!(told(&mut stage), "+a3 xx (it is broken) - +b - +a3");
    stage.steps.new_day(10);
    assert_eq!(told(&mut stage), "xx (it is broken)");
    let welcome = &mut Stage::new(cards(&[]));
    welcome.run(0..60);
    assert_eq!(told(welcome), "");
}

#[test]
fn another_selection_lets_what_is_still_on_air_be() {
    let mut stage = Stage::new(cards(&["a", "b", "c", "d"]));
    stage.run(0..20);
    stage.steps.told();
    stage.select(cards(&["b", "d", "e"]));
    // What was drawn ahead is not on air any more; nothing else is drawn anew.
    let ask = stage.steps.ask(stage.now).unwrap();
    assert_eq!((ask.content, ask.again), (card("d"), false));
    stage
        .steps
        .answer(ask.generation, Ok(Drawn { picture: "d.0".into(), parts: 1, length: None, stays: true }));
    stage.select(cards(&["a", "b", "d", "e"]));
    assert!(stage.steps.ask(stage.now).is_none(), "d is ready, and is still the next");
    assert_eq!(stage.run(20..31), ["d.0"]);
    assert_eq!(told(&mut stage), "- +d");
}

#[test]
fn what_is_off_air_gives_way_at_once_and_says_why() {
    let mut stage = Stage::new(cards(&["a", "b", "c"]));
    stage.run(0..20);
    stage.steps.told();
    stage.select(cards(&["a", "c"]));
    assert_eq!(stage.run(20..21), ["c.0"]);
    assert_eq!(told(&mut stage), "-Schedule +c");
    stage.swap(cards(&["a"]));
    assert_eq!(stage.run(21..22), ["a.0"]);
    assert_eq!(told(&mut stage), "-Changed +a");
}

#[test]
fn what_is_over_in_a_moment_ends_by_itself() {
    let mut stage = Stage::new(cards(&["a", "b", "c"]));
    stage.run(0..30);
    stage.steps.told();
    stage.select(cards(&["a", "c"]));
    assert!(stage.run(29..30).is_empty());
    assert_eq!(stage.run(30..31), ["c.0"]);
    assert_eq!(told(&mut stage), "- +c");
}

#[test]
fn a_higher_priority_is_shown_at_once_and_the_round_goes_on_after_it() {
    let list = cards(&["a", "b", "c", "d", "e"]);
    let mut stage = Stage::new(list.clone());
    stage.run(0..44);
    stage.steps.told();
    stage.select(cards(&["u!9"]));
    assert_eq!(stage.run(44..100), ["u.0"]);
    stage.select(list);
    assert_eq!(stage.run(100..132), ["d.0", "e.0", "a.0"]);
    assert!(told(&mut stage).starts_with("-Schedule +u - +u"));
}

#[test]
fn the_round_goes_on_after_a_fallback() {
    let list = cards(&["a", "b", "c"]);
    let mut stage = Stage::new(list.clone());
    stage.run(0..20);
    let none = Playlist { fallback: cards(&["f"]).items.clone(), ..Playlist::default() };
    stage.select(Arc::new(none));
    assert_eq!(stage.run(20..50), ["f.0"]);
    stage.select(list);
    assert_eq!(stage.run(50..51), ["c.0"]);
}

#[test]
fn what_was_changed_fades_to_its_new_self() {
    let mut stage = Stage::new(cards(&["a", "b", "c"]));
    stage.run(0..20);
    let mut list = Playlist::clone(&cards(&["a", "b", "c"]));
    list.items[1].content = card("new");
    stage.swap(Arc::new(list.clone()));
    assert_eq!(stage.run(20..36), ["new.0", "c.0"]);
    assert!(told(&mut stage).ends_with("-Changed +b - +c"));
    // Brought back before the other one was ready, it stays.
    stage.swap(cards(&["a", "b"]));
    list.items[1].content = card("newer");
    stage.swap(Arc::new(list));
    assert!(stage.run(36..40).is_empty());
}

#[test]
fn what_is_broken_stays_so_while_it_is_the_same() {
    let mut stage = Stage::new(cards(&["x", "a"]));
    stage.run(0..2);
    stage.swap(cards(&["n", "x", "a"]));
    stage.run(2..40);
    assert_eq!(told(&mut stage).matches('x').count(), 2, "one line: its name, and why");
    stage.steps.new_day(5);
    assert_eq!(told(&mut stage), "xx (it is broken)");
}

#[test]
fn a_cut_comes_without_a_fade() {
    let mut stage = Stage::new(cards(&["a", "b|", "c"]));
    stage.at(0);
    let b = stage.steps.step(Duration::from_secs(15), FADE).unwrap();
    assert_eq!((b.picture.as_str(), b.fade), ("b.0", Duration::ZERO));
    stage.work(Duration::from_secs(15));
    let c = stage.steps.step(Duration::from_secs(30), FADE).unwrap();
    assert_eq!((c.picture.as_str(), c.fade), ("c.0", FADE));
}

fn qr(title: &str) -> PlaylistItem {
    let url = "https://contoh.go.id/{ticket}".into();
    let content = Content::Qr { title: title.into(), text: String::new(), url };
    PlaylistItem { duration: Some(Duration::from_secs(15)), ..PlaylistItem::new(content) }
}

fn facts(ticket: &str, satisfied: u32) -> Facts {
    let date = jiff::civil::date(2026, 11, 21);
    let survey = Survey { date, very_satisfied: 0, satisfied, dissatisfied: 0 };
    Facts { ticket: ticket.into(), survey: (satisfied > 0).then_some(survey) }
}

fn answer(steps: &mut Steps<String>, ask: &Ask) -> Option<Change<String>> {
    let picture = format!("{} {:?}", ask.facts.ticket, ask.facts.survey.map(|s| s.satisfied));
    steps.answer(ask.generation, Ok(Drawn { picture, parts: 1, length: None, stays: true }))
}

#[test]
fn a_code_names_the_newest_ticket_and_keeps_it_while_it_is_shown() {
    let seconds = Duration::from_secs;
    let mut steps = Steps::<String>::new(films(vec![qr("q"), still("a")]), card("welcome"));
    steps.facts(facts("A-1", 0));
    let ask = steps.ask(seconds(0)).unwrap();
    // A call while it is drawn: it is drawn for the newer one.
    steps.facts(facts("A-2", 0));
    assert!(answer(&mut steps, &ask).is_none());
    let ask = steps.ask(seconds(0)).unwrap();
    assert_eq!(ask.facts.ticket, "A-2");
    answer(&mut steps, &ask);
    assert_eq!(steps.step(seconds(0), FADE).unwrap().picture, "A-2 None");
    steps.facts(facts("A-3", 0));
    assert_eq!(steps.ask(seconds(1)).unwrap().content, card("a"));
    let a = Drawn { picture: "a".into(), parts: 1, length: None, stays: true };
    steps.answer(0, Ok(a.clone()));
    // For another size it keeps its ticket.
    steps.redraw();
    let ask = steps.ask(seconds(2)).unwrap();
    assert_eq!((ask.again, ask.facts.ticket.as_str()), (true, "A-2"));
    // Alone on air it names the newest one in its next turn.
    steps.swap(films(vec![qr("q")]), false, seconds(2));
    assert!(answer(&mut steps, &ask).is_some());
    let ask = steps.ask(seconds(2)).unwrap();
    assert_eq!((ask.again, ask.facts.ticket.as_str()), (false, "A-3"));
    answer(&mut steps, &ask);
    assert_eq!(steps.step(seconds(15), FADE).unwrap().picture, "A-3 None");
    assert!(steps.ask(seconds(16)).is_none());
}

#[test]
fn a_survey_is_shown_only_with_data_and_is_drawn_anew_in_place() {
    let seconds = Duration::from_secs;
    let survey = PlaylistItem::new(Content::Survey { title: "Kepuasan".into() });
    let mut steps = Steps::<String>::new(films(vec![survey, still("a")]), card("welcome"));
    let ask = steps.ask(seconds(0)).unwrap();
    assert_eq!(ask.content, card("a"), "nobody answered yet");
    steps.facts(facts("", 3));
    answer(&mut steps, &ask);
    steps.step(seconds(0), FADE).unwrap();
    let ask = steps.ask(seconds(0)).unwrap();
    // The data are gone while it is drawn: it is not shown.
    steps.facts(facts("", 0));
    answer(&mut steps, &ask);
    assert!(steps.ask(seconds(1)).is_none() && steps.step(seconds(15), FADE).is_none());
    steps.facts(facts("", 4));
    let ask = steps.ask(seconds(16)).unwrap();
    answer(&mut steps, &ask);
    assert_eq!(steps.step(seconds(30), FADE).unwrap().picture, " Some(4)");
    steps.facts(facts("", 5));
    let ask = steps.ask(seconds(31)).unwrap();
    let change = answer(&mut steps, &ask).unwrap();
    assert_eq!((change.again, change.picture.as_str()), (true, " Some(5)"));
    steps.facts(facts("", 0));
    let ask = steps.ask(seconds(32)).unwrap();
    answer(&mut steps, &ask);
    assert!(steps.step(seconds(32), FADE).is_some(), "it gives way at once");
    let cuts = steps.told().into_iter().filter(|told| *told == Told::Over(Some(Cut::Schedule))).count();
    assert_eq!(cuts, 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    /// Whatever lists and selections follow each other, at whatever times: once something was shown something is
    /// shown, only what is on air begins, and each beginning has one end, told before the next.
    #[test]
    fn any_lists_in_any_order(
        changes in prop::collection::vec(
            (prop::collection::vec((0_usize..9, 0_u32..4, prop::option::of(1_u32..4)), 0..7), any::<bool>(), 0_u64..40),
            1..12,
        ),
    ) {
        let names = ["a", "b2", "c", "x1", "d3", "e", "x2", "g", "h"];
        let of = |those: &[(usize, u32, Option<u32>)]| {
            let item = |(entry, (name, weight, every)): (usize, &(usize, u32, Option<u32>))| {
                let airing = Airing { weight: *weight * MOST_WEIGHT / 50, every: *every, ..Airing::default() };
                let duration = Some(Duration::from_secs(u64::from(*weight) * 7));
                PlaylistItem { entry, airing, duration, ..PlaylistItem::new(card(names[*name])) }
            };
            films(those.iter().enumerate().map(item).collect())
        };
        let mut stage = Stage::new(of(&changes[0].0));
        let (mut now, mut on) = (0, None);
        for (those, changed, seconds) in &changes {
            let list = of(those);
            stage.steps.swap(list.clone(), *changed, stage.now);
            let mut may: Vec<String> = list.items.iter().map(|item| item.name.clone()).collect();
            may.extend(on.clone());
            for second in now..=now + seconds {
                stage.at(second);
                prop_assert!(stage.on.is_some());
            }
            now += seconds;
            for told in stage.steps.told() {
                match told {
                    Told::Began(named) => {
                        prop_assert!(on.is_none() && may.contains(&named.name), "{:?} {:?}", named, may);
                        prop_assert!(!named.name.starts_with('x'));
                        on = Some(named.name);
                    }
                    Told::Over(_) => prop_assert!(on.take().is_some()),
                    Told::Skipped(named, _) => prop_assert!(named.name.starts_with('x')),
                }
            }
        }
    }
}

#[test]
fn in_the_dark_nothing_is_on_air_and_afterwards_it_goes_on() {
    let kinds = |told: Vec<Told>| {
        let kind = |told: &Told| match told {
            Told::Began(_) => "began",
            Told::Over(Some(Cut::Schedule)) => "off air",
            Told::Over(_) => "over",
            Told::Skipped(..) => "skipped",
        };
        told.iter().map(kind).collect::<Vec<_>>()
    };
    let mut stage = Stage::new(list(&["a", "b"], &[]));
    stage.at(0);
    assert_eq!(kinds(stage.steps.told()), ["began"]);
    stage.steps.rest(Cut::Schedule);
    assert_eq!(kinds(stage.steps.told()), ["off air"]);
    // Another day begins and another list comes; in the dark nobody sees it.
    stage.steps.new_day(5);
    stage.steps.swap(list(&["a", "c"], &[]), true, Duration::from_secs(36_000));
    stage.steps.wake(Duration::from_secs(36_000));
    assert_eq!(kinds(stage.steps.told()), ["began"]);
    stage.at(36_000);
    stage.at(36_014);
    assert_eq!(stage.on.as_deref(), Some("a.0"), "its turn begins anew");
    stage.at(36_015);
    assert_eq!(stage.on.as_deref(), Some("c.0"));
    assert_eq!(kinds(stage.steps.told()), ["over", "began"]);
}
