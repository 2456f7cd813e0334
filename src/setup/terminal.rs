//! The terminal as the one who is asked: its own line editing, which every console and serial line has.
//! Invariant: what nobody may see is never shown, nor kept in a buffer of ours.
//!
//! Lines are not read key by key: the kernel's editing works on any terminal, however wide, and takes what is
//! pasted; and a terminal that is left in the middle of a line is in no state that has to be restored.

use std::io::{self, Write};

use dialoguer::{Password, console::Term, theme::Theme};

use super::ask::{Ask, Stopped};

/// The terminal.
#[derive(Debug)]
pub struct Terminal;

/// A prompt as it stands, and nothing after it.
struct Plain;

impl Theme for Plain {
    fn format_password_prompt(&self, f: &mut dyn std::fmt::Write, prompt: &str) -> std::fmt::Result {
        f.write_str(prompt)
    }
}

impl Ask for Terminal {
    fn show(&mut self, line: &str) {
        // A terminal that is gone ends the next question.
        let _ = writeln!(io::stdout(), "{line}");
    }

    fn line(&mut self, prompt: &str) -> Result<String, Stopped> {
        let mut out = io::stdout();
        write!(out, "{prompt}")?;
        out.flush()?;
        let mut line = Vec::new();
        let read = io::BufRead::read_until(&mut io::stdin().lock(), b'\n', &mut line)?;
        if read == 0 {
            return Err(Stopped::EndOfInput);
        }
        let line = String::from_utf8_lossy(&line);
        Ok(line.trim_end_matches(['\n', '\r']).to_owned())
    }

    fn secret(&mut self, prompt: &str) -> Result<String, Stopped> {
        let asked = Password::with_theme(&Plain).with_prompt(prompt).allow_empty_password(true).report(false);
        let typed = asked.interact_on(&Term::stdout()).map_err(|error| Stopped::Terminal(error.into()))?;
        // That something was typed is seen; how long it is, is not.
        self.show(&format!("{prompt}{}", if typed.is_empty() { "" } else { "********" }));
        Ok(typed)
    }
}
