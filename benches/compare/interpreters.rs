//! What does it cost to start an interpreter with its own GIL, and what is lost when it ends? CPython has them since
//! 3.12. Each sample is a fresh process, in which some are made and live side by side.

use std::ffi::{c_char, c_int, c_void};
use std::path::Path;
use std::time::Instant;

use crate::measure::Figure;
use crate::peer::{Failure, Peer};
use crate::shared::Runtime;
use crate::startup::resident;
use crate::table::Table;

const SAMPLES: usize = 5;
/// How many live at once.
const LIVE: usize = 20;
/// Cycles before memory is looked at, and those over which it is.
const WARM: usize = 5;
const CYCLES: usize = 40;

/// `PyInterpreterConfig`: what CPython calls isolated.
const ISOLATED: [c_int; 7] = [0, 0, 0, 1, 0, 1, 2];

#[repr(C)]
struct Status {
    kind: c_int,
    texts: [*const c_char; 2],
    exit_code: c_int,
}

type State = *mut c_void;

struct Functions {
    new: unsafe extern "C" fn(*mut State, *const [c_int; 7]) -> Status,
    end: unsafe extern "C" fn(State),
    swap: unsafe extern "C" fn(State) -> State,
}

impl Functions {
    /// A new one, to which this thread is attached.
    fn start(&self) -> State {
        let mut state = std::ptr::null_mut();
        // SAFETY: attached to an interpreter.
        let status = unsafe { (self.new)(&raw mut state, &ISOLATED) };
        assert!(status.kind == 0 && !state.is_null(), "an interpreter cannot be made");
        state
    }
}

/// In the child: nanoseconds to start one and to end one, the bytes that a live one takes and that a cycle loses.
pub fn report(library: &Path) {
    let runtime = Runtime::load(library).unwrap_or_else(|error| panic!("{error}"));
    if !runtime.has("Py_NewInterpreterFromConfig") {
        eprintln!("no interpreters with a GIL of their own");
        std::process::exit(1);
    }
    runtime.start();
    let functions = Functions {
        new: runtime.function("Py_NewInterpreterFromConfig"),
        end: runtime.function("Py_EndInterpreter"),
        swap: runtime.function("PyThreadState_Swap"),
    };
    // SAFETY: this thread is attached to the main interpreter; it detaches and attaches again.
    let main = unsafe { (functions.swap)(std::ptr::null_mut()) };
    let back = || {
        // SAFETY: this thread's state.
        unsafe { (functions.swap)(main) }
    };
    back();
    let before = resident();
    let begun = Instant::now();
    let states: Vec<State> = (0..LIVE)
        .map(|_| {
            let state = functions.start();
            back();
            state
        })
        .collect();
    let started = begun.elapsed().as_nanos() / LIVE as u128;
    let memory = (resident() - before) / LIVE as i64;
    let end = |state| {
        // SAFETY: an interpreter of ours, to which this thread is attached for its end.
        unsafe {
            (functions.swap)(state);
            (functions.end)(state);
        }
        back();
    };
    let begun = Instant::now();
    states.into_iter().for_each(end);
    let ended = begun.elapsed().as_nanos() / LIVE as u128;
    (0..WARM).for_each(|_| end(functions.start()));
    let before = resident();
    (0..CYCLES).for_each(|_| end(functions.start()));
    let lost = (resident() - before) / CYCLES as i64;
    println!("{started} {ended} {memory} {lost}");
}

pub fn measure(peers: &[Peer], table: &mut Table) {
    let mut samples: Vec<Result<[Vec<f64>; 4], Failure>> = peers.iter().map(|_| Ok(Default::default())).collect();
    for _ in 0..SAMPLES {
        for (peer, taken) in peers.iter().zip(&mut samples) {
            let Ok(columns) = taken else { continue };
            match peer.figures("--interpreters-of") {
                Ok(figures) => {
                    columns.iter_mut().zip::<[f64; 4]>(figures).for_each(|(column, figure)| column.push(figure))
                }
                Err(failure) => *taken = Err(failure),
            }
        }
    }
    let figures = |index: usize| -> Vec<Result<Figure, Failure>> {
        samples.iter().map(|taken| taken.clone().map(|columns| Figure::of(columns[index].clone()))).collect()
    };
    table.heading("interpreters");
    table.row("start one with its own GIL", &figures(0));
    table.row("end it", &figures(1));
    table.bytes("bytes that an idle one takes", &figures(2));
    table.bytes("bytes lost by a cycle", &figures(3));
}
