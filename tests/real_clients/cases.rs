//! The requests. Each is asked of every library, by every signature method.

/// A kind of request, for the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Get,
    Duplicates,
    Form,
    Json,
    OtherMethods,
    OtherPlaces,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] =
        [Self::Get, Self::Duplicates, Self::Form, Self::Json, Self::OtherMethods, Self::OtherPlaces];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Duplicates => "duplicates",
            Self::Form => "form",
            Self::Json => "JSON",
            Self::OtherMethods => "other methods",
            Self::OtherPlaces => "query, body",
        }
    }
}

type Pairs = &'static [(&'static str, &'static str)];

/// What a driver is asked for; see `tests/clients/README.md`.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) target: &'static str,
    pub(crate) query: Pairs,
    pub(crate) form: Option<Pairs>,
    pub(crate) json: Option<&'static str>,
    pub(crate) has_token: bool,
    pub(crate) has_body_hash: bool,
    pub(crate) transport: &'static str,
}

const fn case(kind: Kind, name: &'static str, method: &'static str, target: &'static str) -> Case {
    Case {
        kind,
        name,
        method,
        target,
        query: &[],
        form: None,
        json: None,
        has_token: true,
        has_body_hash: false,
        transport: "header",
    }
}

const fn get(name: &'static str, target: &'static str, query: Pairs) -> Case {
    Case { query, ..case(Kind::Get, name, "GET", target) }
}

const fn form(name: &'static str, target: &'static str, form: Pairs) -> Case {
    Case { form: Some(form), ..case(Kind::Form, name, "POST", target) }
}

const fn json(name: &'static str, method: &'static str, json: &'static str) -> Case {
    Case { json: Some(json), ..case(Kind::Json, name, method, "/items?a=1") }
}

/// Names and values that are to be encoded, and one that looks as if it was.
const RESERVED: Pairs =
    &[("q", "tea & cake = 1+1/2?"), ("a:b", "#;,@$!*'()"), ("literally", "%20%2B"), ("~-._", "~-._")];

const UNICODE: Pairs = &[("caf\u{e9}", "\u{2603}"), ("cake", "\u{1f370}"), ("decomposed", "e\u{301}")];

const EMPTY: Pairs = &[("empty", ""), ("a", "1"), ("last", "")];

const DUPLICATES: Pairs = &[("b", "2"), ("a", "2"), ("a", "1"), ("b", "2"), ("a", "10"), ("a", "")];

/// Sorted before they are encoded, or as joined pairs, these come in another order.
const SORTED: Pairs = &[
    ("a", "1"),
    ("a-", "1"),
    ("a b", "1"),
    ("a1", "1"),
    ("A", "1"),
    ("\u{e9}", "1"),
    ("z~", "1"),
    ("z\u{e9}", "1"),
];

/// The same values in another order, once encoded.
const SORTED_VALUES: Pairs = &[("a", "~"), ("a", "\u{e9}"), ("a", "b"), ("a", "*"), ("a", "B")];

pub(crate) const CASES: &[Case] = &[
    get("no query", "/items", &[]),
    get("no path", "/", &[]),
    get("a query", "/items?count=20&page=2", &[]),
    get("a query that is added", "/items", &[("count", "20"), ("page", "2")]),
    get("a query that is added to one", "/items?page=2", &[("count", "20")]),
    get("reserved characters", "/items", RESERVED),
    get("unicode", "/items", UNICODE),
    get("empty values", "/items", EMPTY),
    get("empty values in the URL", "/items?empty=&a=1&last=", &[]),
    get("a name alone", "/items?flag&a=1", &[]),
    get("plus and %20", "/items?q=tea+and+cake&s=%20%2B%20", &[]),
    get("small letters in escapes", "/items?u=%e2%98%83&p=%2b", &[]),
    get("what needs no escape", "/items?%61=%62&t=%7E%2D%2E%5F", &[]),
    get("order of names", "/items", SORTED),
    get("an escaped path", "/caf%C3%A9/a%20b/c%2Fd/~user", &[]),
    get("an unescaped path", "/a:b@c/d=e,f!g$h&i+j/(k)*l;m/n.o", &[]),
    Case { has_token: false, ..get("no token", "/items?a=1", &[]) },
    //
    Case { kind: Kind::Duplicates, ..get("duplicates in the URL", "/items?b=2&a=2&a=1&b=2&a=10&a=", &[]) },
    Case { kind: Kind::Duplicates, ..get("duplicates that are added", "/items", DUPLICATES) },
    Case { kind: Kind::Duplicates, ..get("duplicates in both", "/items?a=1&a=0", &[("a", "1"), ("b", "2")]) },
    Case { kind: Kind::Duplicates, ..get("order of values", "/items", SORTED_VALUES) },
    Case { kind: Kind::Duplicates, ..form("duplicates in a form", "/items", DUPLICATES) },
    Case { kind: Kind::Duplicates, ..form("order of values in a form", "/items", SORTED_VALUES) },
    Case {
        kind: Kind::Duplicates,
        ..form("duplicates in query and form", "/items?a=2&c=1", &[("a", "1"), ("b", "2")])
    },
    //
    form("form", "/items", &[("name", "tea"), ("count", "2")]),
    form("form and query", "/items?notify=1", &[("name", "tea & cake")]),
    form("reserved characters in a form", "/items", RESERVED),
    form("unicode in a form", "/items", UNICODE),
    form("empty values in a form", "/items", EMPTY),
    form("an empty form", "/items", &[]),
    form("order of names in a form", "/items", SORTED),
    Case { has_token: false, ..form("form without a token", "/items", &[("name", "tea")]) },
    //
    json("JSON", "POST", "{\"name\": \"tea & cake\", \"caf\u{e9}\": \"\u{2603}\"}"),
    Case { has_body_hash: true, ..json("JSON with a hash", "POST", "{\"caf\u{e9}\": \"\u{2603}\"}") },
    Case { has_body_hash: true, ..json("JSON that is PUT, with a hash", "PUT", "[1, 2.5, null]") },
    Case { has_body_hash: true, ..json("JSON that is PATCHed, with a hash", "PATCH", "{}") },
    json("JSON that is PUT", "PUT", "[1, 2.5, null]"),
    json("JSON that is PATCHed", "PATCH", "{}"),
    //
    Case {
        kind: Kind::OtherMethods,
        method: "PUT",
        ..form("a form that is PUT", "/items/7", &[("name", "tea+")])
    },
    Case {
        kind: Kind::OtherMethods,
        method: "PATCH",
        ..form("a form that is PATCHed", "/items/7", &[("name", "tea")])
    },
    Case {
        kind: Kind::OtherMethods,
        method: "DELETE",
        ..form("a form with DELETE", "/items/7", &[("why", "old")])
    },
    case(Kind::OtherMethods, "DELETE", "DELETE", "/items/7?force=1&reason=it%20is%20old"),
    case(Kind::OtherMethods, "HEAD", "HEAD", "/items?a=1"),
    case(Kind::OtherMethods, "OPTIONS", "OPTIONS", "/items"),
    case(Kind::OtherMethods, "PUT without a body", "PUT", "/items/7"),
    //
    Case {
        kind: Kind::OtherPlaces,
        transport: "query",
        ..get("signature in the query", "/items?a=1", &[("q", "tea & cake")])
    },
    Case {
        kind: Kind::OtherPlaces,
        transport: "query",
        ..get("signature in a query of its own", "/items", &[])
    },
    Case {
        kind: Kind::OtherPlaces,
        transport: "body",
        ..form("signature in the form", "/items", &[("name", "tea & cake")])
    },
    Case {
        kind: Kind::OtherPlaces,
        transport: "body",
        ..form("signature in the form, and a query", "/items?a=1", &[("name", "tea & cake")])
    },
    Case {
        kind: Kind::OtherPlaces,
        transport: "body",
        ..form("signature in a form of its own", "/items", &[])
    },
];
