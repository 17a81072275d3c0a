//! What a heap consists of: where its pages lie, what is in use in them, and how they are closed.

use core::ops::Range;
use std::collections::HashSet;

use super::book::Entry;
use super::*;

impl Heap {
    /// The memory that the heap's blocks lie in; `None` where they come from malloc, among what is not the heap's.
    pub fn memory(&self) -> Option<Vec<Range<usize>>> {
        let pieces = |starts: &[usize], length: usize| starts.iter().map(|&s| s..s + length).collect::<Vec<_>>();
        range::is_reserved().then(|| {
            let mut memory = pieces(&self.segments.borrow(), SEGMENT);
            memory.extend(pieces(&self.starts.borrow(), START));
            memory.extend(pieces(&self.middle_pages.borrow(), MIDDLE_PAGE));
            memory.extend(self.spans.borrow().in_use());
            memory
        })
    }

    /// The pages that a block was handed out from.
    fn used_pages(&self) -> Vec<*mut Page> {
        // What has not been used yet has no head.
        let used = |fresh: Fresh| move |page: &usize| !(fresh.next..fresh.end).contains(page);
        let pages = |&segment: &usize| (segment..segment + SEGMENT).step_by(PAGE);
        let start_pages = |&start: &usize| (start..start + START).step_by(START_PAGE);
        let (segments, starts, middle) = (self.segments.borrow(), self.starts.borrow(), self.middle_pages.borrow());
        let small = segments.iter().flat_map(pages).filter(used(self.fresh.get()));
        let of_start = starts.iter().flat_map(start_pages).filter(used(self.start_fresh.get()));
        let all = small.chain(of_start).chain(middle.iter().copied());
        all.map(ptr::with_exposed_provenance_mut).collect()
    }

    /// Whether the [`book`] says of each of its blocks who took it.
    pub fn keeps_book(&self) -> bool {
        self.keeps_book.get()
    }

    /// The blocks in use of a heap that keeps the [`book`], each with its length and with what the book says of it.
    /// Malloc's, of which there are some only where the range is full, are not among them.
    pub fn blocks_in_use(&self) -> Vec<(*mut u8, usize, Entry)> {
        let mut found = Vec::new();
        let mut note = |block: *mut u8, length| {
            if let Some(entry) = book::look_up(block) {
                found.push((block, length, entry));
            }
        };
        for page in self.used_pages() {
            // SAFETY: a page of ours, which has its head; a free block holds the link to the next.
            unsafe {
                let next = |&block: &*mut Block| Some((*block).next).filter(|next| !next.is_null());
                let first = Some((*page).free.get()).filter(|first| !first.is_null());
                let free: HashSet<usize> = core::iter::successors(first, next).map(|b| b.addr()).collect();
                let size = class_size((*page).class.get() as usize);
                for offset in (HEADER..(*page).bump.get() - page.addr()).step_by(size) {
                    let block = page.cast::<u8>().add(offset);
                    if !free.contains(&block.addr()) {
                        note(block, size);
                    }
                }
            }
        }
        for block in self.spans.borrow().blocks() {
            // SAFETY: in use.
            note(block, unsafe { span::capacity(block) });
        }
        found
    }

    /// Closes every page that a block was handed out from: what is made from here on lies in others, and a block of
    /// theirs that is given back is left as it lies. So what is immortal by then never shares a page with what is made
    /// later, and nothing writes to its pages but who writes to the objects.
    pub fn retire(&self) {
        let close = |page: *mut Page| {
            // SAFETY: a page of ours, whose head may be written.
            unsafe {
                (*page).retired.set(true);
                (*page).listed.set(false);
            }
        };
        self.used_pages().into_iter().for_each(close);
        // Several of the start share what the kernel calls a page: no more of them.
        self.started.set(u32::MAX);
        self.current.iter().for_each(|page| page.set(&raw const FULL.0));
        self.roomy.iter().for_each(|page| page.set(ptr::null_mut()));
        self.emptied.set(0);
    }

    /// The interpreter ends: from here on blocks that were in use keep their content until the heap itself goes,
    /// so that whoever gives an object up twice finds what is left of it.
    pub fn begin_end(&self) {
        self.retire();
        self.ending.set(true);
    }

    /// Whether the heap, when it goes, takes along every block that was not given back. Otherwise each is malloc's.
    pub fn owns_blocks(&self) -> bool {
        range::is_reserved()
    }
}
