//! Functions, procedures and aggregates.

use super::rename;
use crate::sql::cursor::{Cursor, Parsed, split_commas};
use crate::sql::ddl::{AggregateParts, ArgumentMode, CreateRoutine, Ddl, ObjectKind, RoutineArgument, TypeName};
use crate::sql::routine::{Body, Volatility};
use crate::sql::token::Tok;
use crate::sql::{body, lex};

/// `name(arguments) …` after `CREATE [OR REPLACE] {FUNCTION|PROCEDURE}`.
pub(super) fn create_routine(cursor: &mut Cursor, kind: ObjectKind, or_replace: bool) -> Parsed<Ddl> {
    let name = cursor.object_name()?;
    let inside = cursor.parentheses()?;
    let mut routine = CreateRoutine {
        kind,
        or_replace,
        name,
        arguments: arguments(cursor, inside)?,
        returns: None,
        language: None,
        strict: false,
        volatility: Volatility::Volatile,
        security_definer: false,
        search_path: None,
        body: Body::Opaque { reason: "no body".to_string() },
        window: false,
        aggregate: None,
    };
    if cursor.eat("returns table") {
        for entry in cursor.parenthesized_list()? {
            let mut entry = cursor.over(entry);
            let name = Some(entry.name()?);
            routine.arguments.push(RoutineArgument {
                mode: ArgumentMode::Table,
                name,
                ty: entry.type_name()?,
                default: None,
            });
        }
    } else if cursor.is("returns") && !cursor.is("returns null on") {
        cursor.advance();
        routine.returns = Some(cursor.type_name()?);
    }
    let mut source = Source::default();
    while !cursor.at_end() {
        option(cursor, &mut routine, &mut source)?;
    }
    routine.body = source.body(cursor, &routine);
    Ok(Ddl::CreateRoutine(Box::new(routine)))
}

/// The text of a routine's body.
#[derive(Default)]
struct Source<'a> {
    string: Option<&'a Tok>,
    object_file: bool,
    atomic: Option<Body>,
}

impl Source<'_> {
    fn body(self, cursor: &Cursor, routine: &CreateRoutine) -> Body {
        if let Some(body) = self.atomic {
            return body;
        }
        let language = routine.language.as_ref().map_or("sql", |language| &*language.text);
        match self.string {
            Some(string) if !self.object_file => body::of_string(cursor.piece, string, language),
            _ => Body::Opaque { reason: format!("language {language}") },
        }
    }
}

fn option<'a>(cursor: &mut Cursor<'a>, routine: &mut CreateRoutine, source: &mut Source<'a>) -> Parsed<()> {
    const WITHOUT_EFFECT: [&str; 6] =
        ["not leakproof", "leakproof", "called on null input", "security invoker", "external security invoker", "with"];
    if cursor.eat("language") {
        routine.language = Some(language(cursor)?);
    } else if let Some(volatility) = volatility(cursor) {
        routine.volatility = volatility;
    } else if cursor.eat("strict") || cursor.eat("returns null on null input") {
        routine.strict = true;
    } else if cursor.eat("window") {
        routine.window = true;
    } else if cursor.eat("security definer") || cursor.eat("external security definer") {
        routine.security_definer = true;
    } else if cursor.eat("parallel") {
        cursor.name()?;
    } else if cursor.eat("cost") || cursor.eat("rows") {
        cursor.advance();
    } else if cursor.eat("support") {
        cursor.object_name()?;
    } else if cursor.eat("transform") {
        cursor.list(|cursor| {
            cursor.expect("for type")?;
            cursor.type_name()
        })?;
    } else if cursor.eat("set") {
        let (parameter, values) = super::other::setting(cursor)?;
        if parameter == "search_path" {
            routine.search_path = Some(values);
        }
    } else if cursor.eat("as") {
        source.string = cursor.peek();
        cursor.string()?;
        if cursor.eat_mark(b',') {
            cursor.string()?;
            source.object_file = true;
        }
    } else if cursor.is("return") {
        let tokens = cursor.until(|tok, _| tok.is_mark(b';'));
        source.atomic = Some(body::of_return(cursor.piece, tokens));
    } else if cursor.eat("begin atomic") {
        let tokens = cursor.take_rest();
        let Some((_, inside)) = tokens.split_last().filter(|(end, _)| end.is("end")) else {
            return cursor.failure("END after the statements");
        };
        source.atomic = Some(body::of_atomic(cursor.piece, inside));
    } else if cursor.eat_any(&WITHOUT_EFFECT).is_some() {
        if cursor.is_mark(b'(') {
            cursor.parentheses()?;
        }
    } else {
        return cursor.failure("an option of a routine");
    }
    Ok(())
}

fn language(cursor: &mut Cursor) -> Parsed<crate::sql::ddl::Name> {
    match cursor.peek().and_then(|tok| tok.string()) {
        Some(text) => {
            let text = text.to_ascii_lowercase();
            let span = cursor.here();
            cursor.advance();
            Ok(crate::sql::ddl::Name { text: text.into(), span })
        }
        None => cursor.name(),
    }
}

fn volatility(cursor: &mut Cursor) -> Option<Volatility> {
    Some(match cursor.eat_any(&["immutable", "stable", "volatile"])? {
        "immutable" => Volatility::Immutable,
        "stable" => Volatility::Stable,
        _ => Volatility::Volatile,
    })
}

fn arguments<'a>(cursor: &Cursor<'a>, inside: &'a [Tok]) -> Parsed<Vec<RoutineArgument>> {
    split_commas(inside).into_iter().map(|entry| argument(&mut cursor.over(entry))).collect()
}

/// `[mode] [name] type [{DEFAULT|=} expression]`, the mode also after the name.
fn argument(cursor: &mut Cursor) -> Parsed<RoutineArgument> {
    let mut mode = mode(cursor);
    let mut without_name = *cursor;
    let ends = |cursor: &Cursor| {
        cursor.at_end() || cursor.is("default") || cursor.is_operator("=") || cursor.lexeme_is(lex::Kind::Assign)
    };
    let unnamed = without_name.type_name().ok().filter(|_| ends(&without_name));
    let (name, ty) = match unnamed {
        Some(ty) => {
            *cursor = without_name;
            (None, ty)
        }
        None => {
            let name = cursor.name()?;
            mode = mode.or(self::mode(cursor));
            (Some(name), cursor.type_name()?)
        }
    };
    let has_default = !cursor.at_end();
    if has_default {
        if !ends(cursor) {
            return cursor.failure("the end of the argument");
        }
        cursor.advance();
    }
    let default = has_default.then(|| {
        let tokens = cursor.take_rest();
        cursor.expr_of(tokens)
    });
    Ok(RoutineArgument { mode: mode.unwrap_or(ArgumentMode::In), name, ty, default })
}

fn mode(cursor: &mut Cursor) -> Option<ArgumentMode> {
    // The words are reserved as names of types, so that one that is not the last is a mode.
    cursor.peek_nth(1)?;
    Some(match cursor.eat_any(&["in out", "inout", "in", "out", "variadic"])? {
        "in out" | "inout" => ArgumentMode::InOut,
        "in" => ArgumentMode::In,
        "out" => ArgumentMode::Out,
        _ => ArgumentMode::Variadic,
    })
}

/// The types of the input arguments between the parentheses of a signature.
pub(super) fn input_types<'a>(cursor: &Cursor<'a>, inside: &'a [Tok]) -> Parsed<Vec<TypeName>> {
    // An aggregate's `(*)` and `(direct ORDER BY aggregated)`.
    let mut types = Vec::new();
    for part in inside.split(|tok| tok.is("order")) {
        let part = match part {
            [by, rest @ ..] if by.is("by") => rest,
            all => all,
        };
        let all = matches!(part, [only] if cursor.piece.lexeme(&only.lexeme) == "*");
        if !all {
            let found = arguments(cursor, part)?;
            types.extend(found.into_iter().filter(|it| it.mode != ArgumentMode::Out).map(|it| it.ty));
        }
    }
    Ok(types)
}

/// `name(arguments) (options)` after `CREATE [OR REPLACE] AGGREGATE`.
pub(super) fn create_aggregate(cursor: &mut Cursor, or_replace: bool) -> Parsed<Ddl> {
    let name = cursor.object_name()?;
    let first = cursor.parentheses()?;
    // The old form has only options, the argument among them.
    let (types, options) = match cursor.is_mark(b'(') {
        true => (input_types(cursor, first)?, cursor.parentheses()?),
        false => (base_type(cursor, first)?, first),
    };
    let argument = |ty| RoutineArgument { mode: ArgumentMode::In, name: None, ty, default: None };
    let mut parts = AggregateParts::default();
    for entry in split_commas(options) {
        let mut entry = cursor.over(entry);
        if entry.eat("stype") || entry.eat("stype1") {
            entry.eat_operator("=");
            parts.state = Some(entry.type_name()?);
        } else if entry.eat("sfunc") || entry.eat("sfunc1") {
            entry.eat_operator("=");
            parts.transition = Some(entry.object_name()?);
        } else if entry.eat("finalfunc") {
            entry.eat_operator("=");
            parts.final_function = Some(entry.object_name()?);
        }
    }
    Ok(Ddl::CreateRoutine(Box::new(CreateRoutine {
        kind: ObjectKind::Aggregate,
        or_replace,
        name,
        arguments: types.into_iter().map(argument).collect(),
        returns: parts.state.clone().filter(|_| parts.final_function.is_none()),
        language: None,
        strict: false,
        volatility: Volatility::Immutable,
        security_definer: false,
        search_path: None,
        body: Body::Opaque { reason: "aggregate".to_string() },
        window: false,
        aggregate: Some(parts),
    })))
}

fn base_type<'a>(cursor: &Cursor<'a>, options: &'a [Tok]) -> Parsed<Vec<TypeName>> {
    for entry in split_commas(options) {
        let mut entry = cursor.over(entry);
        if entry.eat("basetype") {
            entry.eat_operator("=");
            let any = entry.peek().and_then(|tok| tok.string()).is_some_and(|it| it.eq_ignore_ascii_case("any"));
            return if any { Ok(Vec::new()) } else { Ok(vec![entry.type_name()?]) };
        }
    }
    Ok(Vec::new())
}

/// `signature action …` after `ALTER {FUNCTION|PROCEDURE|ROUTINE|AGGREGATE}`.
pub(super) fn alter_routine(cursor: &mut Cursor, kind: ObjectKind) -> Parsed<Ddl> {
    let signature = rename::signature(cursor)?;
    let object = crate::sql::ddl::ObjectRef::Routine(signature.clone());
    if let Some(change) = rename::common(cursor, kind, object, false)? {
        return Ok(change);
    }
    let (mut strict, mut found, mut security_definer, mut search_path) = (None, None, None, None);
    while !cursor.at_end() {
        if let Some(volatility) = volatility(cursor) {
            found = Some(volatility);
        } else if cursor.eat("strict") || cursor.eat("returns null on null input") {
            strict = Some(true);
        } else if cursor.eat("called on null input") {
            strict = Some(false);
        } else if cursor.eat("security definer") || cursor.eat("external security definer") {
            security_definer = Some(true);
        } else if cursor.eat("security invoker") || cursor.eat("external security invoker") {
            security_definer = Some(false);
        } else if cursor.eat("set") {
            let (parameter, values) = super::other::setting(cursor)?;
            search_path = Some(values).filter(|_| parameter == "search_path").or(search_path);
        } else if cursor.eat("reset") {
            if cursor.is("all") || cursor.is("search_path") {
                search_path = Some(Vec::new());
            }
            cursor.advance();
        } else if cursor.eat("parallel") || cursor.eat("cost") || cursor.eat("rows") || cursor.eat("support") {
            cursor.advance();
        } else if cursor.eat_any(&["not leakproof", "leakproof", "restrict"]).is_none() {
            return cursor.failure("an action");
        }
    }
    Ok(Ddl::AlterRoutine { signature, strict, volatility: found, security_definer, search_path })
}
