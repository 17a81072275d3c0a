//! A heap on its own: what comes from it holds what is written there, and nothing of it outlives it.

use super::*;

/// From the smallest block to spans whose pages are moved.
const SIZES: [usize; 16] =
    [1, 16, 17, 512, 513, 640, 641, 5000, 16384, 16385, 65472, 65473, 100_000, 300_000, 700_000, 3_000_000];

fn fill(block: *mut u8, size: usize, seed: usize) {
    for i in (0..size).step_by(61) {
        // SAFETY: within the block.
        unsafe { block.add(i).write((i + seed) as u8) };
    }
}

fn holds(block: *mut u8, size: usize, seed: usize) -> bool {
    // SAFETY: within the block.
    (0..size).step_by(61).all(|i| unsafe { block.add(i).read() } == (i + seed) as u8)
}

#[test]
fn blocks_are_apart_and_aligned() {
    let heap = Heap::new();
    let mut blocks = Vec::new();
    for round in 0..20 {
        for size in SIZES {
            let block = heap.alloc(size);
            assert!(!block.is_null() && block.addr().is_multiple_of(16));
            fill(block, size, round);
            blocks.push((block, size, round));
        }
    }
    assert!(blocks.iter().all(|&(block, size, seed)| holds(block, size, seed)));
    for (block, ..) in blocks {
        // SAFETY: given up once.
        unsafe { heap.free(block) };
    }
    assert_eq!(heap.live_blocks(), 0);
}

#[test]
fn a_moved_block_keeps_its_content() {
    let heap = Heap::new();
    for from in SIZES {
        for to in SIZES {
            let block = heap.alloc(from);
            fill(block, from, to);
            // SAFETY: a block of this heap.
            let block = unsafe { heap.realloc(block, to) };
            assert!(holds(block, from.min(to), to), "{from} to {to}");
            fill(block, to, from);
            assert!(holds(block, to, from), "{from} to {to}");
            // SAFETY: given up once.
            unsafe { heap.free(block) };
        }
    }
    assert_eq!(heap.live_blocks(), 0);
}

#[test]
fn a_block_that_grows_by_little_is_seldom_moved() {
    let heap = Heap::new();
    let (mut block, mut size, mut moves) = (heap.alloc(8), 8, 0);
    while size < 20_000_000 {
        size += size / 8 + 6;
        // SAFETY: a block of this heap.
        let moved = unsafe { heap.realloc(block, size) };
        moves += usize::from(moved != block);
        block = moved;
    }
    assert!(moves < 110, "{moves}");
    // SAFETY: given up once.
    unsafe { heap.free(block) };
}

#[test]
fn what_cannot_be_had_is_null_and_changes_nothing() {
    let heap = Heap::new();
    for size in [usize::MAX, usize::MAX - 15, isize::MAX as usize + 1, isize::MAX as usize] {
        assert!(heap.alloc(size).is_null());
    }
    for size in [10, 1000, 100_000, 1_000_000] {
        let block = heap.alloc(size);
        fill(block, size, 3);
        // SAFETY: a block of this heap.
        assert!(unsafe { heap.realloc(block, isize::MAX as usize) }.is_null());
        assert!(holds(block, size, 3));
        // SAFETY: given up once.
        unsafe { heap.free(block) };
    }
    assert_eq!(heap.live_blocks(), 0);
}

#[test]
fn a_class_takes_the_pages_that_another_left_empty() {
    let heap = Heap::new();
    let fill_and_empty = |size: usize| {
        let blocks: Vec<*mut u8> = (0..(1 << 20) / size).map(|_| heap.alloc(size)).collect();
        for block in blocks {
            // SAFETY: given up once.
            unsafe { heap.free(block) };
        }
    };
    fill_and_empty(16);
    fill_and_empty(1024);
    let (segments, pages) = (heap.segments.borrow().len(), heap.middle_pages.borrow().len());
    for size in (2..=32).map(|n| n * 16) {
        fill_and_empty(size);
    }
    for size in [2048, 4096, 8192, 16384] {
        fill_and_empty(size);
    }
    // Each class keeps its current page.
    assert!(heap.segments.borrow().len() <= segments + 31_usize.div_ceil(4) + 2, "{}", heap.segments.borrow().len());
    assert!(heap.middle_pages.borrow().len() <= pages + 6, "{}", heap.middle_pages.borrow().len());
}

fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    text.split(' ').nth(1).expect("a second number").parse::<usize>().expect("a number") * 4096
}

#[test]
fn what_was_forgotten_ends_with_the_heap() {
    let cycle = || {
        let heap = Heap::new();
        for size in SIZES {
            for _ in 0..4 {
                let block = heap.alloc(size);
                fill(block, size, 1);
            }
        }
    };
    (0..3).for_each(|_| cycle());
    let before = resident();
    (0..40).for_each(|_| cycle());
    let grown = resident().saturating_sub(before);
    // One cycle forgets 17 MB; other tests run beside this one.
    assert!(grown < 340 << 20, "{grown} bytes");
}

#[test]
fn memory_is_where_the_blocks_lie() {
    let heap = Heap::new();
    let blocks: Vec<*mut u8> = SIZES.iter().map(|&size| heap.alloc(size)).collect();
    let Some(memory) = heap.memory() else { return };
    for (block, size) in blocks.into_iter().zip(SIZES) {
        assert!(memory.iter().any(|range| range.contains(&block.addr())), "a block of {size} bytes");
        // SAFETY: given up once.
        unsafe { heap.free(block) };
    }
}

#[test]
fn what_was_set_aside_is_used_first() {
    let heap = Heap::new();
    assert!(heap.set_aside(3, 2) && heap.is_within(3, 2));
    // A segment has four pages, two of which are nearly filled by so many blocks.
    let more = |heap: &Heap| (0..60).all(|_| !heap.alloc(SMALL_MAX).is_null() && !heap.alloc(SMALL_MAX + 1).is_null());
    assert!((0..5).all(|_| more(&heap)) && heap.is_within(3, 2));
    assert!((0..7).all(|_| more(&heap)) && !heap.is_within(3, 2));
}

/// What the book says is in use, by address.
fn in_use(heap: &Heap) -> Vec<(usize, Kind)> {
    let mut found: Vec<(usize, Kind)> =
        heap.blocks_in_use().into_iter().map(|(block, _, entry)| (block.addr(), entry.kind)).collect();
    found.sort_by_key(|(address, _)| *address);
    found
}

#[test]
fn the_book_says_what_is_in_use() {
    book::ask().expect("a range");
    let heap = Heap::of_interpreter();
    assert_eq!(in_use(&heap), []);
    let kinds = [Kind::Part, Kind::Raw, Kind::Object, Kind::Collectable];
    let mut blocks: Vec<(*mut u8, Kind)> = Vec::new();
    let check = |heap: &Heap, blocks: &[(*mut u8, Kind)]| {
        let mut expected: Vec<(usize, Kind)> = blocks.iter().map(|(block, kind)| (block.addr(), *kind)).collect();
        expected.sort_by_key(|(address, _)| *address);
        assert_eq!(in_use(heap), expected);
    };
    for round in 0..30 {
        blocks.extend(SIZES.map(|size| (heap.alloc_as(kinds[round % 4], size), kinds[round % 4])));
    }
    check(&heap, &blocks);
    let give_up = |blocks: &mut Vec<(*mut u8, Kind)>, step: usize| {
        for index in (0..blocks.len()).rev().step_by(step) {
            // SAFETY: given up once.
            unsafe { heap.free(blocks.swap_remove(index).0) };
        }
    };
    give_up(&mut blocks, 3);
    check(&heap, &blocks);
    for (index, (block, _)) in blocks.iter_mut().enumerate().filter(|(index, _)| index % 5 == 0) {
        // SAFETY: a block of this heap.
        *block = unsafe { heap.realloc(*block, SIZES[index % SIZES.len()]) };
    }
    check(&heap, &blocks);
    // In closed pages nothing but the book tells.
    heap.retire();
    give_up(&mut blocks, 3);
    blocks.push((heap.alloc_as(Kind::Raw, 100), Kind::Raw));
    check(&heap, &blocks);
    heap.begin_end();
    give_up(&mut blocks, 2);
    check(&heap, &blocks);
}
