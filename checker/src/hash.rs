//! Hashes by which changes are noticed.

/// A hash of a text by which an edit is noticed: FNV-1a with 128 bits. Line ends do not count.
pub fn hash(text: &str) -> String {
    let offset: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let prime: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = text.bytes().filter(|byte| *byte != b'\r');
    let value = bytes.fold(offset, |value, byte| (value ^ u128::from(byte)).wrapping_mul(prime));
    format!("{value:032x}")
}

/// A sum of bytes, eight at a time: where code is not optimised, [`hash`] takes too long for large files.
pub(crate) fn sum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23);
    let sum = words.iter().fold(0xcbf2_9ce4_8422_2325, |sum, word| step(sum, u64::from_le_bytes(*word)));
    rest.iter().fold(sum, |sum, byte| step(sum, u64::from(*byte)))
}
