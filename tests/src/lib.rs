//! The real-server judge and the drivers that run the cases.
