//! Calls on their way to being announced: `domain::announcement` with the frame's time.
//! Invariant: one announcement at a time, and none is dropped without a line in the log.

use std::time::Duration;

use bevy::{ecs::system::SystemParam, prelude::*};

use crate::{
    clock,
    domain::{
        announcement::{Announcements, Ended, Form, Happening, Number, Unspoken, What},
        event::TicketCalled,
    },
    state::{
        Announced, Announcing, Calling, Fresh, Hall, Lengths, Now, Proof, Settings, Shown, Sound, Speak,
        Step, ToServer, Voiced,
    },
};

mod sentences;

/// A call's time is forgotten when no accent can depend on it any more.
const FORGET: Duration = Duration::from_secs(120);

#[derive(Resource, Deref, DerefMut)]
struct Queue(Announcements);

/// The call whose beginning the server was told, until it is told its end.
#[derive(Resource, Default, Deref, DerefMut)]
struct Told(Option<(Number, TicketCalled)>);

/// Announces calls and notices one after the other.
pub(crate) fn plugin(app: &mut App) {
    let rules = app.world().resource::<Settings>().voice.rules(Duration::ZERO);
    app.insert_resource(Queue(Announcements::new(rules)))
        .init_resource::<Announcing>()
        .init_resource::<Fresh>()
        .init_resource::<Hall>()
        .init_resource::<Lengths>()
        .init_resource::<Sound>()
        .init_resource::<Told>()
        .add_message::<Calling>()
        .add_message::<Proof>()
        .add_message::<Speak>()
        .add_message::<ToServer>()
        .add_message::<Voiced>()
        .configure_sets(Update, Announced.in_set(Step::Play))
        .add_systems(
            Update,
            (measure.run_if(resource_changed::<Lengths>), hear, take, step).chain().in_set(Announced),
        );
}

/// The chime's length became known.
fn measure(mut queue: ResMut<Queue>, settings: Res<Settings>, lengths: Res<Lengths>) {
    queue.set_rules(settings.voice.rules(lengths.chime));
}

/// Those who are told what becomes of announcements.
#[derive(SystemParam)]
struct Tell<'w> {
    speak: MessageWriter<'w, Speak>,
    proofs: MessageWriter<'w, Proof>,
    to_server: MessageWriter<'w, ToServer>,
    fresh: ResMut<'w, Fresh>,
    told: ResMut<'w, Told>,
    settings: Res<'w, Settings>,
    hall: Res<'w, Hall>,
    now: Res<'w, Now>,
}

/// What became of what sounds.
fn hear(mut queue: ResMut<Queue>, mut voiced: MessageReader<Voiced>, mut tell: Tell) {
    for voiced in voiced.read() {
        match voiced.clone() {
            Voiced::Began { number, at } => tell.began(&queue, number, at),
            Voiced::Said { number } if queue.ends_with_this(number, tell.sounds()) => tell.finished(number),
            Voiced::Said { .. } => {}
            Voiced::Ended { number, at, unsaid } => {
                let mut out = Vec::new();
                if queue.ended(number, Ended::Heard, tell.sounds(), &mut out).is_some() {
                    tell.proofs.write(Proof::Ended { number, at, unsaid });
                    tell.finished(number);
                }
                tell.all(out);
            }
            Voiced::Failed { number, why, device } => {
                info!("an announcement was not heard whole: {why}");
                let mut out = Vec::new();
                let how = if device { Ended::Lost } else { Ended::Broken };
                queue.ended(number, how, tell.sounds(), &mut out);
                tell.finished(number);
                tell.all(out);
            }
        }
    }
}

/// What the hall asks for.
fn take(
    mut queue: ResMut<Queue>,
    mut calling: MessageReader<Calling>,
    lengths: Res<Lengths>,
    mut tell: Tell,
) {
    let (now, sounds) = (tell.now.mono, tell.sounds());
    for calling in calling.read() {
        let mut out = Vec::new();
        let voice = &tell.settings.voice;
        match calling.clone() {
            Calling::Called(call) => {
                tell.fresh.retain(|_, (_, at)| now.saturating_sub(*at) < FORGET);
                tell.fresh.insert(call.counter.clone(), (call.ticket.clone(), now));
                let takes = sentences::takes(voice, &tell.hall, &lengths, &call);
                let number = queue.call(call.clone(), takes, sounds, &mut out);
                tell.proofs.write(Proof::Came { number, what: What::Call(call), at: tell.now.wall });
            }
            Calling::Withdrawn { ticket, counter } => queue.withdraw(&ticket, &counter, &mut out),
            Calling::CounterGone(counter) => queue.close(&counter, &mut out),
            Calling::Notice(notice) => {
                let parts = sentences::parts(voice, &notice);
                let parts = parts.iter().map(|p| lengths.sentences(std::slice::from_ref(p))).collect();
                let number = queue.notice(notice.clone(), parts, sounds, &mut out);
                tell.proofs.write(Proof::Came { number, what: What::Notice(notice), at: tell.now.wall });
            }
            Calling::NoticeGone(id) => queue.clear(&id, &mut out),
        }
        tell.all(out);
    }
}

/// Moves the queue on, and shows its call.
fn step(mut queue: ResMut<Queue>, mut announcing: ResMut<Announcing>, sound: Res<Sound>, mut tell: Tell) {
    let mut out = Vec::new();
    queue.step(tell.sounds(), sound.0, &mut out);
    tell.all(out);
    let shown = queue.shown().map(|(number, call)| Shown { number, call: call.clone() });
    if announcing.0 == shown {
        return;
    }
    // A call that had to wait has its accent while it is announced, and after; not where another one was called
    // to its counter meanwhile.
    if let Some(Shown { call, .. }) = &shown
        && tell.hall.counter(&call.counter).is_none_or(|c| c.serves(&call.ticket))
    {
        tell.fresh.insert(call.counter.clone(), (call.ticket.clone(), tell.now.mono));
    }
    announcing.0 = shown;
}

impl Tell<'_> {
    /// The monotonic time in which sound passes.
    fn sounds(&self) -> Duration {
        clock::real(self.now.mono)
    }

    fn all(&mut self, happened: Vec<Happening>) {
        for happening in happened {
            match happening {
                Happening::Begin(number, what, form) => {
                    let (text, unsaid) = self.text(&what, form);
                    self.proofs.write(Proof::Saying { number, text, form, unsaid });
                    self.say(number, &what, form);
                }
                Happening::GoOn(number, what, form) => self.say(number, &what, form),
                Happening::Hush => {
                    self.speak.write(Speak::Hush);
                    // What is cut is over; where it is begun anew the server hears of that too.
                    if let Some((number, _)) = self.told.0 {
                        self.finished(number);
                    }
                }
                Happening::Unspoken(number, what, why) => {
                    report(&what, why);
                    self.proofs.write(Proof::Unspoken { number, why, at: self.now.wall });
                    self.finished(number);
                }
            }
        }
    }

    fn say(&mut self, number: Number, what: &What, form: Form) {
        let sentences = sentences::all(&self.settings.voice, &self.hall, what, form);
        self.speak.write(Speak::Say { number, chime: form.chime, sentences, gap: form.gap });
    }

    /// All that is said of it, as people write it, and what cannot be said.
    fn text(&self, what: &What, form: Form) -> (String, Vec<String>) {
        let voice = &self.settings.voice;
        let sentences = match what {
            What::Call(_) => sentences::all(voice, &self.hall, what, form),
            What::Notice(notice) => sentences::whole(voice, notice),
        };
        let unsaid = sentences::skipped(voice, what, &sentences);
        if !unsaid.is_empty() {
            let unsaid = unsaid.join(", ");
            warn!("voice: nothing is said of {unsaid}: there is neither a letter nor a digit in it");
        }
        let text: Vec<&str> = sentences.iter().map(|s| s.written.as_str()).collect();
        (text.join(" "), unsaid)
    }

    /// The voice began.
    fn began(&mut self, queue: &Queue, number: Number, at: jiff::Timestamp) {
        let Some((speaking, what)) = queue.speaking() else { return };
        // A repeat begins too.
        if speaking != number || self.told.0.as_ref().is_some_and(|told| told.0 == number) {
            return;
        }
        self.proofs.write(Proof::Began { number, at });
        if let What::Call(call) = what {
            self.to_server.write(ToServer::AnnouncementStarted(call.clone()));
            self.told.0 = Some((number, call.clone()));
        }
    }

    /// The voice ended, one way or the other: the server hears of it if it heard of the beginning.
    fn finished(&mut self, number: Number) {
        if let Some((_, call)) = self.told.0.take_if(|(told, _)| *told == number) {
            self.to_server.write(ToServer::AnnouncementFinished(call));
        }
    }
}

fn report(what: &What, why: Unspoken) {
    let reason = match why {
        Unspoken::TooOld => "it waited too long",
        Unspoken::NoDevice => "there is no sound device",
        Unspoken::Withdrawn => "it was finished, called elsewhere or cleared",
        Unspoken::Merged => "it was called again",
        Unspoken::Backlog => "too much waits to be said",
        Unspoken::Off => "sound is off",
        Unspoken::Failed => "its sound broke off each time",
    };
    match what {
        What::Call(call) => info!("{} to counter {} is not spoken: {reason}", call.ticket.0, call.counter.0),
        What::Notice(notice) => info!("notice {} is not spoken: {reason}", notice.id.0),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::{
        config::Config,
        domain::{
            announcement,
            event::{CounterId, Level, Notice, NoticeId, Ticket, TicketCalled},
        },
    };

    fn call(attempt: u32) -> TicketCalled {
        let (ticket, counter) = (Ticket("A-100".into()), CounterId("1".into()));
        TicketCalled { ticket, counter, service: None, attempt, priority: None, time: None }
    }

    fn app() -> App {
        let mut app = App::new();
        app.insert_resource(Now { wall: default(), mono: Duration::ZERO, zone: TimeZone::UTC });
        app.insert_resource(Settings(Arc::new(Config::default())));
        app.add_plugins(plugin);
        app
    }

    #[test]
    fn what_has_neither_a_letter_nor_a_digit_is_in_the_proof() {
        let mut app = app();
        app.insert_resource(Sound(announcement::Sound::Ready));
        let starred = TicketCalled { counter: CounterId("★".into()), ..call(1) };
        app.world_mut().write_message(Calling::Called(starred));
        app.update();
        let proofs: Vec<Proof> = app.world_mut().resource_mut::<Messages<Proof>>().drain().collect();
        let told = proofs.iter().find_map(|proof| match proof {
            Proof::Saying { text, unsaid, .. } => Some((text.as_str(), unsaid.as_slice())),
            _ => None,
        });
        let text = "Nomor antrean A, satu nol nol.";
        assert_eq!(told, Some((text, ["★".to_owned()].as_slice())));

        let text = "🎉".to_owned();
        let notice = Notice { id: NoticeId("n".into()), text, level: Level::Info, speak: true, until: None };
        let voice = Config::default().voice;
        assert_eq!(sentences::skipped(&voice, &What::Notice(notice), &[]), ["🎉"]);
    }

    #[test]
    fn what_happens_in_one_frame_happens_in_order() {
        let mut app = app();
        let void = Calling::Withdrawn { ticket: call(1).ticket, counter: call(1).counter };
        app.world_mut().write_message(Calling::Called(call(1)));
        app.world_mut().write_message(void.clone());
        app.world_mut().write_message(Calling::Called(call(2)));
        app.update();
        let announced = app.world().resource::<Announcing>().0.as_ref().map(|a| a.call.attempt);
        assert_eq!(announced, Some(2), "called again after it was finished");
        app.world_mut().write_message(Calling::Called(call(3)));
        app.world_mut().write_message(void);
        app.world_mut().resource_mut::<Now>().mono += Duration::from_secs(7);
        app.update();
        assert!(app.world().resource::<Announcing>().0.is_none(), "finished after it was called");
    }

    #[test]
    fn a_device_that_comes_and_goes_costs_a_call_no_try() {
        let mut app = app();
        app.insert_resource(Sound(announcement::Sound::Ready));
        app.world_mut().write_message(Calling::Called(call(1)));
        app.update();
        let mut begun_again = |device| {
            app.world_mut().resource_mut::<Messages<Speak>>().clear();
            let (number, why) = (Number(1), String::new());
            app.world_mut().write_message(Voiced::Failed { number, why, device });
            app.update();
            app.world_mut().resource_mut::<Messages<Speak>>().drain().count()
        };
        assert_eq!([true; 9].map(&mut begun_again), [1; 9]);
        assert_eq!([false; 2].map(begun_again), [1, 0], "what breaks off by itself is tried twice");
    }
}
