//! Notices when nothing moves any more.

use std::time::Duration;

use tokio::time::sleep;

use crate::failure::Failure;

/// How long nothing may move.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits until `progress` has been the same for a while.
pub(crate) async fn stall<T: PartialEq>(progress: impl Fn() -> T) -> Failure {
    let mut before = progress();
    loop {
        sleep(PATIENCE).await;
        let now = progress();
        if now == before {
            return Failure::TimedOut("nothing moved", PATIENCE, None);
        }
        before = now;
    }
}
