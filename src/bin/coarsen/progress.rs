//! Progress on a terminal.

use std::sync::Mutex;
use std::time::Duration;

use coarsen::study::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error; nothing where that is no terminal.
pub struct Bar(Mutex<ProgressBar>);

impl Bar {
    pub fn new() -> Self {
        Self(Mutex::new(ProgressBar::hidden()))
    }

    fn replace(&self, bar: ProgressBar) {
        if let Ok(mut held) = self.0.lock() {
            held.finish_and_clear();
            *held = bar;
        }
    }

    /// A stage of so much work, in units that mean nothing to a reader: the share that is done, and the time left.
    pub fn share(&self, name: &str, work: u64) {
        self.begin(name, ProgressBar::new(work), "{msg:12} {wide_bar} {percent:>3} % {eta}");
    }

    fn begin(&self, name: &str, bar: ProgressBar, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(name.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        self.replace(bar);
    }

    pub fn finish(&self) {
        self.replace(ProgressBar::hidden());
    }
}

/// Does it under a spinner, for what has no steps to count.
pub fn while_spinning<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let bar = Bar::new();
    bar.stage(name, None);
    let done = work();
    bar.finish();
    done
}

impl Progress for Bar {
    fn stage(&self, name: &str, steps: Option<u64>) {
        match steps {
            Some(steps) => self.begin(name, ProgressBar::new(steps), "{msg:12} {wide_bar} {pos}/{len} {eta}"),
            None => self.begin(name, ProgressBar::new_spinner(), "{msg:12} {spinner} {pos}"),
        }
    }

    fn advance(&self, steps: u64) {
        if let Ok(bar) = self.0.lock() {
            bar.inc(steps);
        }
    }
}
