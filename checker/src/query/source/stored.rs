//! What one file says, as bytes: a file that is as it was need not be read again.

use std::sync::Arc;

use super::diesel::{
    self, Around, Column, Conflict, Derives, Function, Group, Kind, Model, PathUse, Statement, Table, Target, Values,
};
use super::records::{Field, Record, RowType};
use super::scan::{Call, Definition, FileScan, Found, Module, Passed};
use super::template::Arguments;
use super::value::{IncludedFile, Parameter, Reference, RunTime, Value};
use super::{CallProfile, Driver, Expectation, MappedParts, MappedType, Package, PlaceKey, Read, Segment, profiles};
use crate::schema::stored::{Reader, Store, Stored, Writer, stored_fields, stored_variants, stored_words};
use crate::source::Source;

impl FileScan {
    /// What the file says, for [`FileScan::from_bytes`] with the same file and package; nothing where reading it did not
    /// come to an end, or where the bytes would not give the same.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        if self.is_given_up {
            return None;
        }
        let mut out = Writer::of_file(&self.source);
        self.found.write(&mut out);
        self.imports.write(&mut out);
        self.unread.write(&mut out);
        out.finish_of_file()
    }

    /// What [`FileScan::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8], source: &Source, package: &Arc<Package>) -> Option<FileScan> {
        let store = Store::of_file(bytes.to_vec(), source);
        let mut from = Reader::new(&store, 0..bytes.len());
        let scan = FileScan {
            source: source.clone(),
            package: package.clone(),
            found: Stored::read(&mut from)?,
            imports: Stored::read(&mut from)?,
            unread: Stored::read(&mut from)?,
            is_given_up: false,
        };
        from.is_done().then_some(scan)
    }
}

/// By its name: profiles are data of this version.
impl Stored for &'static CallProfile {
    fn write(&self, out: &mut Writer) {
        if !profiles::by_id(self.id).is_some_and(|known| std::ptr::eq(known, *self)) {
            out.lose();
        }
        self.id.to_owned().write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<&'static CallProfile> {
        profiles::by_id(&String::read(from)?)
    }
}

stored_fields!(Found { calls, definitions, passed, modules, records, mapped, diesel, includes_code });
stored_fields!(Call { profile, text, span, sure, row, expectation, test, in_macro, extended });
stored_fields!(Passed { path, method, taken, at, text, span, expectation, test });
stored_fields!(Definition { module, owner, of_trait, name, value });
stored_fields!(Module { module, name, path, test });
stored_fields!(Expectation { since, until, flag, place });
stored_fields!(PlaceKey { path, span });

stored_variants!(Value {
    0: Text(text),
    1: Number,
    2: Join(parts),
    3: AnyOf(values),
    4: List(values),
    5: Repeated(each),
    6: Part { of, at },
    7: Joined { list, separator },
    8: Tuple(values),
    9: Named(reference),
    10: File(file),
    11: Replaced { text, from, to },
    12: Filled { template, arguments },
    13: Trimmed { text, start, end },
    14: Bind { numbered },
    15: RunTime(unknown),
});
stored_fields!(RunTime { reason, is_text, parameter });
stored_fields!(Parameter { owner, function, file, at, has_self });
stored_fields!(Reference { path, method, module, self_name });
stored_fields!(IncludedFile { path, from_package });
stored_fields!(Arguments { positional, named });
stored_fields!(Segment { sql_start, source, span });

stored_fields!(Record { module, name, fields, tuple, from_row });
stored_fields!(Field { name, read, flattened, skipped });
stored_variants!(RowType { 0: Positions(columns), 1: Names(columns), 2: Struct(reference) });
stored_fields!(Read { name, ty, optional, default });
stored_fields!(MappedType { name, driver, parts, reads, writes });
stored_words!(Driver: Sqlx, TokioPostgres, Diesel, Rusqlite, SeaOrm, Other);
stored_variants!(MappedParts { 0: Labels(labels), 1: Fields(fields) });

stored_fields!(diesel::Found { tables, functions, models, groups, statements });
stored_fields!(Around { test, expectation });
stored_fields!(Table { module, name, schema, sql_name, primary_key, columns });
stored_fields!(Column { name, sql_name });
stored_fields!(Function { sql_name, arguments, span, around });
stored_fields!(Model { module, name, span, derives, table, fields, primary_key, around });
stored_fields!(Derives { selectable, insertable, changeset });
stored_fields!(diesel::Field { column, span, read, embedded, by_expression, skips_insertion, skips_update });
stored_fields!(Group { span, around, paths });
stored_fields!(PathUse { path, globs, span });
stored_fields!(Statement { span, around, kind, gives_all });
stored_variants!(Kind {
    0: Load(tables),
    1: Insert { table, values, conflict },
    2: Update { table, values },
    3: Delete { table },
});
stored_variants!(Values { 0: Columns(columns), 1: Mixed(columns, of), 2: Struct(of), 3: Default, 4: Other });
stored_fields!(Conflict { target, updates });
stored_variants!(Target {
    0: Anything,
    1: Columns(columns),
    2: PrimaryKey(table),
    3: Constraint(name),
    4: Raw(text, span),
    5: Unknown,
});

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Options, collect, scan_file};
    use super::*;
    use crate::project::Tree;

    /// Debug output shows all fields.
    fn same(one: &FileScan, other: &FileScan) -> bool {
        format!("{one:#?}") == format!("{other:#?}")
    }

    fn package() -> Arc<Package> {
        let manifest = "[package]\nname = \"app\"\n[dependencies]\nsqlx = \"0.9\"\ndiesel = \"2\"\ntokio-postgres = \"0.7\"\nschemacheck = \"0.1\"\n";
        Arc::new(Package::from_manifest("", manifest, None).expect("a package"))
    }

    fn again(scan: &FileScan, source: &Source) -> FileScan {
        let bytes = scan.to_bytes().expect("all of it can be stored");
        FileScan::from_bytes(&bytes, source, &package()).expect("all of it comes back")
    }

    #[test]
    fn what_stands_in_the_sources_of_this_repository_comes_back_as_it_was() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
        let tree = Tree::directory(root).expect("a folder");
        let mut scans = Vec::new();
        for path in tree.paths().filter(|path| path.ends_with(".rs")) {
            let source = tree.source(path).expect("a text");
            let scan = scan_file(&source, &package());
            let again = again(&scan, &source);
            assert!(same(&scan, &again), "{path}");
            scans.push((scan, again));
        }
        let (fresh, kept): (Vec<FileScan>, Vec<FileScan>) = scans.into_iter().unzip();
        let texts = |files: &[FileScan]| {
            let found = collect(files, &[], &|_| None, &Options { include_tests: true });
            assert!(found.queries.len() > 50, "{}", found.queries.len());
            format!("{found:?}")
        };
        assert_eq!(texts(&fresh), texts(&kept));
    }

    #[test]
    fn each_kind_of_value_comes_back() {
        let text = r##"
            use sqlx::{query as q, Row}; use diesel::prelude::*; use other::*;
            const PART: &str = concat!("SELECT ", "1");
            static LIST: [&str; 2] = ["SELECT a", "SELECT b"];
            mod inner; #[cfg(test)] mod tests; #[path = "x.rs"] mod y;
            table! { users (id) { id -> Integer, #[sql_name = "n"] name -> Text, } }
            #[derive(Queryable, Selectable, Insertable, AsChangeset)] #[diesel(table_name = users)]
            struct User { id: i32, #[diesel(embed)] more: More, #[diesel(skip_insertion)] name: Option<String> }
            #[derive(sqlx::FromRow)] struct Named { #[sqlx(rename = "a")] b: i32, #[sqlx(flatten)] c: Other }
            #[derive(ToSql, FromSql)] enum Mood { Sad, Happy }
            trait T { const Q: &str; fn text(&self) -> &str; }
            impl T for User { const Q: &str = "SELECT id FROM users"; fn text(&self) -> &str { Self::Q } }
            fn send(text: &str) { q(text); }
            fn f(flag: bool, name: &str, id: i32) {
                send("SELECT 2"); send(PART); sqlx::query_as::<_, Named>(include_str!("a.sql"));
                sqlx::query(&format!("SELECT {} FROM {name} WHERE {id}", if flag { "a" } else { "b" }));
                sqlx::query(LIST[0].trim()); sqlx::query(&LIST.join(" UNION ")); sqlx::query(PART.replace("1", "2").as_str());
                for (a, b) in [("SELECT 3", 1), ("SELECT 4", 2)] { sqlx::query(a); }
                let mut builder = sqlx::QueryBuilder::new("SELECT * FROM users WHERE "); builder.push(" id = ").push_bind(1);
                sqlx::query(&vec!["?"; 3].join(",")); client.query(PART, &[]); sqlx::query_as::<_, (i64, Option<String>)>("SELECT 5");
                users::table.filter(users::id.eq(1)).load::<User>(c);
                diesel::insert_into(users::table).values(&user).on_conflict(users::id).do_update().set(users::name.eq("x")).execute(c);
                diesel::insert_into(users::table).default_values().execute(c); diesel::delete(users::table).execute(c);
                diesel::update(users::table.find(1)).set((users::name.eq("y"), &user)).execute(c);
            }
            #[schemacheck::expects_schema(since = "1", flag = "f")] fn g() { sqlx::query("SELECT 6"); schemacheck::sql!(until = "2", "SELECT 7"); }
            macro_rules! m { ($t:expr) => { sqlx::query($t) } } fn h() { m!("SELECT 8"); }
        "##;
        let source = Source::new("src/lib.rs", text);
        let scan = scan_file(&source, &package());
        assert!(same(&scan, &again(&scan, &source)), "{scan:#?}");
        let broken = Source::new("src/broken.rs", "fn f() { sqlx::query(\"SELECT 1\"); } }");
        let scan = scan_file(&broken, &package());
        assert!(!scan.unread.is_empty() && same(&scan, &again(&scan, &broken)), "{scan:#?}");
    }

    #[test]
    fn other_bytes_are_refused() {
        let source = Source::new("src/lib.rs", "fn f() { sqlx::query(\"SELECT 1\"); }");
        let bytes = scan_file(&source, &package()).to_bytes().expect("bytes");
        for length in 0..bytes.len() {
            assert!(FileScan::from_bytes(&bytes[..length], &source, &package()).is_none(), "{length}");
        }
        assert!(FileScan::from_bytes(&[&bytes[..], &[0]].concat(), &source, &package()).is_none());
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 0xff;
            // It may be read as something else, but without harm.
            let _ = FileScan::from_bytes(&other, &source, &package());
        }
    }
}
