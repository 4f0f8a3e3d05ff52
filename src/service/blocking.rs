//! Work that needs much memory or time, on threads of its own and with a limit on how much runs at a time.
//! The work itself is defined by the caller.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::store::StoreError;

/// Runs one kind of work.
pub struct BlockingPool(Arc<Semaphore>);

impl BlockingPool {
    /// Makes a pool that runs `at_once` pieces of work at a time.
    #[must_use]
    pub fn new(at_once: usize) -> BlockingPool {
        BlockingPool(Arc::new(Semaphore::new(at_once)))
    }

    /// Waits for a permit and runs the work.
    ///
    /// # Errors
    /// `StoreError::Unavailable` if the work panicked or the program is ending.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.0).acquire_owned().await.expect("the semaphore is never closed");
        // The thread holds the permit: it continues after the caller has left.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        done.await.map_err(|error| StoreError::Unavailable(format!("work on a thread of its own: {error}")))
    }
}
