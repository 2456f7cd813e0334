//! The story, moment by moment: title, choice, ticket, waiting, call, counter, closing words, and the title again.
//! Invariant: nothing flashes, and the stage is never empty: one thing comes while the other goes.

use crate::{
    art::{Art, Text},
    brush::{Frame, HEIGHT, Put, WIDTH, arc, disc, rect, round},
    motion::{
        AGAIN, CALL, CHOOSE, CLOSE, PRINT, TOUCH, WAIT, WALK, between, ease, ease_out, glide, passed, shown,
    },
    person::{self, Clothes, FLOOR, Pose},
    props::{self, SLOT, write},
};

/// Left edge of what is to be read; a stage of another shape cuts what is beyond.
const LEFT: f32 = 300.0;
/// Where the visitor sits, and where they stand at the counter: the hip, in pixels from the left.
const SEAT: f32 = 444.0;
const DESK: f32 = 964.0;
/// The disc of the title and of the closing words, and of the steps: its middle and its radius.
const DISC: (f32, f32, f32) = (1428.0, 500.0, 190.0);
const STEP: (f32, f32, f32) = (LEFT + 52.0, 176.0, 52.0);
/// Where the finger touches, from the machine's middle.
const TOUCHED: (f32, f32) = (226.0, 556.0);

/// Draws the film's moment `t`, in seconds.
pub fn draw(frame: &mut Frame, art: &Art, t: f32) {
    frame.clear(art.colours.paper);
    let opening = if t < AGAIN { shown(t, -1.0, CHOOSE) } else { shown(t, AGAIN, 99.0) };
    let slide = if t < AGAIN { glide(t, -1.0, CHOOSE) } else { glide(t, AGAIN, 99.0) };
    frame.layer(0.0, shown(t, WAIT - 0.1, CLOSE), |frame| hall(frame, art, t));
    frame.layer(glide(t, CHOOSE - 0.1, 99.0), shown(t, CHOOSE - 0.1, WAIT), |frame| machine(frame, art, t));
    mark(frame, art, t);
    frame.layer(slide, opening, |frame| title(frame, art, t));
    frame.layer(0.0, shown(t, CLOSE + 0.4, AGAIN), |frame| clerk(frame, art));
    frame.layer(glide(t, CLOSE - 0.2, AGAIN), shown(t, CLOSE - 0.2, AGAIN), |frame| {
        words(frame, art, &art.closing);
    });
    steps(frame, art, t);
    ticket(frame, art, t);
}

/// The disc that leads through the film: behind the title's ticket, under the steps' numbers, behind the closing
/// words' officer, and so on from the beginning.
fn mark(frame: &mut Frame, art: &Art, t: f32) {
    let there = ease(passed(t, CHOOSE - 0.3, 0.8)) * (1.0 - ease(passed(t, CLOSE - 0.25, 0.8)));
    let path =
        disc(between(DISC.0, STEP.0, there), between(DISC.1, STEP.1, there), between(DISC.2, STEP.2, there));
    frame.fill(path, art.colours.sun, 1.0);
}

fn title(frame: &mut Frame, art: &Art, t: f32) {
    words(frame, art, &art.title);
    // The ticket hangs a little and comes back by the film's end: 24 s are four of its swings.
    let turn = -8.0 + 2.0 * (t * std::f32::consts::TAU / 6.0).sin();
    frame.sprite(&art.ticket, Put { scale: 0.60, turn, ..Put::at(DISC.0, DISC.1) });
}

fn clerk(frame: &mut Frame, art: &Art) {
    let c = &art.colours;
    person::bust(frame, officer(art), c.paper, (DISC.0, 428.0), 77.0, 680.0);
    // The disc's lower edge cuts the shoulders.
    frame.stroke(arc(DISC.0, DISC.1, DISC.2 + 80.0, 20.0, 160.0), 160.0, c.paper, 1.0);
}

fn words(frame: &mut Frame, art: &Art, lines: &[Text; 3]) {
    frame.fill(round(LEFT, 252.0, 130.0, 16.0, 8.0), art.colours.sun, 1.0);
    for (line, y) in lines.iter().zip([354.0, 500.0, 646.0]) {
        write(frame, line, LEFT, y, 0.0, 1.0);
    }
}

/// What is to be done now, with its number.
fn steps(frame: &mut Frame, art: &Art, t: f32) {
    let c = &art.colours;
    let turns = [CHOOSE, PRINT, WAIT, CALL, WALK, CLOSE];
    for (step, (text, number)) in art.steps.iter().zip(&art.numbers).enumerate() {
        let (from, until) = (turns[step], turns[step + 1]);
        let here = shown(t, from, until);
        write(frame, number, STEP.0, STEP.1, 0.5, shown(t, from + 0.15, until));
        write(frame, text, LEFT + 132.0 + glide(t, from, until) * 0.5, STEP.1, 0.0, here);
    }
    let example = shown(t, WAIT, WALK);
    frame.layer(0.0, example, |frame| {
        let (w, h) = (art.example.width + 64.0, 88.0);
        let (x, y) = (WIDTH as f32 - LEFT - w, STEP.1 - h / 2.0);
        frame.fill(round(x, y, w, h, 44.0), c.teal_text, 1.0);
        frame.fill(round(x + 5.0, y + 5.0, w - 10.0, h - 10.0, 39.0), c.paper, 1.0);
        write(frame, &art.example, x + w / 2.0, STEP.1, 0.5, 1.0);
    });
}

/// Where the machine's middle is: it makes room for the ticket.
fn machine_at(t: f32) -> f32 {
    between(960.0, LEFT + props::MACHINE / 2.0, ease(passed(t, PRINT - 0.5, 0.8)))
}

fn machine(frame: &mut Frame, art: &Art, t: f32) {
    let x = machine_at(t);
    props::machine(frame, art, x, t, |frame| {
        if t < PRINT + 1.2 {
            frame.sprite(&art.ticket, printed(t));
        }
    });
    let c = &art.colours;
    let tip = (x + TOUCHED.0, TOUCHED.1);
    let come = ease(passed(t, CHOOSE + 0.7, TOUCH - CHOOSE - 0.75));
    let gone = ease(passed(t, TOUCH + 0.35, 0.7));
    let away = (1.0 - come).max(gone);
    if away < 1.0 {
        props::touched(frame, c, tip, t);
        props::hand(frame, c, (tip.0 + 260.0 * away, tip.1 + 620.0 * away), passed(t, TOUCH - 0.1, 0.1));
    }
}

/// The ticket on its way: out of the slot, up beside the machine, then to the visitor.
fn printed(t: f32) -> Put {
    let scale = 0.56;
    let half = 215.0 * scale;
    let out = ease_out(passed(t, PRINT + 0.2, 0.9));
    let slot = (machine_at(t), between(SLOT - half - 12.0, SLOT + half - 6.0, out));
    let up = ease(passed(t, PRINT + 1.2, 0.8));
    let down = ease(passed(t, WAIT - 0.25, 0.7));
    let seat = label_at(SEAT, FLOOR - 361.0);
    let beside = (between(slot.0, 1314.0, up), between(slot.1, 540.0, up));
    let at = (between(beside.0, seat.0, down), between(beside.1, seat.1, down));
    let scale = between(between(scale, 1.0, up), 0.44, down);
    Put { scale, turn: 0.0, opacity: 1.0 - ease(passed(t, WAIT + 0.5, 0.2)), at }
}

fn ticket(frame: &mut Frame, art: &Art, t: f32) {
    if (PRINT + 1.2..WAIT + 0.7).contains(&t) {
        frame.sprite(&art.ticket, printed(t));
    }
}

/// The number over somebody whose head is at a point.
fn label_at(x: f32, y: f32) -> (f32, f32) {
    (x, y - 114.0)
}

fn officer(art: &Art) -> Clothes {
    let c = &art.colours;
    Clothes { body: c.ink, far: c.slate, shirt: c.teal }
}

/// The waiting room: the board and the visitor, who then goes to the counter.
fn hall(frame: &mut Frame, art: &Art, t: f32) {
    let c = &art.colours;
    let floor = c.paper.mix(c.mist, 0.55);
    frame.fill(rect(0.0, FLOOR - 40.0, WIDTH as f32, HEIGHT as f32), floor, 1.0);
    let change = WALK + 0.2;
    frame.layer(glide(t, WAIT, change), shown(t, WAIT, change), |frame| {
        props::board(frame, art, t);
        props::chime(frame, c, t);
    });
    frame.layer(glide(t, change - 0.15, 99.0), shown(t, change - 0.15, 99.0), |frame| {
        props::counter(frame, art, |frame| {
            person::bust(frame, officer(art), c.paper, (1366.0, 550.0), 54.0, 700.0);
        });
    });
    props::chair(frame, c, SEAT);
    let way = passed(t, WALK + 0.1, 2.2);
    let x = between(SEAT, DESK, ease_in_out(way));
    let stride = (passed(way, 0.0, 0.12)).min(1.0 - passed(way, 0.88, 0.12));
    let pose = Pose {
        x,
        up: ease(passed(t, WALK - 0.6, 0.7)),
        walked: x - SEAT,
        stride: ease(stride),
        reach: ease(passed(t, WALK + 2.2, 0.4)),
    };
    let visitor = Clothes { body: c.ink, far: c.slate, shirt: c.teal };
    let head = person::draw(frame, visitor, c.sun, pose);
    let here = ease(passed(t, WAIT + 0.4, 0.2));
    let (lx, ly) = label_at(between(x, head.0, 0.4), head.1);
    // When the number is called, its label swells once.
    let swell = ease(passed(t, CALL, 0.4)) * (1.0 - ease(passed(t, CALL + 0.8, 0.6)));
    frame.sprite(&art.label, Put { opacity: here, scale: 1.0 + 0.1 * swell, ..Put::at(lx, ly) });
}

/// Walking pace: soft at both ends, even between them.
fn ease_in_out(share: f32) -> f32 {
    let soft = 0.15;
    let far = 1.0 - soft;
    let even = |s: f32| (s - soft / 2.0) / far;
    if share < soft {
        share * share / (2.0 * soft * far)
    } else if share > far {
        1.0 - (1.0 - share).powi(2) / (2.0 * soft * far)
    } else {
        even(share)
    }
}
