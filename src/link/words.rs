//! Why the queue server is not followed, in words that staff understand, and what they can do.
//! Invariant: each text names the host alone, never a token, a user or a query.

use super::{address::Address, connect::ConnectError, session::Loss};
use crate::state::Said;

/// No connection came about.
pub fn unconnected(address: &Address, error: &ConnectError) -> Said {
    let host = &address.authority;
    let (id, en) = match error {
        ConnectError::TimedOut => (
            "tidak menjawab; periksa jaringan dan server antrean".to_owned(),
            "does not answer; check the network and the queue server".to_owned(),
        ),
        ConnectError::Token(error) => (
            format!("perlu token yang tidak bisa dibaca ({error}); periksa [queue] token_file"),
            format!("needs a token that cannot be read ({error}); check [queue] token_file"),
        ),
        ConnectError::Io(error) => (
            format!(
                "tidak bisa dihubungi ({error}); periksa jaringan, alamat di [queue] url, dan server antrean"
            ),
            format!(
                "cannot be reached ({error}); check the network, the address in [queue] url, and the queue server"
            ),
        ),
        ConnectError::Tls(_) | ConnectError::HostName(_) | ConnectError::CaFile { .. } => (
            format!("tidak bisa dihubungi dengan aman ({error}); periksa sertifikat dan [queue] ca_file"),
            format!("cannot be reached securely ({error}); check the certificates and [queue] ca_file"),
        ),
        ConnectError::Refused(status) if matches!(status.as_u16(), 401 | 403) => (
            format!("menolak token layar ini ({status}); periksa [queue] token_file"),
            format!("refuses this display's token ({status}); check [queue] token_file"),
        ),
        ConnectError::Refused(_) | ConnectError::Handshake(_) => (
            format!("menjawab, tetapi bukan sebagai server antrean ({error}); periksa alamat di [queue] url"),
            format!("answers, but not as a queue server ({error}); check the address in [queue] url"),
        ),
    };
    Said::new(format!("server antrean {host} {id}"), format!("the queue server {host} {en}"))
}

/// A connection was lost.
pub fn lost(address: &Address, loss: &Loss) -> Said {
    let host = &address.authority;
    Said::new(
        format!("sambungan ke server antrean {host} terputus ({loss}); papan menyambung lagi sendiri"),
        format!("the connection to the queue server {host} is lost ({loss}); papan connects again by itself"),
    )
}
