//! The site of the soak: a config, a playlist of every kind of item, films, a state directory, and the program on it.
//! Invariant: whatever the program writes lies in a folder of this run's own.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use crate::{edits, glass::Glass, options::Options, root, server::Server, sound};

/// How long the program may take to its end.
const ENDS: Duration = Duration::from_secs(15);

/// The site, and the program once it was started.
pub struct Site {
    folder: PathBuf,
    command: Command,
    child: Option<Child>,
}

impl Site {
    /// Makes it anew.
    pub fn make(options: &Options, glass: &Glass, sound: &sound::Server, server: &Server) -> Self {
        fs::create_dir_all(&options.out).expect("a folder");
        let folder = options.out.canonicalize().expect("it is there").join("site");
        let _ = fs::remove_dir_all(&folder);
        let playlist = folder.join("playlist");
        let lobby = root().join("playlists/lobi");
        for part in ["pages", "images", "films"] {
            fs::create_dir_all(playlist.join(part)).expect("a folder");
        }
        for part in ["pages", "images"] {
            for file in fs::read_dir(lobby.join(part)).expect("it is there").flatten() {
                fs::copy(file.path(), playlist.join(part).join(file.file_name())).expect("copied");
            }
        }
        film(&playlist.join("films/satu.mp4"), "640x360", 0.8, true);
        film(&playlist.join("films/dua.mp4"), "1280x720", 1.3, false);
        fs::write(playlist.join("films/dua.srt"), "1\n00:00:00,100 --> 00:00:01,200\nTunggu nomor Anda.\n")
            .expect("written");
        fs::write(playlist.join("images/baru.png"), edits::picture(0)).expect("written");
        fs::write(playlist.join("playlist.toml"), edits::playlist(&[])).expect("written");
        let config = format!(
            "[hall]\nname = \"Mal Pelayanan Publik\"\n[queue]\nurl = \"{}\"\n[[screen]]\nplaylist = \"playlist\"\n",
            server.url()
        );
        fs::write(folder.join("papan.toml"), config).expect("written");
        fs::write(folder.join("asound.conf"), sound.alsa()).expect("written");
        fs::create_dir_all(folder.join("state")).expect("a folder");
        let said = File::create(options.out.join("papan.log")).expect("a file");
        let mut command = Command::new(&options.papan);
        command
            .args(["show", "--windowed", "--renderer", "software", "--layout", "landscape"])
            .args(["--size", &format!("{}x{}", glass.width, glass.height)])
            .args(["--speed", &options.speed.to_string(), "--from", &options.from.to_string()])
            .arg("--config")
            .arg(folder.join("papan.toml"))
            .env("DISPLAY", &glass.display)
            .env("HOME", &folder)
            .env("STATE_DIRECTORY", folder.join("state"))
            .env("ALSA_CONFIG_PATH", folder.join("asound.conf"))
            .env("PULSE_LATENCY_MSEC", "30")
            .env("NO_COLOR", "1")
            .stdout(said.try_clone().expect("a second one"))
            .stderr(said);
        for name in ["WAYLAND_DISPLAY", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "PULSE_SERVER", "NOTIFY_SOCKET"]
        {
            command.env_remove(name);
        }
        Self { folder, command, child: None }
    }

    /// Starts the program.
    pub fn start(&mut self) {
        self.child = Some(self.command.spawn().expect("the program starts"));
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("it was started").id()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// Lets it end in order; whether it had run until then, and did.
    pub fn stop(&mut self) -> bool {
        let Some(mut child) = self.child.take() else { return false };
        let ran = matches!(child.try_wait(), Ok(None));
        let _ = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status();
        let begun = Instant::now();
        while begun.elapsed() < ENDS {
            if let Ok(Some(status)) = child.try_wait() {
                return ran && status.success();
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = child.kill();
        let _ = child.wait();
        false
    }

    /// The playlist's folder.
    pub fn playlist(&self) -> PathBuf {
        self.folder.join("playlist")
    }

    /// The state directory.
    pub fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// The play log's folder.
    pub fn log(&self) -> PathBuf {
        self.state().join("log")
    }

    /// What the program said.
    pub fn said(&self) -> String {
        let path = self.folder.with_file_name("papan.log");
        String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Makes a film of this size, so many seconds long.
fn film(path: &Path, size: &str, seconds: f64, sound: bool) {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args([
        "-v",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        &format!("testsrc2=size={size}:rate=30:duration={seconds}"),
    ]);
    if sound {
        ffmpeg.args(["-f", "lavfi", "-i", &format!("sine=frequency=440:duration={seconds}"), "-c:a", "aac"]);
    }
    ffmpeg.args(["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]).arg(path);
    let made = ffmpeg.status().expect("films are made by ffmpeg: run this by `make soak`, which installs it");
    assert!(made.success(), "the film was made");
}
