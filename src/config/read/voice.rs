//! `[voice]` of `papan.toml`: which languages speak, what they say, and who says it.
//! Invariant: a template that is read names the whole ticket and the counter.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    time::Duration,
};

use super::{LANGUAGES, Reader, set};
use crate::{
    config::{Role, Speaker, Voice, VoiceSource},
    domain::{
        speech::{self, LONGEST_TEMPLATE, Reading, Template, TemplateError},
        visible::clean,
    },
    words::Language,
    written::{Table, Value},
};

pub(super) const KEYS: &[&str] =
    &["languages", "source", "numbers", "counters", "repeat", "backlog_s", "priority_first", "id", "en"];
const SPEAKER_KEYS: &[&str] = &["call", "pack", "espeak", "speed", "say"];
const SOURCES: [(&str, VoiceSource); 2] = [("pack", VoiceSource::Pack), ("espeak-ng", VoiceSource::Espeak)];
const READINGS: [(&str, Reading); 2] = [("digits", Reading::Digits), ("words", Reading::Words)];

/// The longest entry of the pronunciation table, in characters.
const MAX_SAY: usize = 200;
/// How many entries the pronunciation table can have: it is looked through at each call.
const MOST_SAY: usize = 500;
/// The longest name of an espeak-ng voice, in characters.
const MAX_ESPEAK: usize = 60;

impl Reader<'_> {
    pub(super) fn voice(&mut self, table: Table<'_>, voice: &mut Voice) {
        let spoken = table.get("languages").map(languages);
        if let Some(Some(languages)) = &spoken {
            voice.languages = languages.iter().copied().map(Speaker::new).collect();
        }
        set(&mut voice.source, table.get("source").and_then(|v| v.choice(&SOURCES)));
        set(&mut voice.priority_first, table.get("priority_first").and_then(|v| v.boolean()));
        set(&mut voice.repeat, table.get("repeat").and_then(|v| v.whole(1..=3, "1")).map(|n| n as u8));
        let backlog = table.get("backlog_s").and_then(|v| v.whole(10..=90, "30"));
        set(&mut voice.backlog, backlog.map(|s| Duration::from_secs(u64::from(s))));
        let numbers = table.get("numbers").and_then(|v| v.choice(&READINGS));
        let counters = table.get("counters").and_then(|v| v.choice(&READINGS));
        for speaker in &mut voice.languages {
            set(&mut speaker.manner.numbers, numbers);
            set(&mut speaker.manner.counters, counters);
        }
        for (name, language) in LANGUAGES {
            let Some(value) = table.get(name) else { continue };
            let mut unheard = Speaker::new(language);
            let speaker = voice.languages.iter_mut().find(|s| s.manner.language == language);
            // Where the list itself is wrong, that is the problem.
            if speaker.is_none() && spoken != Some(None) {
                value.warning(
                    format!("[voice.{name}] tidak dipakai; tambahkan \"{name}\" ke `languages` di [voice], atau hapus bagian ini"),
                    format!("[voice.{name}] is not used; add \"{name}\" to `languages` in [voice], or leave this part out"),
                );
            }
            // What is wrong is told all the same, before someone switches the language on.
            let example = format!("[voice.{name}]");
            if let Some(table) = value.table(SPEAKER_KEYS, &example) {
                self.speaker(table, speaker.unwrap_or(&mut unheard));
            }
        }
    }

    fn speaker(&mut self, table: Table<'_>, speaker: &mut Speaker) {
        let language = speaker.manner.language;
        set(&mut speaker.manner.template, table.get("call").and_then(|v| template(v, language)));
        set(&mut speaker.manner.say, table.get("say").map(|v| say(v, language)));
        speaker.pack = self.file(table.get("pack"), Role::Voice, "\"suara\"");
        set(&mut speaker.espeak, table.get("espeak").and_then(espeak));
        set(&mut speaker.speed, table.get("speed").and_then(|v| v.whole(80..=300, "160")));
    }
}

/// The languages in the order in which they are spoken; `None` where any is wrong.
fn languages(value: Value<'_>) -> Option<Vec<Language>> {
    let mut languages = Vec::new();
    let mut wrong = false;
    for one in value.list("languages = [\"id\", \"en\"]")? {
        let found = language(one);
        if found.is_some_and(|language| languages.contains(&language)) {
            one.error(
                "bahasa ini tertulis dua kali; tulis sekali saja (agar diulang: repeat = 2)",
                "this language is written twice; write it once (to have it repeated: repeat = 2)",
            );
            wrong = true;
        }
        wrong |= found.is_none();
        languages.extend(found);
    }
    (!wrong).then_some(languages)
}

fn language(value: Value<'_>) -> Option<Language> {
    let name = value.string("[\"id\", \"en\"]")?;
    let found = LANGUAGES.iter().find(|(known, _)| *known == name).map(|(_, language)| *language);
    if found.is_none() {
        let name = clean(name);
        value.error(
            format!("bahasa \"{name}\" tidak dikenal; tulis misalnya: languages = [\"id\", \"en\"]"),
            format!("unknown language \"{name}\"; write for example: languages = [\"id\", \"en\"]"),
        );
    }
    found
}

fn template(value: Value<'_>, language: Language) -> Option<Template> {
    let own = Template::own(language);
    let example = format!("\"{}\"", own.as_str());
    let error = match Template::parse(&clean(value.string(&example)?)) {
        Ok(template) => {
            if template.has_bare_counter() {
                value.warning(
                    format!("di luar kurung bulat tidak ada kata di antara `{{counter}}` dan isian di sebelahnya, sehingga nomornya sulit dibedakan; misalnya: call = {example}"),
                    format!("outside the round brackets there is no word between `{{counter}}` and the place beside it, so that their numbers are hard to tell apart; for example: call = {example}"),
                );
            }
            return Some(template);
        }
        Err(error) => error,
    };
    let id = match &error {
        TemplateError::Empty => "kalimatnya kosong".to_owned(),
        TemplateError::TooLong(count) => {
            format!("kalimatnya {count} huruf; tulis paling banyak {LONGEST_TEMPLATE} huruf")
        }
        TemplateError::UnknownPlace { wrong, right } => {
            format!("tempat `{{{wrong}}}` tidak dikenal; tulis `{{{right}}}`")
        }
        TemplateError::Unbalanced(bracket) => format!("kurung `{bracket}` tidak berpasangan"),
        TemplateError::Nested => "ada kurung di dalam kurung; pakai satu lapis saja".to_owned(),
        TemplateError::Missing(place) => {
            format!("`{{{place}}}` belum ada di luar kurung bulat, padahal selalu harus disebut")
        }
    };
    value.error(
        format!("{id}; misalnya: call = {example}"),
        format!("{error}; for example: call = {example}"),
    );
    None
}

/// The pronunciation table. Of two entries that are found by the same words the first counts; the other is a
/// problem.
fn say(value: Value<'_>, language: Language) -> BTreeMap<String, String> {
    const EXAMPLE: &str = "say = { BPJS = \"be pe je es\" }";
    let mut entries = value.named(EXAMPLE);
    entries.sort_by_key(Value::line);
    if entries.len() > MOST_SAY {
        let count = entries.len();
        value.error(
            format!("`say` berisi {count} kata; tulis paling banyak {MOST_SAY}"),
            format!("`say` has {count} entries; write at most {MOST_SAY}"),
        );
        return BTreeMap::new();
    }
    let speakable = |text: &str| text.contains(char::is_alphanumeric);
    let (mut table, mut found) = (BTreeMap::new(), BTreeMap::new());
    for entry in entries {
        let Some(said) = entry.text(MAX_SAY, "\"be pe je es\"") else { continue };
        let written = clean(entry.key());
        if !speakable(&said) || !speakable(&written) || written.chars().count() > MAX_SAY {
            entry.error(
                format!("`{written}` atau ucapannya tidak dapat diucapkan; tulis kata di kedua sisinya, misalnya: {EXAMPLE}"),
                format!("`{written}` or what is said for it cannot be spoken; write words on both sides, for example: {EXAMPLE}"),
            );
        } else {
            match found.entry(speech::looked_up(&written, language)) {
                Entry::Occupied(first) => {
                    let (first, line): &(String, usize) = first.get();
                    entry.error(
                        format!("`{written}` sama dengan `{first}` di baris {line}: huruf besar dan tanda baca tidak dibedakan; hapus salah satu"),
                        format!("`{written}` is the same as `{first}` in line {line}: capitals and punctuation make no difference; leave one of them out"),
                    );
                }
                Entry::Vacant(place) => {
                    place.insert((written.clone(), entry.line()));
                    table.insert(written, said);
                }
            }
        }
    }
    table
}

/// The name of an espeak-ng voice: it goes onto a command line, so it cannot look like an option.
fn espeak(value: Value<'_>) -> Option<String> {
    let name = value.text(MAX_ESPEAK, "\"id\"")?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_+/".contains(c));
    if !is_name {
        value.error(
            format!("\"{name}\" bukan nama suara espeak-ng; pilih dari daftar `espeak-ng --voices`, misalnya: espeak = \"id\""),
            format!("\"{name}\" is no name of an espeak-ng voice; choose from the list of `espeak-ng --voices`, for example: espeak = \"en-gb\""),
        );
    }
    is_name.then_some(name)
}
