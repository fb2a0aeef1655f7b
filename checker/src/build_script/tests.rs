//! What a build script says, for projects on disk.
