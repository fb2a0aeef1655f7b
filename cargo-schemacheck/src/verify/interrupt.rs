//! Being told to stop: what runs on the server is cancelled, and what was made there is still dropped.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use postgres::{CancelToken, Client, NoTls};

use super::stop::Stop;

/// Tells a comparison to stop, from another thread.
#[derive(Clone, Default)]
pub struct Interrupt(Arc<Inner>);

#[derive(Default)]
struct Inner {
    raised: AtomicBool,
    /// The session of the migrations, and the newest other one.
    running: Mutex<Vec<CancelToken>>,
}

impl std::fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Interrupt").field(&self.is_raised()).finish()
    }
}

impl Interrupt {
    /// Stops the comparison as soon as what was made is dropped.
    pub fn raise(&self) {
        self.0.raised.store(true, Ordering::SeqCst);
        let running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for running in running {
            // Where a statement cannot be cancelled, its end is waited for.
            let _ = running.cancel_query(NoTls);
        }
    }

    /// Whether it was told to stop.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.0.raised.load(Ordering::SeqCst)
    }

    /// Goes on, or not.
    pub(super) fn check(&self) -> Result<(), Stop> {
        if self.is_raised() { Err(Stop::new("interrupted")) } else { Ok(()) }
    }

    /// From here on, the statements of this session are to be cancelled too.
    pub(super) fn follows(&self, client: &Client) {
        let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.truncate(1);
        running.push(client.cancel_token());
    }

    /// From here on, nothing is to be cancelled.
    pub(super) fn spares(&self) {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
