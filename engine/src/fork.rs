//! Forks: what a process has made belongs to it, and not to its children.
//!
//! A child has none of its parent's threads, so that nothing it queued would ever leave;
//! and it shares its parent's descriptors, so that what it wrote would stand in the
//! middle of what the parent writes. So everything here knows which process made it.
//! In a child, calls return a named error and touch nothing, and what is dropped is
//! forgotten: neither a wire nor the runtime's epoll, which is the parent's too, learns
//! of it. Locks are not taken either: a thread that is not here may have held them.

use std::sync::OnceLock;

use crate::context::Context;

/// The process in which something was made.
///
/// Where it matters, at each call, that is one comparison: `pthread_atfork` has a
/// number changed in the child. A child that was not made by the C library's `fork`
/// is not noticed.
#[derive(Debug, Clone)]
pub(crate) struct Home(Option<forkguard::Guard>);

impl Home {
    /// This process.
    pub(crate) fn here() -> Self {
        // Without memory for the handler a fork goes unnoticed, and all else is well.
        Self(forkguard::Guard::try_new().ok())
    }

    /// Whether this is another process: a child of that one.
    #[inline]
    pub(crate) fn is_foreign(&self) -> bool {
        // The guard is to remember what it has seen; a copy may.
        let mut guard = self.0.clone();
        guard.as_mut().is_some_and(forkguard::Guard::detected_fork)
    }
}

/// A [`Context`] for each process that asks for one: made when it is first asked for, and
/// anew in a child, which has nothing of its parent's.
///
/// ```
/// use ferromq_engine::{Context, ContextPerProcess};
///
/// static CONTEXT: ContextPerProcess = ContextPerProcess::new();
/// let context = CONTEXT.get_or_make(|| Context::builder().build());
/// # let _ = context;
/// ```
#[derive(Debug, Default)]
pub struct ContextPerProcess {
    /// The first process's, and behind it, of each child's child.
    made: OnceLock<Box<Made>>,
}

#[derive(Debug)]
struct Made {
    context: Context,
    next: ContextPerProcess,
}

impl ContextPerProcess {
    /// For whoever asks first.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            made: OnceLock::new(),
        }
    }

    /// This process's context.
    pub fn get_or_make(&self, make: impl Fn() -> Context) -> Context {
        let mut place = self;
        loop {
            let made = place.made.get_or_init(|| {
                Box::new(Made {
                    context: make(),
                    next: Self::new(),
                })
            });
            if !made.context.home().is_foreign() {
                return made.context.clone();
            }
            place = &made.next;
        }
    }
}
