//! What the name of a result column tells sqlx's macros: `"name!: Type"`.

/// A result column's name, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MacroColumn<'n> {
    /// The name without the rest.
    pub name: &'n str,
    /// Whether the author says that it can be NULL (`?`), or never is (`!`).
    pub nullable: Option<bool>,
}

/// Takes a column's name apart.
pub fn macro_column(name: &str) -> MacroColumn<'_> {
    let before_type = name.split_once(':').map_or(name, |(before, _)| before).trim_end();
    let marked = |sign, nullable| before_type.strip_suffix(sign).map(|name| (name, Some(nullable)));
    let (name, nullable) = marked('!', false).or_else(|| marked('?', true)).unwrap_or((before_type, None));
    MacroColumn { name: name.trim_end(), nullable }
}

#[cfg(test)]
mod tests {
    use super::{MacroColumn, macro_column};

    #[test]
    fn a_name_says_type_and_nullability() {
        let column = |name, nullable| MacroColumn { name, nullable };
        assert_eq!(macro_column("id"), column("id", None));
        assert_eq!(macro_column("id!"), column("id", Some(false)));
        assert_eq!(macro_column("id?"), column("id", Some(true)));
        assert_eq!(macro_column("id!: UserId"), column("id", Some(false)));
        assert_eq!(macro_column("id?: crate::Id"), column("id", Some(true)));
        assert_eq!(macro_column("id: _"), column("id", None));
        assert_eq!(macro_column("?column?"), column("?column", Some(true)));
        assert_eq!(macro_column(""), column("", None));
    }
}
