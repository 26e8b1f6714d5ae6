//! Several addresses of one peer: whichever answers first is the peer.
//!
//! What libzmq does, the first address and no other, leaves a peer alone whose name
//! has a stale record. One address after the other would wait for the first as long
//! as the system tries, and leave nothing of a time limit for the rest.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

/// How long an attempt has to itself before the next one is made beside it
/// ([RFC 8305, 5](https://www.rfc-editor.org/rfc/rfc8305#section-5)).
const HEAD_START: Duration = Duration::from_millis(250);

/// So many attempts are under way at the most; the oldest then gives way.
const AT_ONCE: usize = 8;

/// Attempts that are under way, the oldest first.
struct Attempts<F>(VecDeque<Pin<Box<F>>>);

/// Tries one address after the other: the next one as soon as an attempt fails, or
/// none has ended for a while. Returns the first success, or else the last failure;
/// nothing if there are no addresses.
pub(crate) async fn first<A, F, T, E>(
    addresses: impl IntoIterator<Item = A>,
    attempt: impl Fn(A) -> F,
) -> Option<Result<T, E>>
where
    F: Future<Output = Result<T, E>>,
{
    let mut addresses = addresses.into_iter();
    let mut attempts = Attempts(VecDeque::new());
    let mut failure = None;
    loop {
        let next = addresses.next().map(&attempt);
        let patience = next.is_some().then_some(HEAD_START);
        attempts.start(next);
        if attempts.0.is_empty() {
            return failure;
        }
        let ended = match patience {
            Some(patience) => tokio::time::timeout(patience, attempts.ended()).await.ok(),
            None => Some(attempts.ended().await),
        };
        match ended {
            Some(Ok(connected)) => return Some(Ok(connected)),
            Some(error) => failure = Some(error),
            None => {}
        }
    }
}

impl<F: Future> Attempts<F> {
    fn start(&mut self, attempt: Option<F>) {
        if attempt.is_some() && self.0.len() == AT_ONCE {
            self.0.pop_front();
        }
        self.0.extend(attempt.map(Box::pin));
    }

    /// Waits for any of them, and says what came of it.
    async fn ended(&mut self) -> F::Output {
        poll_fn(|cx| {
            let polled = self.0.iter_mut().map(|attempt| attempt.as_mut().poll(cx));
            let ended = polled.enumerate().find(|(_, polled)| polled.is_ready());
            let Some((place, outcome)) = ended else {
                return Poll::Pending;
            };
            self.0.remove(place);
            outcome
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::pending;

    use tokio::time::{Instant, sleep};

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// What an attempt at an address does, after so many milliseconds.
    type Script = (u64, Result<(), ()>);

    /// Runs the attempts; says which began when, and what came of it.
    async fn run(scripts: &[Script]) -> (Option<Result<usize, usize>>, Vec<u128>) {
        let (begin, begun) = (Instant::now(), RefCell::new(Vec::new()));
        let attempt = |(place, &(after, outcome)): (usize, &Script)| {
            begun.borrow_mut().push(begin.elapsed().as_millis());
            async move {
                // On a paused clock: how long an attempt takes is what this is about.
                sleep(after as u32 * MS).await;
                outcome.map(|()| place).map_err(|()| place)
            }
        };
        let outcome = first(scripts.iter().enumerate(), attempt).await;
        (outcome, begun.into_inner())
    }

    #[tokio::test(start_paused = true)]
    async fn who_answers_at_once_is_alone() {
        assert_eq!(
            run(&[(10, Ok(())), (0, Ok(()))]).await,
            (Some(Ok(0)), vec![0])
        );
        assert_eq!(run(&[]).await, (None, vec![]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_lets_the_next_begin_at_once() {
        let scripts = [(10, Err(())), (20, Err(())), (30, Err(()))];
        assert_eq!(run(&scripts).await, (Some(Err(2)), vec![0, 10, 30]));
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_silent_gets_company_and_may_still_answer_first() {
        let silent = (1_000_000, Err(()));
        let scripts = [silent, (10, Ok(()))];
        assert_eq!(run(&scripts).await, (Some(Ok(1)), vec![0, 250]));
        let scripts = [(600, Ok(())), silent, silent];
        assert_eq!(run(&scripts).await, (Some(Ok(0)), vec![0, 250, 500]));
        let scripts = [(300, Err(())), silent, (100, Ok(()))];
        assert_eq!(run(&scripts).await, (Some(Ok(2)), vec![0, 250, 300]));
    }

    #[tokio::test(start_paused = true)]
    async fn of_many_that_are_silent_the_oldest_give_way() {
        let most = RefCell::new(0);
        let alive = RefCell::new(0);
        struct Under<'a>(&'a RefCell<usize>);
        impl Drop for Under<'_> {
            fn drop(&mut self) {
                *self.0.borrow_mut() -= 1;
            }
        }
        let attempt = |place: usize| {
            let (alive, most) = (&alive, &most);
            async move {
                *alive.borrow_mut() += 1;
                let _under = Under(alive);
                let now = *alive.borrow();
                most.replace_with(|most| now.max(*most));
                match place {
                    99 => Ok(place),
                    _ => pending::<Result<usize, ()>>().await,
                }
            }
        };
        assert_eq!(first(0..100, attempt).await, Some(Ok(99)));
        assert_eq!((*most.borrow(), *alive.borrow()), (AT_ONCE, 0));
    }
}
