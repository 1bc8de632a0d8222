//! A thin model of servers: each owns a library ([`libraries`](crate::catalogue::libraries)) and plays its files by
//! popularity, with replacement. Under the uniform [`Prior`] all files are equally popular.
//!
//! # Laws
//! Every server is a function of the catalogue, the prior, the seed and its number alone: of more servers, the first
//! are the same.

use super::Prior;
use crate::catalogue::libraries::Libraries;
pub use crate::catalogue::libraries::{LibrariesError, SIZES};
use crate::catalogue::stream::stream;
use crate::catalogue::{Catalogue, Drawn};

/// Servers with their libraries.
pub struct Servers<'a> {
    catalogue: &'a Catalogue,
    prior: Prior,
    seed: u64,
    libraries: Libraries,
}

impl<'a> Servers<'a> {
    /// Draws so many. O(files log files + titles owned x log series).
    ///
    /// # Errors
    /// [`LibrariesError::FewTitles`].
    ///
    /// ```
    /// use coarsen::attack::{Prior, servers::Servers};
    /// use coarsen::catalogue::synthetic::{Recipe, synthesize};
    /// let catalogue = synthesize(&Recipe::builtin("mixed")?, 400, 1)?;
    /// let servers = Servers::draw(&catalogue, Prior::Popularity, 20, 1)?;
    /// assert_eq!((servers.libraries().len(), servers.most_titles()), (20, 200));
    /// assert!(servers.libraries().iter().all(|files| (50..=200).contains(&files.len())));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn draw(
        catalogue: &'a Catalogue,
        prior: Prior,
        servers: u32,
        seed: u64,
    ) -> Result<Self, LibrariesError> {
        let weight = |file| prior.weight(catalogue, file);
        let libraries = Libraries::draw(catalogue, &weight, servers, seed)?;
        Ok(Self { catalogue, prior, seed, libraries })
    }

    /// The files of each server, rising.
    pub fn libraries(&self) -> &[Vec<u32>] {
        self.libraries.files()
    }

    /// The largest library that could be drawn, in titles: 5,000, or half of those that anybody plays.
    pub fn most_titles(&self) -> u32 {
        self.libraries.most_titles()
    }

    /// How often a file is played by whoever owns it, against the others of the library.
    pub(super) fn weight(&self, file: usize) -> u64 {
        self.prior.weight(self.catalogue, file)
    }

    /// The files that a server plays in a period, one after the other; nothing of another period tells of them but
    /// the library. O(files of the library + plays log files).
    ///
    /// # Panics
    /// Where there is no such server.
    pub fn plays(&self, server: usize, period: u32, plays: u64) -> Vec<u32> {
        let library = &self.libraries()[server];
        let drawn = Drawn::new(library.iter().map(|&file| self.prior.weight(self.catalogue, file as usize)));
        let mut random = stream(self.seed, &format!("servers plays {period}"), server as u64);
        (0..plays).map(|_| library[drawn.draw(&mut random)]).collect()
    }
}
