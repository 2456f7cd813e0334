//! The memory in which a film's process leaves frames, and this one reads them: slots of one size.
//! Invariant: a slot is written only while it is free, and read only while it is not; the memory never shrinks.

use std::{
    io,
    os::fd::{AsFd, OwnedFd},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use memmap2::{Mmap, MmapMut, MmapOptions};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, fstat, ftruncate, memfd_create};

use super::wire::{Line, Order};

/// How many frames there can be at once: on the glass, about to be, waiting for their time, being written.
pub const SLOTS: u32 = 8;
/// What a slot's beginning is a multiple of, in bytes: a page.
const ALIGN: u64 = 4096;
/// No film's frames take more bytes than this: 8 of 8192 × 8192 planes.
const MOST: u64 = 8 * 4096 * 4096 * 6;

/// New memory without a size yet.
///
/// # Errors
/// The system's.
pub fn create() -> io::Result<OwnedFd> {
    Ok(memfd_create("papan film", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?)
}

/// The bytes from one slot to the next, for frames of so many bytes.
pub fn stride(frame: usize) -> u64 {
    (frame as u64).next_multiple_of(ALIGN)
}

/// The memory as the program reads it.
pub struct Reader {
    memory: Mmap,
    stride: usize,
    slots: u32,
    line: Arc<Line>,
}

impl Reader {
    /// Memory that a film's process has sized and sealed.
    ///
    /// # Errors
    /// It is not as that process says.
    pub fn new(memory: &OwnedFd, slots: u32, stride: u64, line: Arc<Line>) -> io::Result<Arc<Self>> {
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let size = stride.checked_mul(slots.into()).filter(|size| (1..=MOST).contains(size));
        let size = size.ok_or_else(|| wrong("the size of the frames"))?;
        if !stride.is_multiple_of(ALIGN) || fstat(memory)?.st_size.cast_unsigned() != size {
            return Err(wrong("the memory's size"));
        }
        if !fcntl_get_seals(memory)?.contains(SealFlags::SHRINK | SealFlags::GROW) {
            return Err(wrong("the memory is not sealed"));
        }
        // SAFETY: the memory can neither shrink nor grow, so each page of the mapping stays there. Its bytes are
        // written by another process, only in slots that no `Slot` refers to; should that process break this,
        // a frame shows wrong colours, since every value of its bytes is a valid one.
        let memory = unsafe { MmapOptions::new().map(memory)? };
        Ok(Arc::new(Self { memory, stride: stride as usize, slots, line }))
    }

    /// A slot of which the first `length` bytes are a frame; `None` where there is no such slot.
    pub fn slot(self: &Arc<Self>, slot: u32, length: usize) -> Option<Slot> {
        (slot < self.slots && length <= self.stride).then(|| Slot { reader: self.clone(), slot, length })
    }
}

/// A frame's bytes; dropped, the slot may be written again.
pub struct Slot {
    reader: Arc<Reader>,
    slot: u32,
    length: usize,
}

impl AsRef<[u8]> for Slot {
    fn as_ref(&self) -> &[u8] {
        &self.reader.memory[self.slot as usize * self.reader.stride..][..self.length]
    }
}

impl AsRef<[u32]> for Slot {
    fn as_ref(&self) -> &[u32] {
        // Slots begin at pages, so their words are aligned.
        bytemuck::cast_slice(AsRef::<[u8]>::as_ref(self))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        // It fails where that process is gone, and its slots with it.
        self.reader.line.try_say(&Order::Free(self.slot));
    }
}

/// The memory as a film's process writes it.
pub struct Writer {
    memory: Mutex<MmapMut>,
    stride: usize,
    free: Mutex<Vec<u32>>,
    freed: Condvar,
}

impl Writer {
    /// Sizes and seals the memory for frames of so many bytes.
    ///
    /// # Errors
    /// The system's, or memory that was sized already.
    pub fn new(memory: impl AsFd, frame: usize) -> io::Result<Self> {
        let stride = stride(frame);
        ftruncate(&memory, stride * u64::from(SLOTS))?;
        fcntl_add_seals(&memory, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
        // SAFETY: the memory keeps its size from now on, and the other process only reads it.
        let memory = unsafe { MmapOptions::new().map_mut(&memory.as_fd())? };
        // The lowest is taken first, so that slots that are not needed never take memory.
        let free = Mutex::new((0..SLOTS).rev().collect());
        Ok(Self { memory: Mutex::new(memory), stride: stride as usize, free, freed: Condvar::new() })
    }

    /// Takes a free slot, and waits for one at most so long.
    pub fn take(&self, patience: Duration) -> Option<u32> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut free, _) = self
            .freed
            .wait_timeout_while(free, patience, |free| free.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        free.pop()
    }

    /// A slot may be written again.
    pub fn give(&self, slot: u32) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if slot < SLOTS && !free.contains(&slot) {
            free.push(slot);
            free.sort_unstable_by(|a, b| b.cmp(a));
            self.freed.notify_one();
        }
    }

    /// Writes a slot that was taken.
    pub fn write<T>(&self, slot: u32, write: impl FnOnce(&mut [u8]) -> T) -> T {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        write(&mut memory[slot as usize * self.stride..][..self.stride])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_as_it_was_written_and_its_slot_comes_back() {
        let memory = create().unwrap();
        let (ours, theirs) = Line::pair().unwrap();
        let writer = Writer::new(&memory, 8).unwrap();
        let slots: Vec<u32> = (0..SLOTS).filter_map(|_| writer.take(Duration::ZERO)).collect();
        assert_eq!(slots, (0..SLOTS).collect::<Vec<_>>());
        assert_eq!(writer.take(Duration::ZERO), None);
        writer.write(3, |bytes| bytes[..8].copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8]));
        let reader = Reader::new(&memory, SLOTS, ALIGN, Arc::new(ours)).unwrap();
        assert!(reader.slot(SLOTS, 8).is_none() && reader.slot(0, ALIGN as usize + 1).is_none());
        let slot = reader.slot(3, 8).unwrap();
        assert_eq!(AsRef::<[u8]>::as_ref(&slot), [1, 2, 3, 4, 5, 6, 7, 8]);
        drop(slot);
        let super::super::wire::Came::Said(Order::Free(3)) = Line::of(theirs).hear(Duration::ZERO) else {
            panic!("it is told");
        };
        writer.give(3);
        writer.give(3);
        assert_eq!((writer.take(Duration::ZERO), writer.take(Duration::ZERO)), (Some(3), None));
    }

    #[test]
    fn memory_that_could_shrink_is_not_read() {
        let memory = create().unwrap();
        ftruncate(&memory, ALIGN * 8).unwrap();
        let line = || Arc::new(Line::pair().unwrap().0);
        assert!(Reader::new(&memory, 8, ALIGN, line()).is_err());
        fcntl_add_seals(&memory, SealFlags::SHRINK | SealFlags::GROW).unwrap();
        assert!(Reader::new(&memory, 8, ALIGN, line()).is_ok());
        for (slots, stride) in [(7, ALIGN), (8, ALIGN * 2), (8, 1), (0, ALIGN), (u32::MAX, u64::MAX)] {
            assert!(Reader::new(&memory, slots, stride, line()).is_err(), "{slots} × {stride}");
        }
    }
}
