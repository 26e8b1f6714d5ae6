//! Which thread calls, and whether it has called others.

use std::cell::Cell;

thread_local! {
    /// How many signals this thread has left. Its address is another one on each thread.
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

/// A thread, as its calls can be told from those of others, without a system call or a
/// count that all share. One that begins after another has ended may be taken for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller(usize);

impl Caller {
    /// None yet.
    pub(crate) const NOBODY: Self = Self(0);

    /// The thread that this is.
    #[inline]
    pub(crate) fn this() -> Self {
        Self(CALLS.with(|calls| std::ptr::from_ref(calls).addr()))
    }

    /// The thread that this is, which leaves a signal.
    pub(crate) fn calling() -> Self {
        CALLS.with(|calls| calls.set(calls.get().wrapping_add(1)));
        Self::this()
    }

    /// How many signals this thread has left.
    pub(crate) fn calls() -> u32 {
        CALLS.with(Cell::get)
    }

    pub(crate) fn from_number(number: usize) -> Self {
        Self(number)
    }

    pub(crate) fn number(self) -> usize {
        self.0
    }

    /// Whether it is known, and not this thread.
    #[inline]
    pub(crate) fn is_another(self) -> bool {
        self != Self::NOBODY && self != Self::this()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_knows_itself_from_others_and_counts_its_own_calls() {
        let here = Caller::calling();
        assert!(!here.is_another());
        assert!(!Caller::NOBODY.is_another());
        let seen = std::thread::spawn(move || (here.is_another(), Caller::this(), Caller::calls()));
        let (is_another, there, calls) = seen.join().expect("it looks");
        assert!(is_another && there.is_another());
        assert_eq!((Caller::calls(), calls), (1, 0));
    }
}
