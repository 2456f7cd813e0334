//! Asking: a line is shown, a line is read, and what is wrong with it is said and asked again.
//! Invariant: nothing that is shown is wider than 80 columns, but for names that people gave.

use std::io;

use crate::{domain::visible::clean, words::Language};

/// The widest line, in columns.
const WIDTH: usize = 78;
/// How far what belongs to a question stands from the left.
const INDENT: &str = "   ";

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// There is nobody to answer any more.
    #[error("the input ended before the last question; nothing was changed")]
    EndOfInput,
    /// The terminal broke.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] io::Error),
}

/// Who is asked.
pub trait Ask {
    /// Shows a line.
    fn show(&mut self, line: &str);
    /// Shows a prompt and reads a line; its end is not part of it.
    ///
    /// # Errors
    /// There is no answer.
    fn line(&mut self, prompt: &str) -> Result<String, Stopped>;
    /// The same for what nobody may see.
    ///
    /// # Errors
    /// There is no answer.
    fn secret(&mut self, prompt: &str) -> Result<String, Stopped>;
}

/// Asks in a language.
pub struct Asker<'a> {
    /// Who is asked.
    pub who: &'a mut dyn Ask,
    /// What is spoken.
    pub language: Language,
}

impl Asker<'_> {
    /// One of two texts that say the same.
    pub fn t<'t>(&self, id: &'t str, en: &'t str) -> &'t str {
        pick(self.language, id, en)
    }

    /// A question's heading.
    pub fn heading(&mut self, text: &str) {
        self.who.show("");
        self.who.show(text);
    }

    /// Something to know, wrapped.
    pub fn tell(&mut self, id: &str, en: &str) {
        self.note(pick(self.language, id, en));
    }

    /// Something to know that is in the language already.
    pub fn note(&mut self, text: &str) {
        for line in wrapped(text, INDENT) {
            self.who.show(&line);
        }
    }

    /// A text with a default, taken by Enter. `read` says what is wrong, with an example.
    ///
    /// # Errors
    /// There is no answer.
    pub fn text<T>(
        &mut self,
        label: &str,
        default: &str,
        mut read: impl FnMut(&str) -> Result<T, String>,
    ) -> Result<T, Stopped> {
        loop {
            let prompt = prompt(label, default);
            let typed = self.who.line(&prompt)?;
            if typed.contains(char::is_control) {
                self.tell(
                    "Ada tombol khusus (misalnya panah) di jawaban itu. Hapus dengan Backspace; tulis lagi.",
                    "A special key, such as an arrow, got into that. Correct with Backspace; type it again.",
                );
                continue;
            }
            let typed = clean(&typed);
            match read(if typed.is_empty() { default } else { &typed }) {
                Ok(answer) => return Ok(answer),
                Err(why) => self.note(&format!("! {why}")),
            }
        }
    }

    /// One of several, by its number or its name; `default` is its place.
    ///
    /// # Errors
    /// There is no answer.
    pub fn choose(
        &mut self,
        label: &str,
        choices: &[(String, String)],
        default: usize,
    ) -> Result<usize, Stopped> {
        let width = choices.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default().min(32);
        for (number, (name, what)) in choices.iter().enumerate() {
            let line = format!("{INDENT}{:>2}  {name:width$}  {what}", number + 1);
            let line: String = line.trim_end().chars().take(WIDTH.max(name.chars().count() + 8)).collect();
            self.who.show(&line);
        }
        let most = choices.len();
        let wrong = |language| {
            pick(
                language,
                &format!("Tulis nomor dari 1 sampai {most}, misalnya 1."),
                &format!("Write a number from 1 to {most}, for example 1."),
            )
            .to_owned()
        };
        let language = self.language;
        self.text(label, &(default + 1).to_string(), |typed| {
            let by_number = typed.parse::<usize>().ok().filter(|n| (1..=most).contains(n)).map(|n| n - 1);
            let by_name = || choices.iter().position(|(name, _)| name.eq_ignore_ascii_case(typed));
            by_number.or_else(by_name).ok_or_else(|| wrong(language))
        })
    }

    /// Yes or no.
    ///
    /// # Errors
    /// There is no answer.
    pub fn yes(&mut self, label: &str, default: bool) -> Result<bool, Stopped> {
        let (yes, no) = (self.t("y", "y").to_owned(), self.t("t", "n").to_owned());
        let shown = if default { &yes } else { &no };
        let label = format!("{label} ({yes}/{no})");
        let why = self.t("Jawab y (ya) atau t (tidak).", "Answer y (yes) or n (no).").to_owned();
        self.text(&label, shown, |typed| match typed.to_lowercase().as_str() {
            "y" | "ya" | "yes" => Ok(true),
            "t" | "tidak" | "n" | "no" => Ok(false),
            _ => Err(why.clone()),
        })
    }
}

/// One of two texts that say the same.
pub fn pick<'t>(language: Language, id: &'t str, en: &'t str) -> &'t str {
    match language {
        Language::Indonesian => id,
        Language::English => en,
    }
}

/// `label [default]: `, in two lines where it would leave no room to type.
fn prompt(label: &str, default: &str) -> String {
    let default = clean(default);
    let all = match default.is_empty() {
        true => format!("{INDENT}{label}: "),
        false => format!("{INDENT}{label} [{default}]: "),
    };
    if all.chars().count() <= 56 || default.is_empty() {
        return all;
    }
    format!("{INDENT}{label} [{default}]:\n{INDENT}> ")
}

/// The text in lines of at most [`WIDTH`] columns; its own line breaks stay.
pub fn wrapped(text: &str, indent: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let width = indent.chars().count() + line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && width > WIDTH {
                lines.push(format!("{indent}{line}"));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(format!("{indent}{line}"));
    }
    lines
}
