schemacheck::rollout!();

fn main() {
    schemacheck::rollout!(now);
}
