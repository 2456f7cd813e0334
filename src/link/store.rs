//! The last state on disk: one `papan.hall.snapshot` event, whose time is when it was true.
//! Invariant: the file is whole at every moment; what cannot be read is told and never shown.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    domain::{
        event::{Event, Snapshot},
        hall::Hall,
    },
    protocol::{self, Incoming, LONGEST_MESSAGE, Reject},
    replace::{Outlives, Readers, replace_within},
};

/// Who wrote the file, as the event's source.
const SOURCE: &str = "urn:papan:state";

/// Why a state file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is longer than a message may be.
    #[error("it is longer than {LONGEST_MESSAGE} bytes")]
    TooLong,
    /// It is not JSON.
    #[error("it is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// It is not a right event.
    #[error(transparent)]
    Reject(#[from] Reject),
    /// It is an event, but not a snapshot.
    #[error("it holds no snapshot of a hall")]
    NoSnapshot,
    /// It does not say when it was true.
    #[error("it does not say when it was true")]
    NoTime,
}

/// The file's name for a display and its server: another server's state is never taken for this one's.
pub fn file_name(display: &str, url: &str) -> String {
    let readable: String =
        display.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(32).collect();
    // FNV-1a, 64 bits: the name must be the same for every build of papan.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in display.bytes().chain([0]).chain(url.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{readable}-{hash:016x}.json")
}

/// Reads the state and the time at which it was true; `None` where there is no file.
pub fn read(path: &Path) -> Result<Option<(Snapshot, Timestamp)>, StoreError> {
    let Some(text) = read_text(path)? else { return Ok(None) };
    let (snapshot, time) = load(&text)?;
    Ok(Some((snapshot, time.ok_or(StoreError::NoTime)?)))
}

/// The file's text, up to the longest message; `None` where there is no file.
fn read_text(path: &Path) -> Result<Option<String>, StoreError> {
    // What is no file is not opened: a pipe would hold the start until somebody writes into it.
    if std::fs::metadata(path).is_ok_and(|data| !data.is_file()) {
        return Err(io::Error::from(io::ErrorKind::InvalidInput).into());
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut text = String::new();
    file.take(LONGEST_MESSAGE as u64 + 1).read_to_string(&mut text)?;
    if text.len() > LONGEST_MESSAGE { Err(StoreError::TooLong) } else { Ok(Some(text)) }
}

/// Replaces the file by the state as it was true at `time`. After it has returned the state outlives a loss
/// of power; whatever happens before, the file holds either state whole.
pub fn write(path: &Path, snapshot: &Snapshot, sequence: u64, time: Timestamp) -> io::Result<()> {
    let text = protocol::encode_event(&Event::Snapshot(snapshot.clone()), SOURCE, sequence, time);
    replace_within(path, text.as_bytes(), Readers::Group, Outlives::Power)
}

/// A hall from text: a whole `papan.hall.snapshot` event, or its `data` alone. The time is the event's.
pub fn load_hall(text: &str) -> Result<(Hall, Option<Timestamp>), StoreError> {
    let (snapshot, time) = load(text)?;
    let mut hall = Hall::default();
    // The first snapshot of a hall announces nothing, so its time does not matter here.
    hall.apply(Event::Snapshot(snapshot), time.unwrap_or(Timestamp::UNIX_EPOCH));
    Ok((hall, time))
}

fn load(text: &str) -> Result<(Snapshot, Option<Timestamp>), StoreError> {
    let value: Value = serde_json::from_str(text)?;
    let incoming = if value.get("specversion").is_some() {
        protocol::decode(text)?
    } else {
        let envelope = json!({
            "specversion": "1.0", "id": "1", "source": SOURCE, "type": "papan.hall.snapshot",
            "sequence": "0", "data": value,
        });
        protocol::decode(&envelope.to_string())?
    };
    match incoming {
        Incoming::Event { event: Event::Snapshot(snapshot), time, .. } => Ok((snapshot, time)),
        Incoming::Event { .. } | Incoming::Unknown { .. } => Err(StoreError::NoSnapshot),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::demo;

    fn at() -> Timestamp {
        "2026-11-21T01:38:00Z".parse().unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/state.json");
        assert!(read(&path).unwrap().is_none());
        for counters in [3, 500] {
            let snapshot = demo::hall(counters, at()).replicate();
            write(&path, &snapshot, 7, at()).unwrap();
            assert_eq!(read(&path).unwrap(), Some((snapshot, at())));
        }
        let left: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }

    #[test]
    fn a_hall_is_read_from_an_event_or_from_its_data() {
        let hall = demo::hall(8, at());
        let event = protocol::encode_event(&Event::Snapshot(hall.replicate()), "x", 3, at());
        let (read, time) = load_hall(&event).unwrap();
        assert_eq!((read.replicate(), time), (hall.replicate(), Some(at())));
        let data = serde_json::from_str::<Value>(&event).unwrap()["data"].to_string();
        let (read, time) = load_hall(&data).unwrap();
        assert_eq!((read.replicate(), time), (hall.replicate(), None));
    }

    #[test]
    fn what_is_no_state_is_refused() {
        assert!(matches!(load_hall("{"), Err(StoreError::NotJson(_))));
        assert!(matches!(load_hall("[]"), Err(StoreError::Reject(_))));
        assert!(matches!(load_hall(r#"{"counters": 3}"#), Err(StoreError::Reject(_))));
        let other = protocol::encode_event(
            &Event::CounterRemoved(crate::domain::event::CounterId("1".into())),
            "x",
            3,
            at(),
        );
        assert!(matches!(load_hall(&other), Err(StoreError::NoSnapshot)));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        fs::write(&path, " ".repeat(LONGEST_MESSAGE + 1)).unwrap();
        assert!(matches!(read(&path), Err(StoreError::TooLong)));
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(matches!(read(&path), Err(StoreError::Io(_))));
        fs::write(&path, r#"{"hall": {"name": "", "organization": ""}, "services": [], "counters": []}"#)
            .unwrap();
        assert!(matches!(read(&path), Err(StoreError::NoTime)));
    }

    #[test]
    fn each_display_and_server_has_its_own_file() {
        let name = file_name("lobi-1", "ws://a/events");
        assert_eq!(name, file_name("lobi-1", "ws://a/events"));
        assert!(name.starts_with("lobi-1-"), "{name}");
        let others = [file_name("lobi-1", "ws://b/events"), file_name("lobi.1", "ws://a/events")];
        assert!(!others.contains(&name));
        let odd = file_name("../../etc/passwd", "ws://a");
        assert!(!odd.contains('/') && !odd.contains(".."), "{odd}");
    }
}
