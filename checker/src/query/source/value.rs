//! What an expression of the source says about a text, before names are linked across files.

use super::template::Arguments;
use super::text::SqlText;

/// The text of an expression, as far as one file shows it.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Known text.
    Text(SqlText),
    /// A number, as text.
    Number,
    /// One behind the other.
    Join(Vec<Value>),
    /// One of several: branches.
    AnyOf(Vec<Value>),
    /// The elements of a list, each on its own.
    List(Vec<Value>),
    /// A list of so many as the program likes, each like this.
    Repeated(Box<Value>),
    /// A part of what a name stands for, by position.
    Part {
        /// What has parts.
        of: Box<Value>,
        /// Which one.
        at: usize,
    },
    /// The elements of a list behind each other.
    Joined {
        /// The list.
        list: Box<Value>,
        /// What stands between them.
        separator: Option<Box<Value>>,
    },
    /// Several at once, by position.
    Tuple(Vec<Value>),
    /// A constant or a function somewhere.
    Named(Reference),
    /// A file's text.
    File(IncludedFile),
    /// A text with another in the place of a third, as `str::replace` does.
    Replaced {
        /// Where.
        text: Box<Value>,
        /// What goes.
        from: Box<Value>,
        /// What comes.
        to: Box<Value>,
    },
    /// A template with arguments in it, as `format!` makes.
    Filled {
        /// The template.
        template: Box<Value>,
        /// What comes into it.
        arguments: Arguments,
    },
    /// A text without blanks at its ends.
    Trimmed {
        /// The text.
        text: Box<Value>,
        /// At its start.
        start: bool,
        /// At its end.
        end: bool,
    },
    /// The place of a bound value, as a library's builder writes it.
    Bind {
        /// As `$1`, not as `?`.
        numbered: bool,
    },
    /// Not to be had from the source.
    RunTime(RunTime),
}

/// Something that is only known at run time.
#[derive(Clone, Debug)]
pub(super) struct RunTime {
    /// Why.
    pub(super) reason: String,
    /// Whether it is known to be text.
    pub(super) is_text: bool,
    /// The parameter that it is.
    pub(super) parameter: Option<Parameter>,
}

/// A function's parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Parameter {
    /// The type or the trait that the function belongs to.
    pub(super) owner: Option<String>,
    pub(super) function: String,
    /// The file, once files are put together.
    pub(super) file: usize,
    /// Its place among the parameters, `self` aside.
    pub(super) at: usize,
    pub(super) has_self: bool,
}

/// A use of a name.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    /// The path, imports of its file applied.
    pub(super) path: Vec<String>,
    /// Whether it is a method on some value, whose type is not known.
    pub(super) method: bool,
    /// The inline modules around it.
    pub(super) module: Vec<String>,
    /// What `Self` is there: the type, or the trait.
    pub(super) self_name: Option<String>,
}

/// A file that is included at compile time.
#[derive(Clone, Debug)]
pub(super) struct IncludedFile {
    /// As written.
    pub(super) path: String,
    /// Whether it is relative to the package's directory, not to the file's.
    pub(super) from_package: bool,
}

impl Value {
    pub(super) fn run_time(reason: impl Into<String>, is_text: bool) -> Value {
        Value::RunTime(RunTime { reason: reason.into(), is_text, parameter: None })
    }

    /// Whether it is known to be text, though perhaps not which.
    pub(super) fn is_text(&self) -> bool {
        match self {
            Value::Text(_) | Value::Join(_) | Value::File(_) => true,
            Value::Filled { .. } | Value::Replaced { .. } | Value::Trimmed { .. } => true,
            Value::Joined { .. } => true,
            Value::AnyOf(values) | Value::List(values) => values.iter().any(Value::is_text),
            Value::Repeated(each) => each.is_text(),
            Value::RunTime(unknown) => unknown.is_text,
            Value::Named(_) | Value::Number | Value::Tuple(_) | Value::Bind { .. } | Value::Part { .. } => false,
        }
    }

    /// Whether a name's value is worth keeping for those who use the name.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Value::RunTime(_) => false,
            Value::AnyOf(values) | Value::List(values) | Value::Tuple(values) => values.iter().any(Value::is_known),
            Value::Repeated(of) | Value::Part { of, .. } => of.is_known(),
            _ => true,
        }
    }

    /// The value at a position, where this is one of tuples.
    pub(super) fn position(&self, at: usize) -> Value {
        let unknown = || Value::run_time("is a part of a value that is not followed", false);
        match self {
            Value::Tuple(values) => values.get(at).cloned().unwrap_or_else(unknown),
            Value::AnyOf(values) => Value::AnyOf(values.iter().map(|value| value.position(at)).collect()),
            Value::List(values) => Value::List(values.iter().map(|value| value.position(at)).collect()),
            Value::Repeated(of) => Value::Repeated(Box::new(of.position(at))),
            Value::Named(_) | Value::Part { .. } => Value::Part { of: Box::new(self.clone()), at },
            _ => unknown(),
        }
    }
}
