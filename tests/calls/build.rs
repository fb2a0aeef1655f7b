//! Leaves the snapshot for the macros.

fn main() {
    schemacheck_checker::build_script();
}
