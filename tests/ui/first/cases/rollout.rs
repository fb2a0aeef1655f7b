schemacheck::rollout!();

fn main() {}
