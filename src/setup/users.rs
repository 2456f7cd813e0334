//! The user to whom the kiosk belongs. Invariant: a machine without that user is no error.

use std::fs;

/// The user's name, and its group's.
pub const USER: &str = "papan";

/// The number of the user `papan` and of its group; `None` where there is none.
pub fn papan() -> Option<(u32, u32)> {
    find(&fs::read_to_string("/etc/passwd").ok()?)
}

fn find(passwd: &str) -> Option<(u32, u32)> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(USER))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_found_by_its_whole_name() {
        let passwd =
            "root:x:0:0::/root:/bin/sh\npapanku:x:7:8:::\npapan:x:998:997::/var/lib/papan:/bin/false\n";
        assert_eq!(find(passwd), Some((998, 997)));
        assert_eq!(find("papan:x:many:997::/:"), None);
        assert_eq!(find(""), None);
    }
}
