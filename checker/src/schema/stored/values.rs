//! Plain values, places in files, and what they are put together to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Object, Reader, Stored, Writer};
use crate::schema::Kept;
use crate::sorted;
use crate::source::{Place, Source, Span};

/// A struct whose fields are stored in this order. All must be named.
macro_rules! stored_fields {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl $crate::schema::stored::Stored for $type {
            fn write(&self, out: &mut $crate::schema::stored::Writer) {
                let Self { $($field),* } = self;
                $($crate::schema::stored::Stored::write($field, out);)*
            }

            fn read(from: &mut $crate::schema::stored::Reader<'_>) -> Option<Self> {
                Some(Self { $($field: $crate::schema::stored::Stored::read(from)?),* })
            }
        }
    };
}

/// An enum of words. All must be named.
macro_rules! stored_words {
    ($type:ty: $($word:ident),* $(,)?) => {
        impl $crate::schema::stored::Stored for $type {
            fn write(&self, out: &mut $crate::schema::stored::Writer) {
                let words = [$(Self::$word),*];
                match self {
                    $(Self::$word)|* => {}
                }
                let at = words.iter().position(|word| word == self).unwrap_or_default();
                $crate::schema::stored::Stored::write(&u8::try_from(at).unwrap_or_default(), out);
            }

            fn read(from: &mut $crate::schema::stored::Reader<'_>) -> Option<Self> {
                let at: u8 = $crate::schema::stored::Stored::read(from)?;
                [$(Self::$word),*].get(usize::from(at)).copied()
            }
        }
    };
}

pub(crate) use {stored_fields, stored_words};

macro_rules! numbers {
    ($($type:ty),*) => {
        $(impl Stored for $type {
            fn write(&self, out: &mut Writer) {
                out.raw(&self.to_le_bytes());
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                Some(Self::from_le_bytes(from.take(size_of::<Self>())?.try_into().ok()?))
            }
        })*
    };
}

numbers!(u8, i16, u32, i32, u64);

impl Stored for usize {
    fn write(&self, out: &mut Writer) {
        match u32::try_from(*self) {
            Ok(number) => number.write(out),
            Err(_) => {
                out.lose();
                0u32.write(out);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<usize> {
        Some(from.number()? as usize)
    }
}

impl Stored for bool {
    fn write(&self, out: &mut Writer) {
        out.raw(&[u8::from(*self)]);
    }

    fn read(from: &mut Reader<'_>) -> Option<bool> {
        match from.take(1)? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }
}

impl Stored for char {
    fn write(&self, out: &mut Writer) {
        u32::from(*self).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<char> {
        char::from_u32(from.number()?)
    }
}

impl Stored for () {
    fn write(&self, _: &mut Writer) {}

    fn read(_: &mut Reader<'_>) -> Option<()> {
        Some(())
    }
}

macro_rules! texts {
    ($($type:ty: $from:expr),*) => {
        $(impl Stored for $type {
            fn write(&self, out: &mut Writer) {
                self.len().write(out);
                out.raw(self.as_bytes());
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                from.text().map($from)
            }
        })*
    };
}

texts!(String: str::to_owned, Arc<str>: Arc::from, Cow<'static, str>: |text| Cow::Owned(text.to_owned()));

impl<T: Stored> Stored for Option<T> {
    fn write(&self, out: &mut Writer) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Option<T>> {
        Some(if bool::read(from)? { Some(T::read(from)?) } else { None })
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn write(&self, out: &mut Writer) {
        self.len().write(out);
        self.iter().for_each(|value| value.write(out));
    }

    fn read(from: &mut Reader<'_>) -> Option<Vec<T>> {
        let count = from.number()? as usize;
        let mut values = Vec::with_capacity(count.min(1024));
        for _ in 0..count {
            values.push(T::read(from)?);
        }
        Some(values)
    }
}

impl<T: Stored> Stored for Arc<T> {
    fn write(&self, out: &mut Writer) {
        T::write(self, out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Arc<T>> {
        T::read(from).map(Arc::new)
    }
}

impl<T: Stored> Stored for Box<T> {
    fn write(&self, out: &mut Writer) {
        T::write(self, out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Box<T>> {
        T::read(from).map(Box::new)
    }
}

impl<T: Stored> Stored for Arc<[T]> {
    fn write(&self, out: &mut Writer) {
        self.len().write(out);
        self.iter().for_each(|value| value.write(out));
    }

    fn read(from: &mut Reader<'_>) -> Option<Arc<[T]>> {
        Vec::read(from).map(Arc::from)
    }
}

impl<A: Stored, B: Stored> Stored for (A, B) {
    fn write(&self, out: &mut Writer) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<(A, B)> {
        Some((A::read(from)?, B::read(from)?))
    }
}

impl<A: Stored, B: Stored, C: Stored> Stored for (A, B, C) {
    fn write(&self, out: &mut Writer) {
        self.0.write(out);
        self.1.write(out);
        self.2.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<(A, B, C)> {
        Some((A::read(from)?, B::read(from)?, C::read(from)?))
    }
}

impl<T: Stored + Ord> Stored for BTreeSet<T> {
    fn write(&self, out: &mut Writer) {
        self.len().write(out);
        self.iter().for_each(|value| value.write(out));
    }

    fn read(from: &mut Reader<'_>) -> Option<BTreeSet<T>> {
        Some(sorted::set(Vec::read(from)?))
    }
}

impl<K: Stored + Ord, V: Stored> Stored for BTreeMap<K, V> {
    fn write(&self, out: &mut Writer) {
        self.len().write(out);
        for (key, value) in self {
            key.write(out);
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<BTreeMap<K, V>> {
        Some(sorted::map(Vec::<(K, V)>::read(from)?))
    }
}

impl Stored for Source {
    fn write(&self, out: &mut Writer) {
        let number = out.source(self);
        number.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Source> {
        from.source()
    }
}

impl<T: Object> Stored for Kept<T> {
    fn write(&self, out: &mut Writer) {
        out.object(self);
    }

    fn read(from: &mut Reader<'_>) -> Option<Kept<T>> {
        from.object()
    }
}

stored_fields!(Span { start, end });
stored_fields!(Place { source, span });
