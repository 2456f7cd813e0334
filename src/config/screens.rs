//! What holds of several screens together: their names, and whose films are heard.
//! Invariant: no two screens have the same name, and never are two screens' films heard.

use super::{Config, Screen};

impl Config {
    /// What each screen is called, for staff: its output, or its number where it names none. Screens that share an
    /// output are told apart by a number.
    pub fn screen_names(&self) -> Vec<String> {
        let named = |screen: &Screen, number: usize| match &screen.output {
            Some(output) => output.clone(),
            None => (number + 1).to_string(),
        };
        let names: Vec<String> = self.screens.iter().zip(0..).map(|(s, n)| named(s, n)).collect();
        let several = |name: &String| names.iter().filter(|other| *other == name).count() > 1;
        let number = |at: usize| names[..=at].iter().filter(|other| **other == names[at]).count();
        let told = |(at, name): (usize, &String)| match several(name) {
            true => format!("{name} ({})", number(at)),
            false => name.clone(),
        };
        names.iter().enumerate().map(told).collect()
    }

    /// The number of the screen whose films are heard: the one that says so, else the first, unless it says no.
    pub fn heard_screen(&self) -> Option<usize> {
        let first = self.screens.first().filter(|screen| screen.sound != Some(false)).map(|_| 0);
        self.screens.iter().position(|screen| screen.sound == Some(true)).or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(screens: &[(Option<&str>, Option<bool>)]) -> Config {
        let screen = |(output, sound): &(Option<&str>, Option<bool>)| Screen {
            output: output.map(str::to_owned),
            sound: *sound,
            ..Screen::default()
        };
        Config { screens: screens.iter().map(screen).collect(), ..Config::default() }
    }

    #[test]
    fn names_are_each_their_own() {
        let names = |outputs: &[Option<&str>]| {
            config(&outputs.iter().map(|output| (*output, None)).collect::<Vec<_>>()).screen_names()
        };
        assert_eq!(names(&[None]), ["1"]);
        assert_eq!(names(&[Some("HDMI-A-1"), None]), ["HDMI-A-1", "2"]);
        assert_eq!(names(&[Some("A"), Some("B"), Some("A")]), ["A (1)", "B", "A (2)"]);
    }

    #[test]
    fn one_screen_at_most_is_heard() {
        let heard = |sounds: &[Option<bool>]| {
            config(&sounds.iter().map(|sound| (None, *sound)).collect::<Vec<_>>()).heard_screen()
        };
        assert_eq!(heard(&[None]), Some(0));
        assert_eq!(heard(&[None, None]), Some(0));
        assert_eq!(heard(&[None, Some(true)]), Some(1));
        assert_eq!(heard(&[Some(false), None]), None);
        assert_eq!(heard(&[Some(true), Some(false)]), Some(0));
    }
}
