//! Functions, procedures and aggregates.

use std::sync::Arc;

use super::{Cx, Outcome, Stop, column, create, problem, rights, session};
use crate::dialect::TypeId;
use crate::dialect::catalog::{self, Argument, CatalogFunction, FunctionKind};
use crate::schema::store::Target;
use crate::schema::{Dependency, Kept, Key, RelationId, Right, Routine, RoutineId, RoutineRef, Schema, Type};
use crate::source::Source;
use crate::sql::ddl::{AggregateParts, ArgumentMode, CreateRoutine, Ddl, ObjectKind, RoutineSignature};
use crate::sql::routine::{Body, Volatility};

const ANYARRAY: TypeId = TypeId(2277);
const ANYELEMENT: TypeId = TypeId(2283);
const ANYCOMPATIBLE: TypeId = TypeId(5077);
const ANYCOMPATIBLEARRAY: TypeId = TypeId(5078);

pub(super) fn create(cx: &mut Cx<'_>, create: &CreateRoutine) -> Outcome {
    let at = create::new_name(cx, &create.name, false)?;
    let mut arguments = Vec::new();
    for argument in &create.arguments {
        let ty = column::resolve(cx, &argument.ty)?;
        arguments.push((argument.mode, argument.name.as_ref().map(|name| name.text.clone()), ty));
    }
    let signature = signature(cx, create, &at.0, &arguments)?;
    refuse_trigger_arguments(cx, create, &signature)?;
    let same = |routine: &&Kept<Routine>| takes(&routine.signature, &signature);
    let ids = cx.schema.routine_names.get(&at).cloned().unwrap_or_default();
    let old = ids.iter().filter_map(|id| cx.schema.routines.get(id)).find(same).cloned();
    if let Some(old) = &old {
        refuse_replacement(cx, create, old, &signature, &arguments)?;
    }
    let fresh = RoutineId(cx.schema.fresh_id());
    let mut routine = Routine {
        id: old.as_ref().map_or(fresh, |old| old.id),
        signature,
        arguments,
        language: match (&create.language, &create.aggregate) {
            (Some(language), _) => language.text.clone(),
            (None, Some(_)) => "internal".into(),
            (None, None) => "sql".into(),
        },
        body: create.body.clone(),
        source: cx.source.clone(),
        search_path: create.search_path.as_ref().map(|path| Arc::new(session::path(cx.schema, path))),
        depends: Vec::new(),
        security_definer: create.security_definer,
        grants: Vec::new(),
        default_grants: true,
        extension: None,
        place: Some(cx.place()),
    };
    if let Some(parts) = &create.aggregate {
        support(cx, &mut routine, parts)?;
    }
    if let Body::Atomic(statements) = &routine.body {
        routine.depends = super::view::routine_depends(cx.schema, statements, &cx.source);
    }
    match old {
        Some(old) => (routine.grants, routine.default_grants) = (old.grants.clone(), old.default_grants),
        None => give_rights(cx.schema, &mut routine),
    }
    let id = routine.id;
    cx.schema.clouds.remove_mut(&at.1);
    cx.schema.put_routine(routine);
    touch(cx, id);
    Ok(())
}

/// The functions that an aggregate calls, and the result that its last one gives.
fn support(cx: &mut Cx<'_>, routine: &mut Routine, parts: &AggregateParts) -> Outcome {
    let Some(state) = &parts.state else { return Ok(()) };
    let state = column::resolve(cx, state)?.id;
    let inputs = routine.signature.arguments.iter().map(|argument| argument.ty);
    let transition: Vec<TypeId> = std::iter::once(state).chain(inputs).collect();
    for (name, takes) in [(&parts.transition, transition.as_slice()), (&parts.final_function, &[state])] {
        let Some(name) = name else { continue };
        let schema = name.schema.as_ref().map(|schema| &*schema.text);
        let found = cx.schema.find_routines(schema, &name.name.text);
        let exact = |it: &&RoutineRef<'_>| it.signature().arguments.iter().map(|it| it.ty).eq(takes.iter().copied());
        let Some(function) = found.iter().find(exact).or(found.first()) else { continue };
        routine.depends.extend(function.id().map(Dependency::Routine));
        if parts.final_function.as_ref() == Some(name) {
            routine.signature.result = function.signature().result;
        }
    }
    Ok(())
}

/// Everyone may call a new routine, unless default privileges say otherwise.
fn give_rights(schema: &Schema, routine: &mut Routine) {
    routine.grants.push(Right { privilege: "execute".to_owned(), grantee: "public".into(), column: None });
    let before = routine.grants.clone();
    let namespace: Arc<str> = Arc::from(&*routine.signature.schema);
    rights::give_defaults(schema, Some(&namespace), ObjectKind::Function, &mut routine.grants);
    routine.default_grants = routine.grants == before;
}

fn signature(
    cx: &mut Cx<'_>,
    create: &CreateRoutine,
    schema: &Arc<str>,
    arguments: &[(ArgumentMode, Option<Arc<str>>, Type)],
) -> Outcome<CatalogFunction> {
    let named = |(_, name, ty): &(ArgumentMode, Option<Arc<str>>, Type)| Argument {
        name: name.as_ref().map_or(String::new(), |name| name.to_string()).into(),
        ty: ty.id,
    };
    let inputs: Vec<_> = arguments.iter().filter(|(mode, ..)| is_input(*mode)).map(named).collect();
    let outputs: Vec<_> = arguments.iter().filter(|(mode, ..)| is_output(*mode)).map(named).collect();
    let variadic = arguments.iter().find(|(mode, ..)| *mode == ArgumentMode::Variadic);
    let variadic = variadic.map(|(_, _, ty)| match ty.id {
        ANYARRAY => ANYELEMENT,
        ANYCOMPATIBLEARRAY => ANYCOMPATIBLE,
        id => cx.schema.element_of(id).unwrap_or(id),
    });
    let table = arguments.iter().any(|(mode, ..)| *mode == ArgumentMode::Table);
    let defaults = create.arguments.iter().filter(|it| is_input(it.mode) && it.default.is_some()).count();
    let result = match &create.returns {
        Some(ty) => column::resolve(cx, ty)?.id,
        None => implied_result(cx.schema, create.kind, &outputs),
    };
    Ok(CatalogFunction {
        schema: schema.to_string().into(),
        name: create.name.name.text.to_string().into(),
        kind: match create.kind {
            ObjectKind::Procedure => FunctionKind::Procedure,
            ObjectKind::Aggregate => FunctionKind::Aggregate,
            _ if create.window => FunctionKind::Window,
            _ => FunctionKind::Function,
        },
        arguments: inputs,
        variadic,
        defaults,
        result,
        returns_set: table || create.returns.as_ref().is_some_and(|ty| ty.set_of),
        outputs,
        strict: create.strict,
        volatility: volatility(create.volatility),
    })
}

fn is_input(mode: ArgumentMode) -> bool {
    matches!(mode, ArgumentMode::In | ArgumentMode::InOut | ArgumentMode::Variadic)
}

fn is_output(mode: ArgumentMode) -> bool {
    matches!(mode, ArgumentMode::Out | ArgumentMode::InOut | ArgumentMode::Table)
}

/// The result of a routine that does not say what it returns.
fn implied_result(schema: &Schema, kind: ObjectKind, outputs: &[Argument]) -> TypeId {
    let pseudo = |name| schema.find_type(schema.dialect.system_schema, name).unwrap_or_default();
    match (kind, outputs) {
        (ObjectKind::Aggregate, _) => TypeId::UNSURE,
        (_, []) => pseudo("void"),
        (ObjectKind::Procedure, _) => pseudo("record"),
        (_, [only]) => only.ty,
        _ => pseudo("record"),
    }
}

fn volatility(volatility: Volatility) -> catalog::Volatility {
    match volatility {
        Volatility::Immutable => catalog::Volatility::Immutable,
        Volatility::Stable => catalog::Volatility::Stable,
        Volatility::Volatile => catalog::Volatility::Volatile,
    }
}

fn takes(a: &CatalogFunction, b: &CatalogFunction) -> bool {
    a.arguments.iter().map(|argument| argument.ty).eq(b.arguments.iter().map(|argument| argument.ty))
}

/// A trigger's function gets its arguments by other ways.
fn refuse_trigger_arguments(cx: &mut Cx<'_>, create: &CreateRoutine, signature: &CatalogFunction) -> Outcome {
    let fires = |name: &&str| cx.schema.find_type(cx.schema.dialect.system_schema, name) == Some(signature.result);
    if signature.arguments.is_empty() || !signature.result.is_sure() || !["trigger", "event_trigger"].iter().any(fires)
    {
        return Ok(());
    }
    let name = &create.name.name;
    let message = "trigger functions cannot have declared arguments".to_owned();
    cx.refuse(problem::fails(name.span, "42P13", message, vec![Key::Routine(name.text.clone())]))
}

/// What `OR REPLACE` must not change.
fn refuse_replacement(
    cx: &mut Cx<'_>,
    create: &CreateRoutine,
    old: &Routine,
    new: &CatalogFunction,
    arguments: &[(ArgumentMode, Option<Arc<str>>, Type)],
) -> Outcome {
    let name = &create.name.name.text;
    let about = vec![Key::Routine(name.clone())];
    let span = problem::span(&create.name);
    if !create.or_replace {
        let message = format!("function `{name}` already exists with same argument types");
        return cx.refuse(problem::fails(span, "42723", message, about));
    }
    let routine_kind = |kind: FunctionKind| std::mem::discriminant(&kind);
    if routine_kind(old.signature.kind) != routine_kind(new.kind) {
        let message = format!("cannot change routine kind of `{name}`");
        return cx.refuse(problem::fails(span, "42809", message, about));
    }
    let output_types =
        |function: &CatalogFunction| -> Vec<TypeId> { function.outputs.iter().map(|it| it.ty).collect() };
    let same_result = old.signature.result == new.result
        && old.signature.returns_set == new.returns_set
        && output_types(&old.signature) == output_types(new);
    if !same_result {
        let message = format!("cannot change return type of existing function `{name}`");
        return cx.refuse(problem::fails(span, "42P13", message, about));
    }
    let names = |arguments: &[(ArgumentMode, Option<Arc<str>>, Type)]| -> Vec<Option<Arc<str>>> {
        arguments
            .iter()
            .filter(|(mode, ..)| is_input(*mode) || is_output(*mode))
            .map(|(_, name, _)| name.clone())
            .collect()
    };
    for (old, new) in names(&old.arguments).into_iter().zip(names(arguments)) {
        if let Some(old) = old
            && new.as_ref() != Some(&old)
        {
            let message = format!("cannot change name of input parameter `{old}` of function `{name}`");
            return cx.refuse(problem::fails(span, "42P13", message, about));
        }
    }
    if new.defaults < old.signature.defaults {
        let message = format!("cannot remove parameter defaults from existing function `{name}`");
        return cx.refuse(problem::fails(span, "42P13", message, about));
    }
    Ok(())
}

/// Notes that a routine changed: for itself, and for the relations whose triggers, defaults, checks or rules call it.
pub(super) fn touch(cx: &mut Cx<'_>, id: RoutineId) {
    let Some(name) = cx.schema.routines.get(&id).map(|routine| Arc::from(&*routine.signature.name)) else { return };
    cx.touch(Key::Routine(name));
    let users: Vec<RelationId> = cx.schema.users(Target::Routine(id)).collect();
    for user in users {
        cx.touch_relation(user);
    }
}

/// The routine that a statement names.
pub(super) fn find(cx: &Cx<'_>, kind: ObjectKind, signature: &RoutineSignature) -> Outcome<RoutineId> {
    let name = &signature.name;
    let schema = name.schema.as_ref().map(|schema| &*schema.text);
    let mut candidates = cx.schema.find_routines(schema, &name.name.text);
    if let Some(arguments) = &signature.arguments {
        let mut types = Vec::new();
        for argument in arguments {
            types.push(cx.schema.resolve_type(argument)?.id);
        }
        candidates.retain(|routine| routine.signature().arguments.iter().map(|it| it.ty).eq(types.iter().copied()));
    }
    let about = vec![Key::Routine(name.name.text.clone())];
    let count = candidates.len();
    candidates.retain(|routine| create::is_kind(kind, routine.signature().kind));
    if candidates.is_empty() && count == 1 && signature.arguments.is_some() {
        let message = format!("`{}` is not a {}", problem::shown(name), problem::word(kind));
        return Err(Stop::Fails(problem::fails(problem::span(name), "42809", message, about)));
    }
    if candidates.len() > 1 && signature.arguments.is_none() {
        let message = format!("function name `{}` is not unique", name.name.text);
        return Err(Stop::Fails(problem::fails(problem::span(name), "42725", message, about)));
    }
    match candidates.first().and_then(|routine| routine.id()) {
        Some(id) => Ok(id),
        None if cx.schema.object_cloud(&name.name.text).is_some() => Err(Stop::Clouded),
        None => {
            let message = format!("{} `{}` does not exist", problem::word(kind), problem::shown(name));
            Err(Stop::Fails(problem::fails(problem::span(name), "42883", message, about)))
        }
    }
}

/// Whether a signature names a routine of the engine, and none that a migration created.
pub(super) fn is_built_in(cx: &Cx<'_>, signature: &RoutineSignature) -> bool {
    let name = &signature.name;
    let schema = name.schema.as_ref().map(|schema| &*schema.text);
    let candidates = cx.schema.find_routines(schema, &name.name.text);
    !candidates.is_empty() && candidates.iter().all(|routine| routine.id().is_none())
}

pub(super) fn alter(cx: &mut Cx<'_>, ddl: &Ddl) -> Outcome {
    let Ddl::AlterRoutine { signature, strict, volatility: changed, security_definer, search_path } = ddl else {
        return Ok(());
    };
    let path = search_path.as_ref().map(|path| (!path.is_empty()).then(|| Arc::new(session::path(cx.schema, path))));
    let id = find(cx, ObjectKind::Routine, signature)?;
    cx.schema.edit_routine(id, |routine| {
        routine.signature.strict = strict.unwrap_or(routine.signature.strict);
        routine.signature.volatility = changed.map_or(routine.signature.volatility, volatility);
        routine.security_definer = security_definer.unwrap_or(routine.security_definer);
        if let Some(path) = path {
            routine.search_path = path;
        }
    });
    touch(cx, id);
    Ok(())
}

/// Puts in a routine that comes with another object and has no body to read.
pub(in crate::schema) fn put_built(schema: &mut Schema, signature: CatalogFunction, extension: Option<Arc<str>>) {
    let id = RoutineId(schema.fresh_id());
    let reason = "it is built in".to_owned();
    let mut routine = Routine {
        id,
        signature,
        arguments: Vec::new(),
        language: "internal".into(),
        body: Body::Opaque { reason },
        source: Source::new("", ""),
        search_path: None,
        depends: Vec::new(),
        security_definer: false,
        grants: Vec::new(),
        default_grants: true,
        extension,
        place: None,
    };
    give_rights(schema, &mut routine);
    schema.put_routine(routine);
}
