//! PL/pgSQL.

use super::routine::Block;
use super::token::Piece;

/// The block that a body holds.
pub(super) fn block(_piece: &Piece) -> Block {
    Block::default()
}
