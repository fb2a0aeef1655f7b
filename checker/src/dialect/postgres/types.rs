//! Numbers of often used types, fixed in the server's source (`pg_type.dat`).

use crate::dialect::TypeId;

/// `bool`.
pub const BOOL: TypeId = TypeId(16);
/// `bytea`.
pub const BYTEA: TypeId = TypeId(17);
/// `char`.
pub const CHAR: TypeId = TypeId(18);
/// `name`.
pub const NAME: TypeId = TypeId(19);
/// `int8`.
pub const INT8: TypeId = TypeId(20);
/// `int2`.
pub const INT2: TypeId = TypeId(21);
/// `int2vector`.
pub const INT2VECTOR: TypeId = TypeId(22);
/// `int4`.
pub const INT4: TypeId = TypeId(23);
/// `regproc`.
pub const REGPROC: TypeId = TypeId(24);
/// `text`.
pub const TEXT: TypeId = TypeId(25);
/// `oid`.
pub const OID: TypeId = TypeId(26);
/// `tid`.
pub const TID: TypeId = TypeId(27);
/// `xid`.
pub const XID: TypeId = TypeId(28);
/// `cid`.
pub const CID: TypeId = TypeId(29);
/// `oidvector`.
pub const OIDVECTOR: TypeId = TypeId(30);
/// `json`.
pub const JSON: TypeId = TypeId(114);
/// `xml`.
pub const XML: TypeId = TypeId(142);
/// `point`.
pub const POINT: TypeId = TypeId(600);
/// `lseg`.
pub const LSEG: TypeId = TypeId(601);
/// `path`.
pub const PATH: TypeId = TypeId(602);
/// `box`.
pub const BOX: TypeId = TypeId(603);
/// `polygon`.
pub const POLYGON: TypeId = TypeId(604);
/// `line`.
pub const LINE: TypeId = TypeId(628);
/// `circle`.
pub const CIRCLE: TypeId = TypeId(718);
/// `float4`.
pub const FLOAT4: TypeId = TypeId(700);
/// `float8`.
pub const FLOAT8: TypeId = TypeId(701);
/// `unknown`.
pub const UNKNOWN: TypeId = TypeId(705);
/// `money`.
pub const MONEY: TypeId = TypeId(790);
/// `macaddr`.
pub const MACADDR: TypeId = TypeId(829);
/// `macaddr8`.
pub const MACADDR8: TypeId = TypeId(774);
/// `inet`.
pub const INET: TypeId = TypeId(869);
/// `cidr`.
pub const CIDR: TypeId = TypeId(650);
/// `aclitem`.
pub const ACLITEM: TypeId = TypeId(1033);
/// `bpchar`.
pub const BPCHAR: TypeId = TypeId(1042);
/// `varchar`.
pub const VARCHAR: TypeId = TypeId(1043);
/// `date`.
pub const DATE: TypeId = TypeId(1082);
/// `time`.
pub const TIME: TypeId = TypeId(1083);
/// `timestamp`.
pub const TIMESTAMP: TypeId = TypeId(1114);
/// `timestamptz`.
pub const TIMESTAMPTZ: TypeId = TypeId(1184);
/// `interval`.
pub const INTERVAL: TypeId = TypeId(1186);
/// `timetz`.
pub const TIMETZ: TypeId = TypeId(1266);
/// `bit`.
pub const BIT: TypeId = TypeId(1560);
/// `varbit`.
pub const VARBIT: TypeId = TypeId(1562);
/// `numeric`.
pub const NUMERIC: TypeId = TypeId(1700);
/// `refcursor`.
pub const REFCURSOR: TypeId = TypeId(1790);
/// `regclass`.
pub const REGCLASS: TypeId = TypeId(2205);
/// `regtype`.
pub const REGTYPE: TypeId = TypeId(2206);
/// `regnamespace`.
pub const REGNAMESPACE: TypeId = TypeId(4089);
/// `regrole`.
pub const REGROLE: TypeId = TypeId(4096);
/// `uuid`.
pub const UUID: TypeId = TypeId(2950);
/// `pg_lsn`.
pub const PG_LSN: TypeId = TypeId(3220);
/// `tsvector`.
pub const TSVECTOR: TypeId = TypeId(3614);
/// `tsquery`.
pub const TSQUERY: TypeId = TypeId(3615);
/// `regconfig`.
pub const REGCONFIG: TypeId = TypeId(3734);
/// `regdictionary`.
pub const REGDICTIONARY: TypeId = TypeId(3769);
/// `jsonb`.
pub const JSONB: TypeId = TypeId(3802);
/// `jsonpath`.
pub const JSONPATH: TypeId = TypeId(4072);
/// `txid_snapshot`.
pub const TXID_SNAPSHOT: TypeId = TypeId(2970);
/// `int4range`.
pub const INT4RANGE: TypeId = TypeId(3904);
/// `numrange`.
pub const NUMRANGE: TypeId = TypeId(3906);
/// `tsrange`.
pub const TSRANGE: TypeId = TypeId(3908);
/// `tstzrange`.
pub const TSTZRANGE: TypeId = TypeId(3910);
/// `daterange`.
pub const DATERANGE: TypeId = TypeId(3912);
/// `int8range`.
pub const INT8RANGE: TypeId = TypeId(3926);
/// `record`.
pub const RECORD: TypeId = TypeId(2249);
/// `cstring`.
pub const CSTRING: TypeId = TypeId(2275);
/// `any`.
pub const ANY: TypeId = TypeId(2276);
/// `anyarray`.
pub const ANYARRAY: TypeId = TypeId(2277);
/// `void`.
pub const VOID: TypeId = TypeId(2278);
/// `trigger`.
pub const TRIGGER: TypeId = TypeId(2279);
/// `event_trigger`.
pub const EVENT_TRIGGER: TypeId = TypeId(3838);
/// `internal`.
pub const INTERNAL: TypeId = TypeId(2281);
/// `anyelement`.
pub const ANYELEMENT: TypeId = TypeId(2283);
/// `anynonarray`.
pub const ANYNONARRAY: TypeId = TypeId(2776);
/// `anyenum`.
pub const ANYENUM: TypeId = TypeId(3500);
/// `anyrange`.
pub const ANYRANGE: TypeId = TypeId(3831);
/// `anymultirange`.
pub const ANYMULTIRANGE: TypeId = TypeId(4537);
/// `anycompatible`.
pub const ANYCOMPATIBLE: TypeId = TypeId(5077);
/// `anycompatiblearray`.
pub const ANYCOMPATIBLEARRAY: TypeId = TypeId(5078);
/// `anycompatiblenonarray`.
pub const ANYCOMPATIBLENONARRAY: TypeId = TypeId(5079);
/// `anycompatiblerange`.
pub const ANYCOMPATIBLERANGE: TypeId = TypeId(5080);
/// `anycompatiblemultirange`.
pub const ANYCOMPATIBLEMULTIRANGE: TypeId = TypeId(4538);
/// `bool[]`.
pub const BOOL_ARRAY: TypeId = TypeId(1000);
/// `bytea[]`.
pub const BYTEA_ARRAY: TypeId = TypeId(1001);
/// `char[]`.
pub const CHAR_ARRAY: TypeId = TypeId(1002);
/// `name[]`.
pub const NAME_ARRAY: TypeId = TypeId(1003);
/// `int2[]`.
pub const INT2_ARRAY: TypeId = TypeId(1005);
/// `int4[]`.
pub const INT4_ARRAY: TypeId = TypeId(1007);
/// `text[]`.
pub const TEXT_ARRAY: TypeId = TypeId(1009);
/// `bpchar[]`.
pub const BPCHAR_ARRAY: TypeId = TypeId(1014);
/// `varchar[]`.
pub const VARCHAR_ARRAY: TypeId = TypeId(1015);
/// `int8[]`.
pub const INT8_ARRAY: TypeId = TypeId(1016);
/// `float4[]`.
pub const FLOAT4_ARRAY: TypeId = TypeId(1021);
/// `float8[]`.
pub const FLOAT8_ARRAY: TypeId = TypeId(1022);
/// `date[]`.
pub const DATE_ARRAY: TypeId = TypeId(1182);
/// `time[]`.
pub const TIME_ARRAY: TypeId = TypeId(1183);
/// `timestamp[]`.
pub const TIMESTAMP_ARRAY: TypeId = TypeId(1115);
/// `timestamptz[]`.
pub const TIMESTAMPTZ_ARRAY: TypeId = TypeId(1185);
/// `interval[]`.
pub const INTERVAL_ARRAY: TypeId = TypeId(1187);
/// `timetz[]`.
pub const TIMETZ_ARRAY: TypeId = TypeId(1270);
/// `numeric[]`.
pub const NUMERIC_ARRAY: TypeId = TypeId(1231);
/// `uuid[]`.
pub const UUID_ARRAY: TypeId = TypeId(2951);
/// `json[]`.
pub const JSON_ARRAY: TypeId = TypeId(199);
/// `jsonb[]`.
pub const JSONB_ARRAY: TypeId = TypeId(3807);
/// `oid[]`.
pub const OID_ARRAY: TypeId = TypeId(1028);
/// `inet[]`.
pub const INET_ARRAY: TypeId = TypeId(1041);
/// `cidr[]`.
pub const CIDR_ARRAY: TypeId = TypeId(651);
/// `bit[]`.
pub const BIT_ARRAY: TypeId = TypeId(1561);
/// `varbit[]`.
pub const VARBIT_ARRAY: TypeId = TypeId(1563);
/// `xml[]`.
pub const XML_ARRAY: TypeId = TypeId(143);
/// `record[]`.
pub const RECORD_ARRAY: TypeId = TypeId(2287);
