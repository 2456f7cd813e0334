//! The five questions in their order, each answer tried on the spot.
//! Invariant: nothing is written here; Enter alone keeps every answer that the config has.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use super::{
    answers::{self, Answers, TokenChoice},
    ask::{Ask, Asker, Stopped, pick},
    given::{Given, present_token},
    machine::Machine,
    server,
};
use crate::{config::Config, link::trial::Trial, words::Language};

mod playlist;
mod screens;
mod sound;

pub use playlist::{Look, look};
pub(super) use {playlist::sample, sound::as_answered};

/// What was there before, and what the command line says.
pub struct Before<'a> {
    /// The config as it is.
    pub config: &'a Config,
    /// Answers of the command line.
    pub given: &'a Given,
    /// Whether answers are tried.
    pub test: bool,
}

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The answers.
    pub answers: Answers,
    /// Folders to which a playlist is copied: from, to.
    pub copies: Vec<(PathBuf, PathBuf)>,
}

/// Which language to ask in; the first question.
///
/// # Errors
/// There is no answer.
pub fn language(who: &mut dyn Ask, default: Language) -> Result<Language, Stopped> {
    let mut asker = Asker { who, language: default };
    let choices = [("Bahasa Indonesia".to_owned(), String::new()), ("English".to_owned(), String::new())];
    let at = asker.choose("Bahasa / Language", &choices, usize::from(default == Language::English))?;
    Ok(if at == 0 { Language::Indonesian } else { Language::English })
}

/// Asks all five.
///
/// # Errors
/// There is no answer.
pub fn ask_all(asker: &mut Asker<'_>, machine: &dyn Machine, before: &Before<'_>) -> Result<Plan, Stopped> {
    let mut answers = Answers::of(before.config);
    before.given.apply(&mut answers);
    asker.tell(
        "Lima pertanyaan. Enter memakai jawaban dalam [kurung]. Ctrl-C membatalkan: tidak ada yang berubah. Tidak ada yang ditulis sebelum pertanyaan terakhir.",
        "Five questions. Enter takes the answer in [brackets]. Ctrl-C ends it: nothing is changed. Nothing is written before the last question.",
    );
    hall(asker, machine, before, &mut answers)?;
    queue(asker, machine, before, &mut answers)?;
    screens::ask(asker, machine, before, &mut answers)?;
    sound::ask(asker, machine, before, &mut answers)?;
    let copies = playlist::ask(asker, before, &mut answers)?;
    Ok(Plan { answers, copies })
}

fn hall(
    asker: &mut Asker<'_>,
    machine: &dyn Machine,
    before: &Before<'_>,
    answers: &mut Answers,
) -> Result<(), Stopped> {
    let (language, given) = (asker.language, before.given);
    let title = asker.t("1/5  Balai", "1/5  Hall").to_owned();
    asker.heading(&title);
    asker.tell(
        "Nama di atas layar, sampai server antrean mengirim namanya sendiri.",
        "The name on top of the screen, until the queue server sends its own.",
    );
    if given.name.is_none() {
        let label = asker.t("Nama balai", "The hall's name").to_owned();
        answers.name = asker.text(&label, &answers.name.clone(), |typed| answers::name(typed, language))?;
    }
    if given.organization.is_none() {
        let label = asker.t("Instansi (boleh kosong)", "Organization (may be empty)").to_owned();
        answers.organization = asker.text(&label, &answers.organization.clone(), |typed| {
            if typed.is_empty() { Ok(String::new()) } else { answers::name(typed, language) }
        })?;
    }
    if given.timezone.is_none() {
        let label = asker.t("Zona waktu: WIB, WITA, WIT", "Time zone: WIB, WITA, WIT").to_owned();
        let shown = short_zone(&answers.timezone).to_owned();
        answers.timezone = asker.text(&label, &shown, |typed| answers::timezone(typed, language))?;
    }
    if let Ok(zone) = TimeZone::get(&answers.timezone) {
        let time = machine.now().to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string();
        asker.tell(
            &format!("Di sana sekarang {time}. Bila salah, betulkan jam mesin ini: timedatectl set-ntp true"),
            &format!("It is {time} there now. If not, set this machine's clock: timedatectl set-ntp true"),
        );
    }
    if given.language.is_none() {
        let choices =
            [("id".to_owned(), "Bahasa Indonesia".to_owned()), ("en".to_owned(), "English".to_owned())];
        let label = asker.t("Bahasa di layar", "The screen's language").to_owned();
        let at = asker.choose(&label, &choices, usize::from(answers.language == Language::English))?;
        answers.language = if at == 0 { Language::Indonesian } else { Language::English };
    }
    Ok(())
}

/// A time zone as people there call it.
fn short_zone(name: &str) -> &str {
    match name {
        "Asia/Jakarta" => "WIB",
        "Asia/Makassar" => "WITA",
        "Asia/Jayapura" => "WIT",
        other => other,
    }
}

/// What is done about a server that cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Change,
    Again,
    GoOn,
}

fn queue(
    asker: &mut Asker<'_>,
    machine: &dyn Machine,
    before: &Before<'_>,
    answers: &mut Answers,
) -> Result<(), Stopped> {
    let title = asker.t("2/5  Server antrean", "2/5  Queue server").to_owned();
    asker.heading(&title);
    asker.tell(
        "Dari sana datang nomor antrean. Alamatnya seperti wss://antrean.kendarikota.go.id/events; tulis - bila belum ada: layar menampilkan balai contoh.",
        "The tickets come from there. Its address is like wss://antrean.kendarikota.go.id/events; write - if there is none yet: the screen shows the demo hall.",
    );
    let mut next = Next::Change;
    let mut first = true;
    loop {
        if next == Next::Change {
            ask_url(asker, before, answers, first)?;
            if answers.url.is_none() {
                asker.tell("Tanpa server: balai contoh.", "No server: the demo hall.");
                return Ok(());
            }
            ask_token(asker, before, answers, first)?;
        }
        first = false;
        let Some(trial) = trial(before.config, answers) else { return Ok(()) };
        if !before.test {
            return Ok(());
        }
        asker.tell("Menyambung ...", "Connecting ...");
        let trouble = match machine.meet(&trial) {
            Ok(hall) => {
                let met = server::met(&hall, asker.language);
                asker.note(&met);
                return Ok(());
            }
            Err(trouble) => trouble,
        };
        let cure = server::cure(&trouble, &trial, machine.now(), asker.language);
        asker.note(&format!("! {cure}"));
        if matches!(trouble, crate::link::trial::Trouble::UnknownIssuer) && ask_authority(asker, answers)? {
            next = Next::Again;
            continue;
        }
        next = ask_next(asker)?;
        if next == Next::GoOn {
            return Ok(());
        }
    }
}

fn ask_url(
    asker: &mut Asker<'_>,
    before: &Before<'_>,
    answers: &mut Answers,
    first: bool,
) -> Result<(), Stopped> {
    if first && before.given.url.is_some() {
        return Ok(());
    }
    let language = asker.language;
    let label = asker.t("Alamat", "Address").to_owned();
    let shown = answers.url.clone().unwrap_or_else(|| "-".to_owned());
    answers.url = asker.text(&label, &shown, |typed| match typed {
        "-" => Ok(None),
        typed => answers::url(typed, language).map(Some),
    })?;
    Ok(())
}

fn ask_token(
    asker: &mut Asker<'_>,
    before: &Before<'_>,
    answers: &mut Answers,
    first: bool,
) -> Result<(), Stopped> {
    if first && before.given.token.is_some() {
        return Ok(());
    }
    let kept = match &answers.token {
        TokenChoice::New(_) => true,
        TokenChoice::Without => false,
        TokenChoice::Keep => before.config.queue.token_file.is_some(),
    };
    let label = match kept {
        true => asker.t(
            "   Token (tidak tampak; Enter: yang lama, -: tanpa token): ",
            "   Token (not shown; Enter: the present one, -: none): ",
        ),
        false => {
            asker.t("   Token (tidak tampak; Enter: tanpa token): ", "   Token (not shown; Enter: none): ")
        }
    }
    .to_owned();
    loop {
        match asker.who.secret(&label)?.trim() {
            "" => {
                if !kept {
                    answers.token = TokenChoice::Without;
                }
                return Ok(());
            }
            "-" => {
                answers.token = TokenChoice::Without;
                return Ok(());
            }
            typed => match answers::token(typed, asker.language) {
                Ok(token) => {
                    answers.token = TokenChoice::New(token);
                    return Ok(());
                }
                Err(why) => asker.note(&format!("! {why}")),
            },
        }
    }
}

/// What to try; `None` where there is no server.
pub fn trial(config: &Config, answers: &Answers) -> Option<Trial> {
    let token = match &answers.token {
        TokenChoice::New(token) => Some(token.clone()),
        TokenChoice::Without => None,
        TokenChoice::Keep => present_token(config.queue.token_file.as_deref(), answers.language),
    };
    Some(Trial {
        url: answers.url.clone()?,
        display: config.queue.display.clone(),
        token,
        ca_file: answers.ca_file.clone(),
    })
}

/// Whether another authority is to be trusted.
fn ask_authority(asker: &mut Asker<'_>, answers: &mut Answers) -> Result<bool, Stopped> {
    let language = asker.language;
    let label = asker.t("Berkas CA (Enter: tidak ada)", "CA file (Enter: none)").to_owned();
    let file = asker.text(&label, "", |typed| match typed {
        "" => Ok(None),
        typed => {
            let path = PathBuf::from(typed);
            if path.is_absolute() && path.is_file() {
                return Ok(Some(path));
            }
            Err(pick(
                language,
                "Tidak ada berkas itu. Contoh: /etc/papan/ca.pem",
                "There is no such file. Example: /etc/papan/ca.pem",
            )
            .to_owned())
        }
    })?;
    let trusts = file.is_some();
    if trusts {
        answers.ca_file = file;
    }
    Ok(trusts)
}

fn ask_next(asker: &mut Asker<'_>) -> Result<Next, Stopped> {
    let choice = |text: &str| (text.to_owned(), String::new());
    let choices = [
        choice(asker.t("ubah alamat atau token", "change the address or the token")),
        choice(asker.t("coba sekali lagi", "try once more")),
        choice(asker.t(
            "pakai begitu saja; papan mencoba terus sendiri",
            "leave it so; papan goes on trying by itself",
        )),
    ];
    let label = asker.t("Pilih", "Choose").to_owned();
    let at = asker.choose(&label, &choices, 0)?;
    Ok([Next::Change, Next::Again, Next::GoOn][at])
}
