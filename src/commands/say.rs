//! `papan say`: a call as the screen would say it. Invariant: it sounds as the config has it, but for what the flags say.

use std::{io, process::ExitCode};

use papan::{
    audio::{self, Spoken},
    cli::{SayArgs, SiteArgs},
    config::Speaker,
    domain::speech::Called,
    words::Language,
};

use super::{Failure, Out, settings, warn_on_stderr};

/// Speaks.
pub fn run(args: SayArgs) -> Result<ExitCode, Failure> {
    warn_on_stderr();
    let site = SiteArgs { config: args.config, playlist: None };
    let mut config = settings(&site, None, None)?;
    let out = &mut Out(io::stdout().lock());
    if args.devices {
        audio::devices(&config, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    config.sound.device = args.device.unwrap_or(config.sound.device);
    if !args.language.is_empty() {
        let known = std::mem::take(&mut config.voice.languages);
        let speaker = |l: Language| known.iter().find(|s| s.manner.language == l).cloned();
        let languages = args.language.into_iter();
        config.voice.languages = languages.map(|l| speaker(l).unwrap_or_else(|| Speaker::new(l))).collect();
    }
    let time = config.hall.timezone.to_datetime(jiff::Timestamp::now()).time();
    if audio::volume(&config.sound, time) == 0.0 {
        eprintln!(
            "papan: the volume is 0 at this time of day, as [sound] in the config has it: nothing is heard"
        );
    }
    let [ticket, counter, service] = [args.ticket, args.counter, args.service].map(Option::unwrap_or_default);
    let what = match &args.text {
        Some(text) => Spoken::Text(text),
        None => Spoken::Call(Called { ticket: &ticket, counter: &counter, service: &service }),
    };
    if let Some(hint) = audio::unheard_service(&config, what) {
        eprintln!("papan: {hint}");
    }
    audio::say(&config, audio::Request { what, out: args.out.as_deref() }, out)?;
    Ok(ExitCode::SUCCESS)
}
