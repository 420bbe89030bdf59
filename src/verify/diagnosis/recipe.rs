//! Recipes for a signature: RFC 5849 by default, with the changes that mistakes make.

/// A way to compute a signature.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Recipe {
    pub(super) head: HeadRecipe,
    pub(super) parameters: ParameterRecipe,
    pub(super) key: KeyRecipe,
}

/// The method and the base string URI.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct HeadRecipe {
    pub(super) method: Method,
    pub(super) scheme: Scheme,
    pub(super) host: Host,
    pub(super) port: Port,
    pub(super) path: Path,
    pub(super) slash: Slash,
    pub(super) has_query: bool,
    pub(super) encoding: Encoding,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Method {
    #[default]
    Upper,
    AsSent,
    Lower,
    Capitalized,
    NotEncoded,
    Other(&'static str),
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Scheme {
    #[default]
    AsIs,
    Other,
    WebSocket,
    Upper,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Host {
    #[default]
    AsIs,
    AsSent,
    Upper,
    Capitalized,
    Forwarded(usize),
    Www,
    Loopback,
    WithoutBrackets,
    Ipv6Rewritten,
    Ipv6RewrittenWithoutBrackets,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Port {
    #[default]
    AsIs,
    /// The default port of the signed scheme.
    Default,
    None,
    Number(u16),
    Forwarded,
    /// A `:` without a port.
    Empty,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Path {
    #[default]
    AsIs,
    Empty,
    Decoded,
    /// Decoded, and encoded again with all bytes escaped except the unreserved ones.
    Reencoded,
    /// Decoded, and encoded again as in the path of a URL: `:@!$&'()*+,;=` stay.
    ReencodedSparingly,
    EncodedTwice,
    LowerEscapes,
    DotSegments,
    Slashes,
    LowerCase,
    WithoutFirst,
    WithoutTwo,
    Prefixed(&'static str),
    ForwardedPrefix,
    Forwarded(usize),
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Slash {
    #[default]
    AsIs,
    Toggled,
}

/// The encoding of a text.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// RFC 5849 §3.6.
    #[default]
    Rfc,
    None,
    Twice,
    /// As RFC 5849, but with lower-case digits.
    Lower,
    /// A space is `+`.
    Plus,
    /// HTML forms: a space is `+`, `*` stays, `~` does not.
    Form,
    /// As .NET's `HttpUtility.UrlEncode`: a space is `+`, `!*()` stay, and digits are lower-case.
    FormLower,
    /// ECMAScript's `encodeURIComponent`: `!*'()` stay.
    Component,
    /// ECMAScript's `encodeURI`.
    Uri,
    /// Python's `quote`: `/` stays.
    Slash,
    /// RFC 1738, PHP's `rawurlencode` before 5.3: `~` is escaped.
    Tilde,
    /// `[` and `]` stay.
    Brackets,
    /// U+212A and U+017F stay.
    Letters,
}

/// The choice of parameters, and how each of them is written.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ParameterRecipe {
    /// The parameters that are left out, as flags of [`omit`].
    pub(super) omitted: u32,
    /// The parameters that are added, as flags of [`add`].
    pub(super) added: u32,
    pub(super) duplicates: Duplicates,
    pub(super) brackets: Brackets,
    pub(super) is_cut_at_semicolons: bool,
    pub(super) is_cut_at_each_equals: bool,
    pub(super) names: Reading,
    pub(super) values: Reading,
    pub(super) protocol_values: Reading,
    pub(super) text: Text,
    pub(super) encoding: Encoding,
    pub(super) names_encoding: Encoding,
    pub(super) values_encoding: Encoding,
    pub(super) protocol_encoding: Encoding,
    pub(super) order: Order,
    pub(super) drops_equals: bool,
    /// The encoding of the joined parameters.
    pub(super) joined: Encoding,
}

/// Flags for parameters that are left out.
pub(super) mod omit {
    pub(crate) const QUERY: u32 = 1;
    pub(crate) const FORM: u32 = 1 << 1;
    pub(crate) const HEADER: u32 = 1 << 2;
    pub(crate) const EMPTY_VALUES: u32 = 1 << 3;
    pub(crate) const EMPTY_NAMES: u32 = 1 << 4;
    pub(crate) const NAMES_ALONE: u32 = 1 << 5;
    pub(crate) const SEMICOLONS: u32 = 1 << 6;
    pub(crate) const REALM: u32 = 1 << 7;
    /// The first of the flags for known protocol parameters, which follow in the order of their numbers.
    pub(crate) const KNOWN: u32 = 16;
}

/// Flags for parameters that are added.
pub(super) mod add {
    pub(crate) const SIGNATURE: u32 = 1;
    pub(crate) const REALM: u32 = 1 << 1;
    pub(crate) const EMPTY_TOKEN: u32 = 1 << 2;
    pub(crate) const VERSION: u32 = 1 << 3;
    pub(crate) const BODY: u32 = 1 << 4;
    pub(crate) const SEGMENTS: u32 = 1 << 5;
    pub(crate) const OOB: u32 = 1 << 6;
    pub(crate) const EMPTY_SIGNATURE: u32 = 1 << 7;
    pub(crate) const EMPTY_CALLBACK: u32 = 1 << 8;
    pub(crate) const EMPTY_VERIFIER: u32 = 1 << 9;
}

/// The treatment of query and form parameters that share a name.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Duplicates {
    #[default]
    All,
    First,
    Last,
    Once,
    QueryHidesForm,
    FormHidesQuery,
    /// `a[0]`, `a[1]`: in the query only, or everywhere.
    Indexed,
    IndexedInQuery,
    /// `a[]`.
    Bracketed,
    /// `1,2`.
    Comma,
}

/// The treatment of brackets in names.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Brackets {
    #[default]
    AsSent,
    /// `a[]` becomes `a`.
    Removed,
    /// `a[]` becomes `a[0]`, `a[1]`.
    Indexed,
    /// `a[0]` becomes `a[]`.
    Emptied,
}

/// The way in which a text of the request is read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Reading {
    #[default]
    Decoded,
    AsSent,
    /// Neither decoded nor encoded.
    AsSentUnencoded,
    /// A `+` stays a plus.
    PlusKept,
    Twice,
    /// Decoded twice, if the name starts with `oauth_`.
    TwiceInProtocol,
}

/// A change of the decoded bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Text {
    #[default]
    AsIs,
    Utf8Twice,
    Utf8TwiceInQuery,
    Latin1,
    /// U+FFFD in place of bytes that are not UTF-8: one for each part, or one for each run of them.
    Replaced,
    ReplacedRuns,
    /// `?` in place of each character that is not ASCII.
    QuestionMarks,
    Crlf,
    Lf,
    Trimmed,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    Rfc,
    Joined,
    Unencoded,
    UnencodedValues,
    UnencodedNames,
    NamesOnly,
    CaseInsensitive,
    /// The order of the request: header, query, form, or the header last.
    Wire,
    WireHeaderLast,
    /// The protocol parameters apart from the others, after or before them.
    ProtocolLast,
    ProtocolFirst,
}

/// The key of an HMAC.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct KeyRecipe {
    pub(super) client: Secret,
    pub(super) token: Secret,
    pub(super) encoding: Encoding,
    pub(super) has_no_ampersand: bool,
    pub(super) is_swapped: bool,
}

/// A secret as the client may hold it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Secret {
    #[default]
    AsIs,
    Missing,
    /// The consumer secret, in place of the token secret.
    OfClient,
    /// The consumer key or the token, in place of its secret.
    Identifier,
    LineFeed,
    Crlf,
    SpaceAfter,
    SpaceBefore,
    Tab,
    Trimmed,
    Quoted,
    FromBase64,
    FromHex,
    FromEscapes,
    FromForm,
    Encoded,
    EncodedAsForm,
}

/// Sets `place`, unless another mistake has set it. Returns `true` if it did.
pub(super) fn set<T: Default + PartialEq>(place: &mut T, value: T) -> bool {
    let is_free = *place == T::default();
    if is_free {
        *place = value;
    }
    is_free
}
