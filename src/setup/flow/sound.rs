//! The fourth question: where the chime and the voice are heard, and how loud.
//! Invariant: a machine without any sound is no reason to stop.

use super::{
    super::{
        answers::{self, Answers},
        ask::{Asker, Stopped, pick},
        machine::Machine,
    },
    Before,
};
use crate::config::{Config, Voice};

/// So many devices at the most are listed; ALSA knows many names for one card.
const MOST_LISTED: usize = 10;
/// What a name begins with that suits most machines.
const USUAL: [&str; 5] = ["default", "plughw:", "pulse", "pipewire", "hdmi:"];

/// Asks it.
pub(super) fn ask(
    asker: &mut Asker<'_>,
    machine: &dyn Machine,
    before: &Before<'_>,
    answers: &mut Answers,
) -> Result<(), Stopped> {
    let title = asker.t("4/5  Suara", "4/5  Sound").to_owned();
    asker.heading(&title);
    asker.tell(
        "Panggilan didahului bunyi penanda, lalu diucapkan. Bila kabelnya HDMI, pilih yang bernama HDMI.",
        "A call is a chime, then words. If the sound goes by the HDMI cable, choose a device called so.",
    );
    let mut first = true;
    loop {
        let given = first && before.given.device.is_some();
        if !given {
            device(asker, machine, answers)?;
        }
        if !(first && before.given.volume.is_some()) {
            let language = asker.language;
            let label = asker.t("Keras suara", "Volume").to_owned();
            let shown = format!("{}%", (answers.volume * 1000.0).round() / 10.0);
            answers.volume = asker.text(&label, &shown, |typed| answers::volume(typed, language))?;
        }
        first = false;
        if !before.test || answers.volume == 0.0 || heard(asker, machine, before, answers)? {
            return Ok(());
        }
    }
}

fn device(asker: &mut Asker<'_>, machine: &dyn Machine, answers: &mut Answers) -> Result<(), Stopped> {
    let all = machine.devices().unwrap_or_else(|why| {
        let (id, en) = (
            format!("! Perangkat suara tidak dapat didaftar: {why}"),
            format!("! The sound devices cannot be listed: {why}"),
        );
        asker.tell(&id, &en);
        Vec::new()
    });
    let mut listed: Vec<&(String, String)> =
        all.iter().filter(|(name, _)| USUAL.iter().any(|usual| name.starts_with(usual))).collect();
    listed.truncate(MOST_LISTED);
    for (number, (name, what)) in listed.iter().enumerate() {
        let what = match (name.as_str(), what.is_empty()) {
            ("default", true) => asker.t("bawaan sistem", "the system's own").to_owned(),
            _ => what.clone(),
        };
        let line: String = format!("     {}  {name}  {what}", number + 1).chars().take(78).collect();
        asker.who.show(line.trim_end());
    }
    if listed.len() < all.len() {
        let more = all.len() - listed.len();
        let (id, en) = (
            format!("{more} nama lain: papan say --devices"),
            format!("{more} other names: papan say --devices"),
        );
        asker.tell(&id, &en);
    }
    let language = asker.language;
    let label = asker.t("Perangkat (nomor atau nama)", "Device (number or name)").to_owned();
    let present = answers.device.clone();
    answers.device = asker.text(&label, &present, |typed| {
        let by_number = typed.parse::<usize>().ok().and_then(|n| listed.get(n.checked_sub(1)?));
        let by_name = || all.iter().find(|(name, _)| name == typed);
        match by_number.copied().or_else(by_name) {
            Some((name, _)) => Ok(name.clone()),
            None if typed == present || all.is_empty() => answers::name(typed, language),
            None => Err(pick(
                language,
                &format!("Tidak ada perangkat \"{typed}\". Tulis nomornya, misalnya 1, atau default."),
                &format!("There is no device \"{typed}\". Write its number, such as 1, or default."),
            )
            .to_owned()),
        }
    })?;
    Ok(())
}

/// Plays a call; whether the answers stand.
fn heard(
    asker: &mut Asker<'_>,
    machine: &dyn Machine,
    before: &Before<'_>,
    answers: &Answers,
) -> Result<bool, Stopped> {
    let config = as_answered(before.config, answers);
    loop {
        asker.tell(
            "Bunyi penanda dan panggilan A-012 ke loket 3 ...",
            "The chime, and ticket A-012 to counter 3 ...",
        );
        if let Err(why) = machine.sound(&config) {
            let (id, en) = (format!("! Tidak terdengar: {why}"), format!("! It was not heard: {why}"));
            asker.tell(&id, &en);
            asker.tell(
                "Periksa kabel dan `aplay -l`. Mesin tanpa suara tetap dapat dipakai: panggilan tampil di layar.",
                "Check the cable and `aplay -l`. A machine without sound works all the same: calls are on the screen.",
            );
            let label = asker.t("Pilih perangkat lain?", "Choose another device?").to_owned();
            return Ok(!asker.yes(&label, false)?);
        }
        let language = asker.language;
        let label = asker.t("Terdengar? (y/t, u: ulangi)", "Heard it? (y/n, r: repeat)").to_owned();
        let answer = asker.text(&label, "y", |typed| match typed.to_lowercase().as_str() {
            "y" | "ya" | "yes" => Ok(Some(true)),
            "t" | "tidak" | "n" | "no" => Ok(Some(false)),
            "u" | "ulangi" | "r" | "repeat" => Ok(None),
            _ => Err(pick(language, "Jawab y, t atau u.", "Answer y, n or r.").to_owned()),
        })?;
        if let Some(answer) = answer {
            return Ok(answer);
        }
    }
}

/// The config as it sounds with these answers.
pub(in super::super) fn as_answered(config: &Config, answers: &Answers) -> Config {
    let mut config = config.clone();
    config.sound.device.clone_from(&answers.device);
    config.sound.volume = answers.volume;
    // A trial is to be heard at night as well.
    config.sound.hours.clear();
    if config.hall.language != answers.language && config.voice.languages.len() == 1 {
        config.voice = Voice { languages: Voice::new(answers.language).languages, ..config.voice };
    }
    config
}
