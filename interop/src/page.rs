//! The page that tells what was found.

use crate::check::Verdict;

/// The page, from these verdicts.
#[must_use]
pub fn page(_verdicts: &[Verdict]) -> String {
    String::new()
}
