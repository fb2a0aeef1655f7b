//! The server's catalogs as cells, as `cargo schemacheck verify` reads them.

pub use cargo_schemacheck::verify::catalog::*;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Server;

    #[test]
    fn reads_what_migrations_made() {
        let server = Server::start().unwrap();
        let mut client = server.connect(&server.create_database(None).unwrap()).unwrap();
        let sql =
            "CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('ok', 'so so'); CREATE TABLE a (id serial PRIMARY KEY);
            CREATE TABLE b (a int REFERENCES a ON DELETE CASCADE, m mood DEFAULT 'ok', CHECK (a > 0));
            CREATE UNIQUE INDEX i ON b ((a + 1), a) WHERE a > 1; GRANT SELECT ON b TO judge_app";
        client.batch_execute(sql).unwrap();
        let cells = server_cells(&mut client).unwrap();
        let expected = [
            ("column public.b.m: type", "mood"),
            ("column public.b.a: nullable", "true"),
            ("column public.b position 2", "m"),
            ("constraint public.b b_a_fkey: references", "public.a (id)"),
            ("constraint public.b b_a_fkey: on delete", "c"),
            ("constraint public.b b_a_check: columns", "a"),
            ("index public.b i: keys", "(expression), a"),
            ("enum public.mood", "'ok', 'so so'"),
            ("sequence public.a_id_seq: owned by", "public.a.id"),
            ("grants on relation public.b to judge_app", "select"),
        ];
        for (cell, value) in expected {
            assert_eq!(cells.get(cell).map(String::as_str), Some(value), "{cell}: {cells:#?}");
        }
        let of_extension: Vec<_> = cells.keys().filter(|cell| cell.contains("citext")).collect();
        assert_eq!(of_extension, ["extension citext"], "its members are left out");
        let comparison = compare(&cells, &Cells::new());
        assert_eq!((comparison.equal, comparison.total), (0, cells.len()));
    }
}
