//! Text of files as a terminal may show it.

use std::borrow::Cow;

/// The text with a picture in place of each control character, so that names and SQL cannot steer a terminal or turn the
/// direction of what stands around them. Line feeds and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|c| if is_printable(c) { c } else { picture(c) }).collect::<String>().into()
}

fn is_printable(c: char) -> bool {
    matches!(c, '\n' | '\t') || !(c.is_control() || is_direction(c))
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm (Unicode Standard Annex 9, section 2), and the
/// byte order mark, which has no width.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The sign that Unicode has for a control character.
fn picture(c: char) -> char {
    match u32::from(c) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or(char::REPLACEMENT_CHARACTER),
        0x7f => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_as_pictures() {
        assert_eq!(printable("a\tb\nç"), "a\tb\nç");
        assert_eq!(printable("\u{1b}[31m\0\u{7f}\u{9b}2J\u{202e}\r"), "␛[31m␀␡\u{fffd}2J\u{fffd}␍");
    }
}
