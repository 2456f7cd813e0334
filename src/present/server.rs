//! Whether a display server answers. Invariant: nothing is started or loaded to find out.

use std::{
    env,
    ffi::OsString,
    net::{TcpStream, ToSocketAddrs},
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixStream},
    },
    path::PathBuf,
    time::Duration,
};

/// Whether a Wayland compositor or an X server takes a connection at the place that the environment names.
pub fn display_server() -> bool {
    answers(|name| env::var_os(name).filter(|value| !value.is_empty()))
}

/// Whether windows are opened on Wayland: where the environment names a compositor, winit asks no X server.
pub(super) fn wayland() -> bool {
    ["WAYLAND_DISPLAY", "WAYLAND_SOCKET"].iter().any(|name| env::var_os(name).is_some_and(|v| !v.is_empty()))
}

fn answers(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    // A socket that was handed over by whoever started the program.
    if variable("WAYLAND_SOCKET").is_some() {
        return true;
    }
    let wayland = variable("WAYLAND_DISPLAY").and_then(|name| {
        let name = PathBuf::from(name);
        if name.is_absolute() {
            Some(name)
        } else {
            Some(PathBuf::from(variable("XDG_RUNTIME_DIR")?).join(name))
        }
    });
    if wayland.is_some_and(|path| UnixStream::connect(path).is_ok()) {
        return true;
    }
    let Some(display) = variable("DISPLAY").and_then(|d| d.into_string().ok()) else { return false };
    match display.strip_prefix("unix:").or_else(|| display.strip_prefix(':')) {
        Some(number) => {
            let path = format!("/tmp/.X11-unix/X{}", number.split('.').next().unwrap_or_default());
            let hidden = SocketAddr::from_abstract_name(&path).and_then(|at| UnixStream::connect_addr(&at));
            hidden.or_else(|_| UnixStream::connect(&path)).is_ok()
        }
        // On another machine: `HOST:NUMBER` is TCP port 6000 + NUMBER.
        None => on_host(&display),
    }
}

fn on_host(display: &str) -> bool {
    let Some((host, number)) = display.rsplit_once(':') else { return false };
    let number =
        number.split('.').next().and_then(|n| n.parse::<u16>().ok()).and_then(|n| n.checked_add(6000));
    let Some(port) = number else { return false };
    let at = (host, port).to_socket_addrs().ok().and_then(|mut all| all.next());
    at.is_some_and(|at| TcpStream::connect_timeout(&at, Duration::from_secs(3)).is_ok())
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_name_alone_is_no_server() {
        assert!(!answers(|_| None));
        assert!(!answers(|name| (name == "DISPLAY").then(|| ":59999".into())));
        assert!(!answers(|name| (name == "DISPLAY").then(|| "garbage".into())));
        assert!(!answers(|name| (name == "WAYLAND_DISPLAY").then(|| "/nonexistent/wayland-0".into())));
    }

    #[test]
    fn a_socket_that_takes_connections_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let _server = UnixListener::bind(folder.path().join("wayland-7")).unwrap();
        let runtime: OsString = folder.path().into();
        assert!(answers(|name| match name {
            "WAYLAND_DISPLAY" => Some("wayland-7".into()),
            "XDG_RUNTIME_DIR" => Some(runtime.clone()),
            _ => None,
        }));
    }
}
