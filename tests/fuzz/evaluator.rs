//! An evaluator that stays: one process for many lines, begun anew when it has died.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use libtest_mimic::Failed;

use crate::support::{self, Runtime};

/// Longer than any expression takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// What came of a line.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    Said(String),
    /// The process ended, or said nothing, and was ended.
    Ended(String),
}

impl Answer {
    pub fn shown(&self) -> &str {
        match self {
            Answer::Said(text) | Answer::Ended(text) => text,
        }
    }

    /// Whether no runtime may answer so, whatever the expression.
    pub fn is_broken(&self) -> bool {
        const NEVER: [&str; 3] = ["an exception is set beside", "an error was reported", "SystemError: "];
        match self {
            Answer::Said(text) => NEVER.iter().any(|start| text.starts_with(start)),
            Answer::Ended(_) => true,
        }
    }
}

pub struct Evaluator {
    runtime: Runtime,
    folder: PathBuf,
    running: Option<Running>,
}

struct Running {
    child: Child,
    lines: ChildStdin,
    answers: Receiver<String>,
}

impl Evaluator {
    pub fn new(runtime: Runtime) -> Result<Evaluator, Failed> {
        let folder = support::scratch(&runtime)?;
        Ok(Evaluator { runtime, folder, running: None })
    }

    /// One answer for each line, in their order.
    pub fn ask(&mut self, lines: &[String]) -> Result<Vec<Answer>, Failed> {
        let mut answers = Vec::with_capacity(lines.len());
        while answers.len() < lines.len() {
            let mut running = match self.running.take() {
                Some(running) => running,
                None => Running::begin(&self.runtime, &self.folder)?,
            };
            if running.ask(&lines[answers.len()..], &mut answers) {
                self.running = Some(running);
            } else {
                answers.push(Answer::Ended(running.end(&self.folder)?));
            }
        }
        Ok(answers)
    }

    /// Ends the process as it should end: of itself, and with its immortals untouched.
    pub fn finish(mut self) -> Result<(), Failed> {
        let Some(mut running) = self.running.take() else { return Ok(()) };
        drop(running.lines);
        let status = running.child.wait()?;
        let errors = errors(&self.folder);
        if let Some(sentence) = support::seal_broken(&errors) {
            return Err(sentence.into());
        }
        if status.success() { Ok(()) } else { Err(format!("at its end: {status} {}", last_line(&errors)).into()) }
    }
}

impl Drop for Evaluator {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Running {
    fn begin(runtime: &Runtime, folder: &Path) -> Result<Running, Failed> {
        let mut child = support::evaluator(runtime, None, folder, Path::new("-"))?
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.join("stderr"))?)
            .spawn()?;
        let lines = child.stdin.take().expect("it is piped");
        let answers = listen(child.stdout.take().expect("it is piped"));
        Ok(Running { child, lines, answers })
    }

    /// Adds the answers; false if one did not come.
    fn ask(&mut self, lines: &[String], answers: &mut Vec<Answer>) -> bool {
        let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        let Running { child, lines: pipe, answers: incoming } = self;
        thread::scope(|scope| {
            // Beside the answers: both pipes are smaller than what goes through them. A process that has died
            // shows by what it does not answer.
            scope.spawn(move || drop(pipe.write_all(text.as_bytes()).and_then(|()| pipe.flush())));
            for _ in lines {
                let Ok(answer) = incoming.recv_timeout(PATIENCE) else {
                    // It may be dead already; if not, nobody waits for it any more.
                    let _ = child.kill();
                    return false;
                };
                answers.push(Answer::Said(answer));
            }
            true
        })
    }

    /// How it ended.
    fn end(&mut self, folder: &Path) -> Result<String, Failed> {
        let status = self.child.wait()?;
        Ok(format!("<{status}> {}", last_line(&errors(folder))))
    }
}

/// The whole lines that a process prints.
fn listen(stdout: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) && line.ends_with(b"\n") {
            line.pop();
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
    receiver
}

fn errors(folder: &Path) -> String {
    String::from_utf8_lossy(&fs::read(folder.join("stderr")).unwrap_or_default()).into_owned()
}

fn last_line(errors: &str) -> &str {
    errors.trim_end().lines().last().unwrap_or_default()
}
