//! What sockets do together beyond passing messages on: each a sentence that a
//! function finds true.

use std::fmt;

use crate::failure::Outcome;
use crate::lab::{Lab, Library};

/// Something that is so.
#[derive(Debug)]
pub struct Behaviour {
    /// The function's name, which is the sentence.
    name: &'static str,
    libraries: &'static [Library],
    run: fn(&Lab) -> Outcome,
}

/// A subject, and what is so of it.
#[derive(Debug)]
pub struct Chapter {
    /// What it is about.
    pub title: &'static str,
    /// What is so.
    pub behaviours: &'static [Behaviour],
}

/// Names this module's behaviours, which are functions, under a title.
macro_rules! chapter {
    ($title:literal: $($name:ident),+ $(,)?) => {
        pub(super) const CHAPTER: super::Chapter = super::Chapter {
            title: $title,
            behaviours: &[$(super::Behaviour::new(stringify!($name), $name),)+],
        };
    };
}

use chapter;

/// All chapters, in the order of the page.
pub const CHAPTERS: &[Chapter] = &[];

/// All behaviours.
pub fn all() -> impl Iterator<Item = &'static Behaviour> {
    CHAPTERS.iter().flat_map(|chapter| chapter.behaviours)
}

impl Behaviour {
    const fn new(name: &'static str, run: fn(&Lab) -> Outcome) -> Self {
        Self {
            name,
            libraries: &Library::ALL,
            run,
        }
    }

    /// With whom it is so.
    #[must_use]
    pub fn libraries(&self) -> &'static [Library] {
        self.libraries
    }

    /// Finds out.
    ///
    /// # Errors
    ///
    /// If it is not so.
    pub fn run(&self, lab: &Lab) -> Outcome {
        (self.run)(lab)
    }
}

impl fmt::Display for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name.replace('_', " "))
    }
}
