//! A playlist that was read in one folder, with its files in another one.
//! Invariant: items that share a page share it afterwards.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    domain::playlist::{Block, Content, Film, Page, Playlist},
    library::page,
};

/// The playlist with all files of the folder `from` in the folder `to`; `number` tells a file's content by its name
/// from the folder on.
pub(super) fn moved(
    mut playlist: Playlist,
    from: &Path,
    to: &Path,
    number: &dyn Fn(&Path) -> Option<u64>,
) -> Playlist {
    let mover = Mover { from, to, number };
    let mut pages: HashMap<*const Page, Arc<Page>> = HashMap::new();
    // Those before, so that none is made where another one was.
    let mut before = Vec::new();
    for item in playlist.items.iter_mut().chain(&mut playlist.fallback) {
        match &mut item.content {
            Content::Page(page) => {
                let known = pages.entry(Arc::as_ptr(page)).or_insert_with(|| Arc::new(mover.page(page)));
                before.push(std::mem::replace(page, known.clone()));
            }
            Content::Image { path, stamp, .. } | Content::Film(Film { path, stamp, .. }) => {
                mover.file(path, stamp);
            }
            Content::Card { .. } | Content::Qr { .. } | Content::Survey { .. } => {}
        }
    }
    playlist
}

struct Mover<'m> {
    from: &'m Path,
    to: &'m Path,
    number: &'m dyn Fn(&Path) -> Option<u64>,
}

impl Mover<'_> {
    fn file(&self, path: &mut PathBuf, stamp: &mut u64) {
        if let Ok(name) = path.strip_prefix(self.from) {
            *stamp = (self.number)(name).unwrap_or(*stamp);
            *path = self.to.join(name);
        }
    }

    fn page(&self, page: &Page) -> Page {
        let mut page = page.clone();
        self.file(&mut page.path, &mut 0);
        let mut stamps = Vec::new();
        for block in page.lead.iter_mut().chain(page.sections.iter_mut().flat_map(|s| &mut s.blocks)) {
            if let Block::Picture(path) = block {
                let mut stamp = 0;
                self.file(path, &mut stamp);
                stamps.push(stamp);
            }
        }
        page.pictures = page::stamp_of_pictures(stamps.into_iter());
        page
    }
}
