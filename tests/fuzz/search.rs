//! Generates an area's expressions, has both runtimes evaluate them in batches, and shrinks what differs.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::evaluator::{Answer, Evaluator};
use crate::support::{self, Runtime};

/// How many cases of an area an ordinary run has.
const CASES: usize = 1500;
/// As many lines as make the way to a process and back unimportant.
const BATCH: usize = 500;
/// How many failures are worth shrinking.
const SHOWN: usize = 12;
/// How many steps one may take to shrink, and how long, since a step that ends a process or waits for it is slow.
const STEPS: usize = 2000;
const SHRINKING: Duration = Duration::from_secs(60);

/// What is generated together, and reported together.
pub struct Area {
    pub name: &'static str,
    pub expressions: fn() -> BoxedStrategy<String>,
    pub differences: &'static [Difference],
}

/// Where the answers differ on purpose.
pub struct Difference {
    /// Why, for the reader.
    pub _reason: &'static str,
    /// By the expression, CPython's answer and ours.
    pub holds: fn(&str, &str, &str) -> bool,
}

#[derive(Clone, Copy)]
pub struct Effort {
    pub cases: usize,
    pub seed: u64,
}

impl Effort {
    /// `FUZZ_CASES` and `FUZZ_SEED`, or what an ordinary run has.
    pub fn from_environment() -> Effort {
        Effort { cases: number("FUZZ_CASES").unwrap_or(CASES as u64) as usize, seed: number("FUZZ_SEED").unwrap_or(0) }
    }
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")))
}

/// The two runtimes that are asked the same.
struct Pair {
    ours: Evaluator,
    theirs: Option<Evaluator>,
}

/// Ours and theirs.
type Answers = (Answer, Option<Answer>);

impl Pair {
    fn ask(&mut self, lines: &[String]) -> Result<Vec<Answers>, Failed> {
        let Some(theirs) = &mut self.theirs else {
            return Ok(self.ours.ask(lines)?.into_iter().map(|ours| (ours, None)).collect());
        };
        let (ours, theirs) = thread::scope(|scope| {
            let theirs = scope.spawn(|| theirs.ask(lines));
            (self.ours.ask(lines), theirs.join().expect("it does not panic"))
        });
        Ok(ours?.into_iter().zip(theirs?.into_iter().map(Some)).collect())
    }
}

impl Area {
    fn is_wrong(&self, line: &str, answers: &Answers) -> bool {
        let (ours, theirs) = answers;
        match theirs {
            Some(theirs) if ours == theirs => matches!(ours, Answer::Ended(_)),
            Some(theirs) => !self.differences.iter().any(|known| (known.holds)(line, theirs.shown(), ours.shown())),
            None => ours.is_broken(),
        }
    }

    /// Fails with what differs, each as small as it could be made.
    pub fn search(&self, effort: Effort, peer: Option<Runtime>) -> Result<(), Failed> {
        let expressions = (self.expressions)();
        let mut runner = runner(effort.seed);
        let theirs = peer.map(Evaluator::new).transpose()?;
        let mut pair = Pair { ours: Evaluator::new(Runtime::Ours)?, theirs };
        let mut wrong: BTreeMap<String, Answers> = BTreeMap::new();
        let mut done = 0;
        while done < effort.cases && wrong.len() < SHOWN {
            let batch = BATCH.min(effort.cases - done);
            let trees: Vec<_> = (0..batch)
                .map(|_| expressions.new_tree(&mut runner))
                .collect::<Result<_, _>>()
                .map_err(|e| e.to_string())?;
            let lines: Vec<String> = trees.iter().map(ValueTree::current).collect();
            for ((tree, line), answers) in trees.into_iter().zip(&lines).zip(pair.ask(&lines)?) {
                if self.is_wrong(line, &answers) && wrong.len() < SHOWN {
                    let (line, answers) = self.shrink(tree, &mut pair, (line.clone(), answers))?;
                    wrong.insert(line, answers);
                }
            }
            done += batch;
        }
        if wrong.is_empty() {
            pair.ours.finish()?;
            return Ok(());
        }
        Err(self.report(effort, done, &wrong).into())
    }

    /// The smallest expression that is found to be wrong too.
    fn shrink(
        &self,
        mut tree: impl ValueTree<Value = String>,
        pair: &mut Pair,
        found: (String, Answers),
    ) -> Result<(String, Answers), Failed> {
        let mut least = found;
        let mut moved = tree.simplify();
        let began = Instant::now();
        for _ in 0..STEPS {
            if !moved || began.elapsed() > SHRINKING {
                break;
            }
            let line = tree.current();
            let answers = pair.ask(std::slice::from_ref(&line))?.pop().expect("an answer for each line");
            moved = if self.is_wrong(&line, &answers) {
                least = (line, answers);
                tree.simplify()
            } else {
                tree.complicate()
            };
        }
        Ok(least)
    }

    fn report(&self, effort: Effort, done: usize, wrong: &BTreeMap<String, Answers>) -> String {
        let mut text = format!("{} in {done} expressions\n", wrong.len());
        for (line, (ours, theirs)) in wrong {
            text.push_str(&format!("{line}\n"));
            if let Some(theirs) = theirs {
                text.push_str(&format!("   CPython 3.15  {}\n", theirs.shown()));
            }
            text.push_str(&format!("   ours          {}\n", ours.shown()));
        }
        let Effort { cases, seed } = effort;
        text.push_str(&format!(
            "one of them:  deathless eval [--runtime LIBRARY] EXPRESSION\n\
             all of them:  FUZZ_SEED={seed} FUZZ_CASES={cases} cargo test --test fuzz -- {}\n",
            self.name
        ));
        text
    }
}

fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { failure_persistence: None, max_local_rejects: u32::MAX, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// CPython 3.15, if it is at hand.
pub fn peer() -> Option<Runtime> {
    support::cpython_3_15()
}
