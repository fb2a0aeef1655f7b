fn main() {
    schemacheck_checker::build_script();
}
