//! What the log was told already.
//! Invariant: it holds so many lines and no more; what was told longest ago can be told again.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// How many different things are remembered.
const MOST: usize = 256;

/// What was told, the newest last.
#[derive(Debug, Default)]
pub(super) struct Told(Mutex<VecDeque<String>>);

impl Told {
    /// Whether this was not told before; now it is.
    pub(super) fn is_new(&self, what: &str) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.iter().any(|before| before == what) {
            return false;
        }
        if told.len() >= MOST {
            told.pop_front();
        }
        told.push_back(what.to_owned());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_once_and_only_so_much_is_remembered() {
        let told = Told::default();
        assert!(told.is_new("a") && !told.is_new("a"));
        assert!((0..MOST).all(|i| told.is_new(&i.to_string())));
        assert_eq!(told.0.lock().unwrap().len(), MOST);
        assert!(told.is_new("a"), "long ago");
    }
}
