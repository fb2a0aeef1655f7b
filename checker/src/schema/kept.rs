//! An object of a schema: shared between states, and read from where it is stored when it is looked at.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// An object that is shared between states. It may be stored somewhere and not read yet.
pub struct Kept<T>(Slot<T>);

enum Slot<T> {
    Here(Arc<T>),
    Stored(Arc<Stored<T>>),
}

struct Stored<T> {
    value: OnceLock<Arc<T>>,
    read: Box<dyn Fn() -> Arc<T> + Send + Sync>,
}

impl<T> Kept<T> {
    /// An object that is stored.
    pub(crate) fn stored(read: impl Fn() -> Arc<T> + Send + Sync + 'static) -> Kept<T> {
        Kept(Slot::Stored(Arc::new(Stored { value: OnceLock::new(), read: Box::new(read) })))
    }

    /// The object itself, which outlives the schema.
    pub fn shared(&self) -> &Arc<T> {
        match &self.0 {
            Slot::Here(value) => value,
            Slot::Stored(stored) => stored.value.get_or_init(&stored.read),
        }
    }

    /// What tells the object apart from all others that live at the same time.
    pub(crate) fn address(&self) -> usize {
        match &self.0 {
            Slot::Here(value) => Arc::as_ptr(value) as usize,
            Slot::Stored(stored) => Arc::as_ptr(stored) as usize,
        }
    }
}

impl<T> From<Arc<T>> for Kept<T> {
    fn from(value: Arc<T>) -> Kept<T> {
        Kept(Slot::Here(value))
    }
}

impl<T> From<T> for Kept<T> {
    fn from(value: T) -> Kept<T> {
        Kept::from(Arc::new(value))
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.shared()
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Kept<T> {
        Kept(match &self.0 {
            Slot::Here(value) => Slot::Here(value.clone()),
            Slot::Stored(stored) => Slot::Stored(stored.clone()),
        })
    }
}

impl<T: fmt::Debug> fmt::Debug for Kept<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}
