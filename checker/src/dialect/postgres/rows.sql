-- One line of text per catalog object, as the compiled-in data files hold them, with the columns classid, objid, section, line. Works on every server version from 13 on: columns that came
-- later are read through to_jsonb. Columns of a line are separated by tabs; trailing empty ones are cut.
-- What each column means is said in ../rows.rs, which reads them.

create function pg_temp.line(variadic parts text[]) returns text language sql as
$$ select rtrim(array_to_string(parts, E'\t', ''), E'\t') $$;

-- A name, with its schema unless that is the system schema or `public`, for which
-- another schema can be chosen when the extension is created.
create function pg_temp.name(schema oid, name name) returns text language sql as
$$ select concat(nullif(nullif(nspname, 'pg_catalog'), 'public') || '.', name) from pg_namespace where oid = schema $$;

create function pg_temp.type(oid) returns text language sql as
$$ select pg_temp.name(typnamespace, typname) from pg_type where oid = nullif($1, 0) $$;

create function pg_temp.modified(type oid, modifier int) returns text language sql as
$$ select pg_temp.type(type) || case when modifier <> -1 then '(' || modifier || ')' else '' end $$;

create temp view type_rows as
select 'pg_type'::regclass::oid as classid, t.oid as objid, 'types' as section, pg_temp.line(
    pg_temp.name(t.typnamespace, t.typname),
    null,
    case when t.oid < 10000 then t.oid::text end,
    concat(t.typtype, t.typcategory, t.typlen),
    concat(case when t.typispreferred then 'p' end,
           case when t.typcollation <> 0 then 'c' end,
           case when t.typmodin <> 0 then 'm' end,
           case when t.typnotnull then 'n' end,
           case when t.typelem <> 0 and t.typlen = -1 then 'a'
                when t.typelem <> 0 then 'f'
                when coalesce(to_jsonb(t) ->> 'typsubscript', '-') <> '-' then 'o' end),
    pg_temp.type(t.typelem),
    pg_temp.type(t.typarray),
    coalesce(pg_temp.modified(t.typbasetype, t.typtypmod), pg_temp.type(m.rngsubtype)),
    pg_temp.type(case when t.oid = m.rngtypid then m.rngmultitypid else m.rngtypid end)) as line
from pg_type t
left join (select rngtypid, rngsubtype, (to_jsonb(r) ->> 'rngmultitypid')::oid as rngmultitypid from pg_range r) m
    on t.oid in (m.rngtypid, m.rngmultitypid);

-- An argument is `[element*]type[:name][=]`: `*` for VARIADIC, `=` for one with a default.
create temp view function_rows as
select 'pg_proc'::regclass::oid as classid, p.oid as objid, 'functions' as section, pg_temp.line(
    pg_temp.name(p.pronamespace, p.proname),
    null,
    concat(case when p.prokind = 'a' then translate(a.aggkind::text, 'n', 'a') else p.prokind::text end,
           p.provolatile,
           case when p.proisstrict then 's' end,
           case when p.proretset then 'r' end,
           case when a.aggkind in ('o', 'h') then a.aggnumdirectargs end),
    (select string_agg(
        concat(case when i.n = p.pronargs then pg_temp.type(p.provariadic) || '*' end, pg_temp.type(i.type), ':' || nullif(i.name, ''),
               case when i.n > p.pronargs - p.pronargdefaults then '=' end),
        ' ' order by i.n)
     from (select type, mode, name, row_number() over (order by k) as n
           from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes, p.proargnames)
                with ordinality as u(type, mode, name, k)
           where coalesce(mode, 'i') in ('i', 'b', 'v')) i),
    pg_temp.type(p.prorettype),
    (select string_agg(concat(pg_temp.type(o.type), ':' || nullif(o.name, '')), ' ' order by o.k)
     from unnest(p.proallargtypes, p.proargmodes, p.proargnames) with ordinality as o(type, mode, name, k)
     where o.mode in ('o', 'b', 't'))) as line
from pg_proc p
left join pg_aggregate a on a.aggfnoid = p.oid;

create temp view operator_rows as
select 'pg_operator'::regclass::oid as classid, o.oid as objid, 'operators' as section, pg_temp.line(
    pg_temp.name(o.oprnamespace, o.oprname),
    null,
    concat(p.provolatile, case when p.proisstrict then 's' end),
    pg_temp.type(o.oprleft),
    pg_temp.type(o.oprright),
    pg_temp.type(o.oprresult)) as line
from pg_operator o
join pg_proc p on p.oid = o.oprcode
where o.oprright <> 0;  -- postfix operators ended with version 14

create temp view cast_rows as
select 'pg_cast'::regclass::oid as classid, c.oid as objid, 'casts' as section, pg_temp.line(
    pg_temp.type(c.castsource),
    null,
    pg_temp.type(c.casttarget),
    concat(c.castcontext, c.castmethod)) as line
from pg_cast c;

create temp view operator_class_rows as
select 'pg_opclass'::regclass::oid as classid, c.oid as objid, 'operator_classes' as section, pg_temp.line(
    m.amname::text,
    null,
    c.opcname::text,
    pg_temp.type(c.opcintype),
    case when c.opcdefault then 'd' end) as line
from pg_opclass c
join pg_am m on m.oid = c.opcmethod;

-- A column is `name:type[(modifier)][!]`, `!` for NOT NULL; a name in the primary key starts with `+`.
create temp view relation_rows as
select 'pg_class'::regclass::oid as classid, r.oid as objid, 'relations' as section, pg_temp.line(
    pg_temp.name(r.relnamespace, r.relname),
    null,
    case when r.relkind = 'p' then 'r' else r.relkind::text end,
    (select string_agg(
        concat(case when a.attnum = any(k.conkey) then '+' end,
               a.attname, ':', pg_temp.modified(a.atttypid, a.atttypmod), case when a.attnotnull then '!' end),
        ' ' order by a.attnum)
     from pg_attribute a
     where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped)) as line
from pg_class r
left join pg_constraint k on k.conrelid = r.oid and k.contype = 'p'
where r.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c');

-- Objects that only have a name.
create temp view named_rows as
select 'pg_am'::regclass::oid as classid, oid as objid, 'named' as section,
       pg_temp.line('access-method', null, amname::text) as line from pg_am
union all select 'pg_foreign_data_wrapper'::regclass, oid, 'named',
       pg_temp.line('foreign-data-wrapper', null, fdwname::text) from pg_foreign_data_wrapper
union all select 'pg_language'::regclass, oid, 'named',
       pg_temp.line('language', null, lanname::text) from pg_language
union all select 'pg_foreign_server'::regclass, oid, 'named',
       pg_temp.line('server', null, srvname::text) from pg_foreign_server
union all select 'pg_ts_dict'::regclass, oid, 'named',
       pg_temp.line('text-search-dictionary', null, dictname::text) from pg_ts_dict
union all select 'pg_ts_config'::regclass, oid, 'named',
       pg_temp.line('text-search-configuration', null, cfgname::text) from pg_ts_config
union all select 'pg_ts_template'::regclass, oid, 'named',
       pg_temp.line('text-search-template', null, tmplname::text) from pg_ts_template
union all select 'pg_ts_parser'::regclass, oid, 'named',
       pg_temp.line('text-search-parser', null, prsname::text) from pg_ts_parser
union all select 'pg_collation'::regclass, oid, 'named',
       pg_temp.line('collation', null, collname::text) from pg_collation
union all select 'pg_extension'::regclass, oid, 'named',
       pg_temp.line('extension', null, extname::text) from pg_extension
union all select 'pg_authid'::regclass, oid, 'named',
       pg_temp.line('role', null, rolname::text) from pg_roles where rolname like 'pg\_%';

-- The class is U, C, T or R as in the server's source; `AS` follows where the word cannot be a column's
-- name without AS before it.
create temp view keyword_rows as
select 'keyword' as section,
       pg_temp.line(word, catcode::text || case when to_jsonb(k) ->> 'barelabel' = 'false' then ' AS' else '' end) as line
from pg_get_keywords() k;

create temp table object_rows as
select * from type_rows union all select * from function_rows union all select * from operator_rows
union all select * from cast_rows union all select * from operator_class_rows union all select * from relation_rows
union all select * from named_rows;

-- What each database has: objects made by initdb, and those of extensions that stand in each database.
-- Collations that come from the machine's own libraries are left out.
create temp view builtin_rows as
select section, line from object_rows o
where objid < 16384 and line not like 'pg\_toast.%' and not (classid = 'pg_collation'::regclass and objid >= 10000 and line not like '%ucs\_basic')
union all
select section, line from keyword_rows;

-- What the extensions of this database have brought; the objects of those in each database are built in.
create temp view extension_rows as
select e.extname::text as extension, 'extension' as section,
       pg_temp.line(case when e.extrelocatable then 'relocatable' else 'fixed' end, null, e.extversion,
           case when n.nspname <> 'public' then n.nspname::text end,
           (select string_agg(r.extname, ' ' order by r.extname collate "C")
            from pg_depend d join pg_extension r on r.oid = d.refobjid
            where d.classid = 'pg_extension'::regclass and d.objid = e.oid
              and d.refclassid = 'pg_extension'::regclass)) as line
from pg_extension e join pg_namespace n on n.oid = e.extnamespace
union all
select e.extname, o.section, o.line
from pg_depend d
join pg_extension e on d.refclassid = 'pg_extension'::regclass and e.oid = d.refobjid and d.deptype = 'e'
join lateral (
    select d.classid, d.objid
    union
    -- Array types, the rows of relations and their arrays, and multiranges depend on what they go with.
    select i.classid, i.objid from pg_depend i
    where i.refclassid = d.classid and i.refobjid = d.objid and i.deptype = 'i' and i.classid = 'pg_type'::regclass
    union
    select j.classid, j.objid from pg_depend i join pg_depend j
        on j.refclassid = i.classid and j.refobjid = i.objid and j.deptype = 'i'
    where i.refclassid = d.classid and i.refobjid = d.objid and i.deptype = 'i'
      and i.classid = 'pg_type'::regclass and j.classid = 'pg_type'::regclass
    union
    select 'pg_class'::regclass, typrelid from pg_type
    where d.classid = 'pg_type'::regclass and oid = d.objid and typrelid <> 0) m on true
join object_rows o on o.classid = m.classid and o.objid = m.objid
where e.oid >= 16384;
