//! Hashes by which changes are noticed.

/// A hash of a text by which an edit is noticed: FNV-1a with 128 bits. Line ends do not count.
pub fn hash(text: &str) -> String {
    let offset: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let prime: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = text.as_bytes();
    let (mut value, mut at) = (offset, 0);
    // Without iterators, which macros that are not optimised pay for at each byte.
    while at < bytes.len() {
        if bytes[at] != b'\r' {
            value = (value ^ u128::from(bytes[at])).wrapping_mul(prime);
        }
        at += 1;
    }
    format!("{value:032x}")
}

/// A sum of bytes, eight at a time: where code is not optimised, [`hash`] takes too long for large files.
pub(crate) fn sum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23);
    let sum = words.iter().fold(0xcbf2_9ce4_8422_2325, |sum, word| step(sum, u64::from_le_bytes(*word)));
    rest.iter().fold(sum, |sum, byte| step(sum, u64::from(*byte)))
}

/// A sum of 128 bits that goes on from another one. Two texts that differ have the same one by chance only: for answers that
/// are kept under it, and that nobody asks whether they are right.
#[cfg(feature = "project")]
pub(crate) fn wide_sum(sum: u128, bytes: &[u8]) -> u128 {
    let (words, rest) = bytes.as_chunks::<16>();
    // Each step spreads a bit far enough that no small change of what follows takes it back.
    let step = |sum: u128, word: u128| {
        let mixed = (sum ^ word).wrapping_mul(0x9fb2_1c65_1e98_df25_a3b1_9535_4a39_b70d);
        let mixed = (mixed ^ (mixed >> 67)).wrapping_mul(0xd6e8_feb8_6659_fd93_c2b2_ae3d_27d4_eb4f);
        mixed ^ (mixed >> 59)
    };
    let sum = words.iter().fold(sum, |sum, word| step(sum, u128::from_le_bytes(*word)));
    let sum = rest.iter().fold(sum, |sum, byte| step(sum, u128::from(*byte)));
    // What comes after another part is told from what belongs to it.
    let length = u128::try_from(bytes.len()).unwrap_or(u128::MAX);
    step(sum, length)
}

#[cfg(all(test, feature = "project"))]
mod tests {
    use super::*;

    #[test]
    fn each_bit_of_a_text_counts() {
        let text = b"SELECT id, name FROM users WHERE id = $1 -- and so on".to_vec();
        let whole = wide_sum(0, &text);
        let mut seen = std::collections::HashSet::from([whole]);
        for at in 0..text.len() * 8 {
            let mut other = text.clone();
            other[at / 8] ^= 1 << (at % 8);
            let sum = wide_sum(0, &other);
            assert!(seen.insert(sum) && (whole ^ sum).count_ones() > 24, "{at}: {:x}", whole ^ sum);
        }
        for end in 0..text.len() {
            assert!(seen.insert(wide_sum(0, &text[..end])), "{end}");
        }
        assert_ne!(wide_sum(wide_sum(0, b"ab"), b"c"), wide_sum(wide_sum(0, b"a"), b"bc"));
        assert_ne!(wide_sum(0, b"\0"), wide_sum(0, b""));
    }
}
