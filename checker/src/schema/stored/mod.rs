//! Values as bytes that are read piece by piece: what is not looked at costs nothing.
//!
//! Numbers have a fixed width, so that reading does little even where it is not optimised. Objects that states share are
//! written once and read when they are looked at; one that would not come back the same is marked, and found by a replay.

mod objects;
mod state;
mod values;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{Kept, Schema};
use crate::dialect::Dialect;
use crate::source::Source;

#[cfg(feature = "project")]
pub(crate) use objects::stored_variants;
pub(crate) use values::{stored_fields, stored_words};

/// A value that comes back from its bytes as it was.
pub(crate) trait Stored: Sized {
    /// Appends it.
    fn write(&self, out: &mut Writer);

    /// Reads what was written; `None` where the bytes are something else.
    fn read(from: &mut Reader<'_>) -> Option<Self>;
}

/// An object that states share.
pub(crate) trait Object: Stored + Send + Sync + 'static {
    /// Its number in a schema.
    fn number(&self) -> u32;

    /// The object with a number.
    fn find(schema: &Schema, number: u32) -> Option<&Kept<Self>>;

    /// What stands for an object that is nowhere to be found: nothing is known of it.
    fn lost(number: u32, reason: &str) -> Self;
}

/// Bytes in the making.
pub(crate) struct Writer {
    /// Whose grammar texts are read by; nothing where there are none.
    dialect: Option<&'static Dialect>,
    bytes: Vec<u8>,
    /// Objects, and where each stands, by its address.
    objects: Vec<u8>,
    places: HashMap<usize, ObjectPlace>,
    sources: Vec<Source>,
    source_numbers: HashMap<(String, String), u32>,
    /// Whether all places are to be in one file, which is not written.
    of_one_file: bool,
    /// The state at work, among all that are written.
    state: u32,
    /// What is being written would not come back as it is.
    differs: bool,
    /// Whether a text is known to come back as the tree that it was.
    pub(crate) trees: HashMap<Arc<str>, bool>,
}

/// Where an object is: bytes, none where only a replay finds it, and the state and the number by which that finds it.
#[derive(Clone, Copy)]
struct ObjectPlace {
    start: u32,
    length: u32,
    state: u32,
    number: u32,
}

impl Writer {
    pub(crate) fn new(dialect: Option<&'static Dialect>) -> Writer {
        Writer {
            dialect,
            bytes: Vec::new(),
            objects: Vec::new(),
            places: HashMap::new(),
            sources: Vec::new(),
            source_numbers: HashMap::new(),
            of_one_file: false,
            state: 0,
            differs: false,
            trees: HashMap::new(),
        }
    }

    /// For what is in one file, which whoever reads it has: [`Store::of_file`].
    #[cfg(feature = "project")]
    pub(crate) fn of_file(source: &Source) -> Writer {
        Writer { sources: vec![source.clone()], of_one_file: true, ..Writer::new(None) }
    }

    pub(crate) fn dialect(&self) -> Option<&'static Dialect> {
        self.dialect
    }

    /// The next state begins.
    pub(crate) fn next_state(&mut self) {
        self.state += 1;
    }

    /// What is being written would not come back as it is.
    pub(crate) fn lose(&mut self) {
        self.differs = true;
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn source(&mut self, source: &Source) -> u32 {
        if self.of_one_file {
            self.differs |= !self.sources.iter().any(|own| own.is(source));
            return 0;
        }
        let next = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        let key = (source.path().to_owned(), source.text().to_owned());
        let number = *self.source_numbers.entry(key).or_insert(next);
        if number == next {
            self.sources.push(source.clone());
        }
        number
    }

    fn object<T: Object>(&mut self, object: &Kept<T>) {
        let place = match self.places.get(&object.address()) {
            Some(place) => *place,
            None => {
                let place = self.place(object);
                self.places.insert(object.address(), place);
                place
            }
        };
        for number in [place.start, place.length, place.state, place.number] {
            number.write(self);
        }
    }

    fn place<T: Object>(&mut self, object: &Kept<T>) -> ObjectPlace {
        let around = std::mem::take(&mut self.bytes);
        let differed = std::mem::take(&mut self.differs);
        T::write(object, self);
        let written = std::mem::replace(&mut self.bytes, around);
        let differs = std::mem::replace(&mut self.differs, differed);
        let start = u32::try_from(self.objects.len()).unwrap_or(u32::MAX);
        let length = if differs { 0 } else { u32::try_from(written.len()).unwrap_or(0) };
        if !differs {
            self.objects.extend_from_slice(&written);
        }
        ObjectPlace { start, length, state: self.state, number: object.number() }
    }

    /// The bytes, for [`Store::of_file`]; none where they would not come back as they are.
    #[cfg(feature = "project")]
    pub(crate) fn finish_of_file(self) -> Option<Vec<u8>> {
        (!self.differs && self.objects.is_empty()).then_some(self.bytes)
    }

    /// All bytes, for [`Store::new`]; none where something beside the objects would not come back as it is.
    pub(crate) fn finish(mut self) -> Option<Vec<u8>> {
        if self.differs || u32::try_from(self.objects.len()).is_err() {
            return None;
        }
        let body = std::mem::take(&mut self.bytes);
        let sources = std::mem::take(&mut self.sources);
        let texts: Vec<(String, String)> =
            sources.iter().map(|it| (it.path().to_owned(), it.text().to_owned())).collect();
        texts.write(&mut self);
        let sources = std::mem::take(&mut self.bytes);
        let mut all = Vec::with_capacity(16 + body.len() + sources.len() + self.objects.len());
        for part in [&body, &sources, &self.objects] {
            all.extend_from_slice(&u32::try_from(part.len()).ok()?.to_le_bytes());
        }
        [body, sources, self.objects].iter().for_each(|part| all.extend_from_slice(part));
        Some(all)
    }
}

/// Bytes with what reading them needs.
pub(crate) struct Store {
    bytes: Arc<Vec<u8>>,
    dialect: Option<&'static Dialect>,
    objects: Range<usize>,
    sources: Vec<(Range<usize>, OnceLock<Source>)>,
    replay: OnceLock<Box<Replay>>,
    replayed: OnceLock<Vec<Schema>>,
}

/// Gives all states that were written from the start.
pub(crate) type Replay = dyn Fn() -> Vec<Schema> + Send + Sync;

/// Reads a value.
pub(crate) struct Reader<'s> {
    store: &'s Arc<Store>,
    at: usize,
    end: usize,
}

impl Store {
    /// Bytes that [`Writer::finish`] gave, and the range of the values in them.
    pub(crate) fn new(
        bytes: Arc<Vec<u8>>,
        range: Range<usize>,
        dialect: Option<&'static Dialect>,
    ) -> Option<(Arc<Store>, Range<usize>)> {
        let length = |part: usize| {
            let at = range.start + 4 * part;
            let bytes = bytes.get(at..at + 4).filter(|_| at + 4 <= range.end)?;
            usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
        };
        let body = range.start + 12..range.start + 12 + length(0)?;
        let sources = body.end..body.end + length(1)?;
        let objects = sources.end..sources.end + length(2)?;
        if objects.end != range.end {
            return None;
        }
        let mut store =
            Store { bytes, dialect, objects, sources: Vec::new(), replay: OnceLock::new(), replayed: OnceLock::new() };
        let unread = Arc::new(store.without_sources());
        let mut reader = Reader { store: &unread, at: sources.start, end: sources.end };
        for _ in 0..reader.length()? {
            let start = reader.at;
            reader.skip()?;
            reader.skip()?;
            store.sources.push((start..reader.at, OnceLock::new()));
        }
        Some((Arc::new(store), body))
    }

    /// Bytes that [`Writer::finish_of_file`] gave, with the file that they are of.
    #[cfg(feature = "project")]
    pub(crate) fn of_file(bytes: Vec<u8>, source: &Source) -> Arc<Store> {
        let end = bytes.len();
        Arc::new(Store {
            bytes: Arc::new(bytes),
            dialect: None,
            objects: end..end,
            sources: vec![(0..0, OnceLock::from(source.clone()))],
            replay: OnceLock::new(),
            replayed: OnceLock::new(),
        })
    }

    /// Where objects are found that are not stored.
    pub(crate) fn replay_by(&self, replay: Box<Replay>) {
        let _ = self.replay.set(replay);
    }

    fn without_sources(&self) -> Store {
        Store {
            bytes: self.bytes.clone(),
            dialect: self.dialect,
            objects: self.objects.clone(),
            sources: Vec::new(),
            replay: OnceLock::new(),
            replayed: OnceLock::new(),
        }
    }

    fn object<T: Object>(self: &Arc<Store>, place: ObjectPlace) -> Kept<T> {
        let store = self.clone();
        Kept::stored(move || {
            let start = store.objects.start + place.start as usize;
            let range = start..start + place.length as usize;
            let mut reader = Reader { store: &store, at: range.start, end: range.end.min(store.objects.end) };
            if place.length > 0
                && let Some(read) = T::read(&mut reader)
            {
                return Arc::new(read);
            }
            let replay = || store.replay.get().map_or_else(Vec::new, |replay| replay());
            let replayed = store.replayed.get_or_init(replay);
            let found = replayed.get(place.state as usize).and_then(|schema| T::find(schema, place.number));
            let lost = || Arc::new(T::lost(place.number, "the snapshot that the build script left cannot be read"));
            found.map_or_else(lost, |found| found.shared().clone())
        })
    }
}

impl<'s> Reader<'s> {
    pub(crate) fn new(store: &'s Arc<Store>, range: Range<usize>) -> Reader<'s> {
        Reader { store, at: range.start, end: range.end }
    }

    pub(crate) fn dialect(&self) -> Option<&'static Dialect> {
        self.store.dialect
    }

    /// Whether all was read.
    pub(crate) fn is_done(&self) -> bool {
        self.at == self.end
    }

    fn take(&mut self, count: usize) -> Option<&'s [u8]> {
        let end = self.at.checked_add(count).filter(|&end| end <= self.end)?;
        let taken = self.store.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A count of things, each of at least one byte.
    fn length(&mut self) -> Option<usize> {
        let length = self.number()? as usize;
        (length <= self.end - self.at).then_some(length)
    }

    /// Passes over a text.
    fn skip(&mut self) -> Option<()> {
        let length = self.length()?;
        self.take(length).map(|_| ())
    }

    fn text(&mut self) -> Option<&'s str> {
        let length = self.length()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    fn source(&mut self) -> Option<Source> {
        let number = self.number()? as usize;
        let (range, source) = self.store.sources.get(number)?;
        if let Some(source) = source.get() {
            return Some(source.clone());
        }
        let mut reader = Reader::new(self.store, range.clone());
        let read = Source::new(reader.text()?, reader.text()?);
        Some(source.get_or_init(|| read).clone())
    }

    fn object<T: Object>(&mut self) -> Option<Kept<T>> {
        let [start, length] = [self.number()?, self.number()?];
        let place = ObjectPlace { start, length, state: self.number()?, number: self.number()? };
        Some(self.store.object(place))
    }
}
