//! Databases of small trees.
