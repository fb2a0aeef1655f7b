// The release that runs now reads what a migration renames.
schemacheck::rollout!();

fn main() {}
