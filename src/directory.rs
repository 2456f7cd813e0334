//! Where the program keeps what it writes by itself.
//! Invariant: a place is either named by the environment or not used: none is made up.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use bevy::prelude::Resource;

/// Where the state is kept; `None`: nowhere. Left out: where the environment says.
#[derive(Resource, Debug, Clone)]
pub struct StateDirectory(pub Option<PathBuf>);

/// The directory that was `given`, or else the one of the environment; `None`: nothing is to be kept, or the
/// environment names no place for it.
pub fn state(given: Option<&StateDirectory>) -> Option<PathBuf> {
    given.map_or_else(|| state_by(|name| env::var_os(name)), |given| given.0.clone())
}

/// The environment's place for the state: systemd's `STATE_DIRECTORY`, else `papan` in the user's state
/// directory by the XDG base directory specification. `None` where the environment names no place. `variable`
/// reads an environment variable.
pub fn state_by(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let path = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    // systemd gives several directories with colons between them.
    let systemd = variable("STATE_DIRECTORY").and_then(|all| env::split_paths(&all).next());
    systemd
        .filter(|path| path.is_absolute())
        .or_else(|| path("XDG_STATE_HOME").map(|home| home.join("papan")))
        .or_else(|| path("HOME").map(|home| home.join(".local/state/papan")))
}

/// The folder of the last good copies in the state directory: `last-good/PLAYLIST/current/folder/FILE`.
pub const LAST_GOOD: &str = "last-good";
/// The link to the copy on air.
pub const CURRENT: &str = "current";
/// The playlist's files in a copy.
pub const FOLDER: &str = "folder";

/// A file as staff know it: one of a copy by its name in the playlist's folder, any other by its path.
pub fn as_written(path: &Path) -> &Path {
    let mut parts = path.components();
    while let Some(part) = parts.next() {
        if part.as_os_str() == LAST_GOOD {
            // The playlist's name, then the link and the folder.
            let within = [parts.nth(1), parts.next()].map(|part| part.map(|part| part.as_os_str()));
            return if within == [Some(CURRENT.as_ref()), Some(FOLDER.as_ref())] {
                parts.as_path()
            } else {
                path
            };
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_s_file_is_known_by_its_name_in_the_folder() {
        let known = |path: &str| as_written(Path::new(path)).display().to_string();
        let copy = "/var/lib/papan/last-good/lobi-1f/current/folder/films/a.mp4";
        assert_eq!(known(copy), "films/a.mp4");
        for own in ["/srv/lobi/films/a.mp4", "/srv/last-good/films/a.mp4", "a.mp4", "/last-good"] {
            assert_eq!(known(own), own);
        }
    }

    #[test]
    fn the_directory_follows_systemd_then_xdg_then_home() {
        let with = |pairs: &[(&str, &str)]| {
            let pairs: Vec<(String, OsString)> =
                pairs.iter().map(|(k, v)| ((*k).to_owned(), OsString::from(v))).collect();
            state_by(move |name| pairs.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone()))
        };
        let path = |text: &str| Some(PathBuf::from(text));
        let all = [("STATE_DIRECTORY", "/var/lib/a:/var/lib/b"), ("XDG_STATE_HOME", "/x"), ("HOME", "/h")];
        assert_eq!(with(&all), path("/var/lib/a"));
        assert_eq!(with(&all[1..]), path("/x/papan"));
        assert_eq!(with(&all[2..]), path("/h/.local/state/papan"));
        assert_eq!(with(&[("XDG_STATE_HOME", "relative"), ("HOME", "/h")]), path("/h/.local/state/papan"));
        assert_eq!(with(&[]), None);
    }

    #[test]
    fn what_is_given_wins_even_where_it_is_nothing() {
        let given = StateDirectory(Some("/given".into()));
        assert_eq!(state(Some(&given)), Some(PathBuf::from("/given")));
        assert_eq!(state(Some(&StateDirectory(None))), None);
    }
}
