//! What most kinds of objects share: `RENAME TO`, `OWNER TO`, `SET SCHEMA`; and how statements name objects.

use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::ddl::{Ddl, Name, ObjectKind, ObjectName, ObjectRef, RoutineSignature};
use crate::sql::lex::Kind;

/// `RENAME TO`, `OWNER TO`, `SET SCHEMA` or `[NO] DEPENDS ON EXTENSION`, if one of them stands here.
pub(super) fn common(cursor: &mut Cursor, kind: ObjectKind, object: ObjectRef, if_exists: bool) -> Parsed<Option<Ddl>> {
    Ok(Some(if cursor.eat("rename to") {
        Ddl::Rename { kind, object, if_exists, to: cursor.name()? }
    } else if cursor.eat("owner to") {
        Ddl::SetOwner { kind, object, owner: cursor.name()? }
    } else if cursor.eat("set schema") {
        Ddl::SetSchema { kind, object, if_exists, to: cursor.name()? }
    } else if cursor.is("depends on extension") || cursor.is("no depends on extension") {
        cursor.take_rest();
        Ddl::NoEffect { what: "DEPENDS ON EXTENSION" }
    } else {
        return Ok(None);
    }))
}

/// An object of a kind.
pub(super) fn object(cursor: &mut Cursor, kind: ObjectKind) -> Parsed<ObjectRef> {
    Ok(match kind {
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => {
            ObjectRef::Routine(signature(cursor)?)
        }
        ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy => {
            let name = cursor.object_name()?;
            match cursor.eat("on") {
                true => ObjectRef::On { name: name.name, relation: cursor.object_name()? },
                false => ObjectRef::Name(name),
            }
        }
        ObjectKind::Operator => operator(cursor)?,
        ObjectKind::OperatorClass | ObjectKind::OperatorFamily => {
            let name = cursor.object_name()?;
            if cursor.eat("using") {
                cursor.name()?;
            }
            ObjectRef::Name(name)
        }
        ObjectKind::Cast => {
            let inside = cursor.parentheses()?;
            let mut inside = cursor.over(inside);
            let source = inside.type_name()?;
            inside.expect("as")?;
            ObjectRef::Cast { source, target: inside.type_name()? }
        }
        ObjectKind::LargeObject => match cursor.advance() {
            Some(tok) => {
                let name = Name { text: cursor.piece.lexeme(&tok.lexeme).into(), span: tok.span(cursor.piece) };
                ObjectRef::Name(ObjectName { schema: None, name })
            }
            None => return cursor.failure("the number of a large object"),
        },
        ObjectKind::UserMapping => {
            cursor.expect("for")?;
            let user = cursor.object_name()?;
            cursor.expect("server")?;
            ObjectRef::On { name: user.name, relation: cursor.object_name()? }
        }
        ObjectKind::Transform => {
            cursor.expect("for")?;
            let ty = cursor.object_name()?;
            cursor.expect("language")?;
            cursor.name()?;
            ObjectRef::Name(ty)
        }
        _ => ObjectRef::Name(cursor.object_name()?),
    })
}

/// A routine, perhaps with its argument types.
pub(super) fn signature(cursor: &mut Cursor) -> Parsed<RoutineSignature> {
    let name = cursor.object_name()?;
    if !cursor.is_mark(b'(') {
        return Ok(RoutineSignature { name, arguments: None });
    }
    let inside = cursor.parentheses()?;
    Ok(RoutineSignature { name, arguments: Some(super::routine::input_types(cursor, inside)?) })
}

/// The name of an operator: operator characters, perhaps after a schema.
pub(super) fn operator_name(cursor: &mut Cursor) -> Parsed<ObjectName> {
    let mut schema = None;
    while cursor.peek_nth(1).is_some_and(|tok| tok.is_mark(b'.')) {
        schema = Some(cursor.name()?);
        cursor.advance();
    }
    match cursor.peek() {
        Some(tok) if tok.lexeme.kind == Kind::Operator => {
            let name = Name { text: cursor.piece.lexeme(&tok.lexeme).into(), span: tok.span(cursor.piece) };
            cursor.advance();
            Ok(ObjectName { schema, name })
        }
        _ => cursor.failure("an operator"),
    }
}

fn operator(cursor: &mut Cursor) -> Parsed<ObjectRef> {
    let name = operator_name(cursor)?;
    let (mut left, mut right) = (None, None);
    if cursor.is_mark(b'(') {
        let mut sides = Vec::new();
        for entry in cursor.parenthesized_list()? {
            let mut entry = cursor.over(entry);
            sides.push(if entry.is("none") { None } else { Some(entry.type_name()?) });
        }
        right = sides.pop().flatten();
        left = sides.pop().flatten();
    }
    Ok(ObjectRef::Operator { name, left, right })
}

/// The words that name kinds of objects after `DROP`, `ALTER` and `COMMENT ON`; longer ones before their beginnings.
pub(super) const KINDS: [(&str, ObjectKind); 48] = [
    ("access method", ObjectKind::AccessMethod),
    ("aggregate", ObjectKind::Aggregate),
    ("cast", ObjectKind::Cast),
    ("collation", ObjectKind::Collation),
    ("conversion", ObjectKind::Conversion),
    ("default conversion", ObjectKind::Conversion),
    ("database", ObjectKind::Database),
    ("domain", ObjectKind::Domain),
    ("event trigger", ObjectKind::EventTrigger),
    ("extension", ObjectKind::Extension),
    ("foreign data wrapper", ObjectKind::ForeignDataWrapper),
    ("foreign table", ObjectKind::ForeignTable),
    ("function", ObjectKind::Function),
    ("group", ObjectKind::Role),
    ("index", ObjectKind::Index),
    ("language", ObjectKind::Language),
    ("procedural language", ObjectKind::Language),
    ("trusted language", ObjectKind::Language),
    ("trusted procedural language", ObjectKind::Language),
    ("large object", ObjectKind::LargeObject),
    ("materialized view", ObjectKind::MaterializedView),
    ("operator class", ObjectKind::OperatorClass),
    ("operator family", ObjectKind::OperatorFamily),
    ("operator", ObjectKind::Operator),
    ("owned by", ObjectKind::Owned),
    ("policy", ObjectKind::Policy),
    ("procedure", ObjectKind::Procedure),
    ("publication", ObjectKind::Publication),
    ("role", ObjectKind::Role),
    ("routine", ObjectKind::Routine),
    ("rule", ObjectKind::Rule),
    ("schema", ObjectKind::Schema),
    ("sequence", ObjectKind::Sequence),
    ("server", ObjectKind::Server),
    ("statistics", ObjectKind::Statistics),
    ("subscription", ObjectKind::Subscription),
    ("table", ObjectKind::Table),
    ("tablespace", ObjectKind::Tablespace),
    ("text search configuration", ObjectKind::TextSearchConfiguration),
    ("text search dictionary", ObjectKind::TextSearchDictionary),
    ("text search parser", ObjectKind::TextSearchParser),
    ("text search template", ObjectKind::TextSearchTemplate),
    ("transform", ObjectKind::Transform),
    ("trigger", ObjectKind::Trigger),
    ("type", ObjectKind::Type),
    ("user mapping", ObjectKind::UserMapping),
    ("user", ObjectKind::Role),
    ("view", ObjectKind::View),
];

/// The kind of object whose words stand here, which are taken.
pub(super) fn kind(cursor: &mut Cursor) -> Option<ObjectKind> {
    KINDS.iter().find(|(words, _)| cursor.eat(words)).map(|(_, kind)| *kind)
}
