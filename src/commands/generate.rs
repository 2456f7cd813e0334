//! `papan generate`: man pages and the shells' completions, for whoever makes a package.
//! Invariant: all of it comes from the command line's own description and the config's template.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};
use papan::{VERSION, cli::Cli};

use super::Failure;

/// The config file with every key explained, as it ships.
const TEMPLATE: &str = include_str!("../../packaging/papan.toml");
const FILES: [(&str, &str); 8] = [
    ("/etc/papan/papan.toml", "The hall's config: papan.toml(5)."),
    ("/etc/papan/token", "The queue server's token, readable by the service alone."),
    ("/etc/papan/sway.d/*.conf", "The site's own lines for the compositor."),
    ("/etc/default/papan", "What the units take besides: PAPAN_RENDERER, WLR_RENDERER, PAPAN_ARGS."),
    ("/var/lib/papan/playlists", "The playlists; whoever is in the group papan may change them."),
    ("/var/lib/papan", "The last state, the last good copies of the playlists, the play log."),
    ("/usr/share/papan", "The playlists, their schema and the config's template, as they ship."),
    ("/usr/share/doc/papan/README.md", "All of it in order, with troubles and their cures."),
];

/// Writes all of it into a folder: `man/*.1`, `man/papan.toml.5`, `completions/…`.
pub fn run(folder: &Path) -> Result<ExitCode, Failure> {
    let (man, completions) = (folder.join("man"), folder.join("completions"));
    for folder in [&man, &completions] {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let mut command = Cli::command();
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut command, "papan", &completions)?;
    }
    let mut command = with_no_help(Cli::command());
    command.build();
    pages(&command, "papan", &man)?;
    config_page(&mut File::create(man.join("papan.toml.5"))?)?;
    Ok(ExitCode::SUCCESS)
}

/// A command without `help` as one of its commands: it says what is on the pages.
fn with_no_help(command: Command) -> Command {
    let command = command.disable_help_subcommand(true);
    command.mut_subcommands(|one| if one.has_subcommands() { with_no_help(one) } else { one })
}

/// The page of a command, whose words on the command line are joined by `-` in `name`, and of those under it.
fn pages(command: &Command, name: &str, folder: &Path) -> io::Result<()> {
    // `help` is no command of its own: it says what is on these pages.
    for one in command.get_subcommands().filter(|one| !one.is_hide_set() && one.get_name() != "help") {
        pages(one, &format!("{name}-{}", one.get_name()), folder)?;
    }
    let mut out = File::create(folder.join(format!("{name}.1")))?;
    let source = format!("papan {VERSION}");
    let man = Man::new(command.clone()).title(name).source(source).manual("papan");
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    if command.get_arguments().any(|argument| !argument.is_hide_set()) {
        man.render_options_section(&mut out)?;
    }
    if command.get_subcommands().any(|one| !one.is_hide_set()) {
        man.render_subcommands_section(&mut out)?;
    }
    let mut end = Roff::default();
    if let Some(help) = command.get_after_help() {
        // The help's examples are lines of their own; a page's text would run them together.
        end.control("SH", ["EXAMPLES"]);
        let help = help.to_string();
        let title = ["Examples:\n", "Example:\n"].iter().find_map(|title| help.strip_prefix(title));
        lines(&mut end, title.unwrap_or(&help));
    }
    if name == "papan" {
        end.control("SH", ["FILES"]);
        for (path, what) in FILES {
            end.control("TP", []).text([bold(path)]).text([roman(what)]);
        }
    }
    end.control("SH", ["SEE ALSO"]);
    let others = if name == "papan" { "papan.toml(5)" } else { "papan(1), papan.toml(5)" };
    end.text([roman(others)]);
    end.to_writer(&mut out)
}

/// papan.toml(5): the template itself.
fn config_page(out: &mut dyn Write) -> io::Result<()> {
    let mut page = Roff::default();
    page.control("TH", ["papan.toml", "5", "", &format!("papan {VERSION}"), "papan"]);
    page.control("SH", ["NAME"])
        .text([roman("papan.toml - the config of papan, the screen of a public-service hall")]);
    page.control("SH", ["DESCRIPTION"]);
    page.text([roman(
        "What follows is the file as it ships, with every key explained. A line that begins with # and no space \
         is a key that is left out: it stands there with its default or an example.",
    )]);
    lines(&mut page, TEMPLATE);
    page.control("SH", ["SEE ALSO"]).text([roman("papan(1), papan-check(1)")]);
    page.to_writer(out)
}

/// Text whose lines stay as they are.
fn lines(page: &mut Roff, text: &str) {
    page.control("nf", []);
    for line in text.lines() {
        page.text([roman(line)]);
    }
    page.control("fi", []);
}
