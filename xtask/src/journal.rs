//! The steps of a task, and how long each took.

use std::time::{Duration, Instant};

use crate::failure::Outcome;

/// What has been done so far.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    steps: Vec<(String, Duration)>,
}

impl Journal {
    /// Does one step of a task, says so before and after, and notes the time.
    pub(crate) fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = work();
        let took = start.elapsed();
        let end = if outcome.is_ok() { "ok" } else { "FAILED" };
        println!("== {name}: {end} after {}", seconds(took));
        self.steps.push((name.to_owned(), took));
        outcome
    }

    /// Shows the times of all steps, if there was more than one.
    pub(crate) fn summary(&self) {
        if self.steps.len() < 2 {
            return;
        }
        println!();
        for (name, took) in &self.steps {
            println!("{:>9}  {name}", seconds(*took));
        }
        let total = self.steps.iter().map(|(_, took)| *took).sum();
        println!("{:>9}  in all", seconds(total));
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
