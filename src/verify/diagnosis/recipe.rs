//! The ways in which a client may compute a signature: RFC 5849 by default, and what a mistake changes of it.

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
    /// The default of the scheme that is signed.
    Default,
    None,
    Number(u16),
    Forwarded,
    /// A `:` and nothing.
    Empty,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Path {
    #[default]
    AsIs,
    Empty,
    Decoded,
    /// Decoded, and encoded with everything escaped that is not unreserved.
    Reencoded,
    /// Decoded, and encoded as a URL's path is: `:@!$&'()*+,;=` stay.
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

/// Which text is escaped, and how.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// RFC 5849 §3.6.
    #[default]
    Rfc,
    None,
    Twice,
    /// With lower-case digits.
    Lower,
    /// A space is `+`.
    Plus,
    /// HTML forms: a space is `+`, `*` stays, `~` does not.
    Form,
    /// As .NET's `HttpUtility.UrlEncode`: like forms, `!*()` stay, with lower-case digits.
    FormLower,
    /// ECMAScript's `encodeURIComponent`: `!*'()` stay.
    Component,
    /// ECMAScript's `encodeURI`.
    Uri,
    /// Python's `quote`: `/` stays.
    Slash,
    /// RFC 1738, PHP's `rawurlencode` before 5.3: `~` does not stay.
    Tilde,
    /// `[` and `]` stay.
    Brackets,
    /// U+212A and U+017F stay.
    Letters,
}

/// Which parameters, and how each of them is written.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ParameterRecipe {
    /// Flags of [`omit`].
    pub(super) omitted: u32,
    /// Flags of [`add`].
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
    /// The encoding of the joined text.
    pub(super) joined: Encoding,
}

/// Parameters that are left out.
pub(super) mod omit {
    pub(crate) const QUERY: u32 = 1;
    pub(crate) const FORM: u32 = 1 << 1;
    pub(crate) const HEADER: u32 = 1 << 2;
    pub(crate) const EMPTY_VALUES: u32 = 1 << 3;
    pub(crate) const EMPTY_NAMES: u32 = 1 << 4;
    pub(crate) const NAMES_ALONE: u32 = 1 << 5;
    pub(crate) const SEMICOLONS: u32 = 1 << 6;
    pub(crate) const REALM: u32 = 1 << 7;
    /// The first of the known parameters, by their number.
    pub(crate) const KNOWN: u32 = 16;
}

/// Parameters that are added.
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

/// Parameters of the query and the form that share a name.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Duplicates {
    #[default]
    All,
    First,
    Last,
    Once,
    QueryHidesForm,
    FormHidesQuery,
    /// `a[0]`, `a[1]`, for those of the query only, or of all.
    Indexed,
    IndexedInQuery,
    /// `a[]`.
    Bracketed,
    /// `1,2`.
    Comma,
}

/// Names with brackets, as they stand on the wire.
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

/// The way in which a text of the wire is read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Reading {
    #[default]
    Decoded,
    AsSent,
    /// Neither decoded nor encoded.
    AsSentUnencoded,
    /// A `+` is a plus.
    PlusKept,
    Twice,
    /// Twice, where the name starts with `oauth_`.
    TwiceInProtocol,
}

/// A change of the bytes that were read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Text {
    #[default]
    AsIs,
    Utf8Twice,
    Utf8TwiceInQuery,
    Latin1,
    /// U+FFFD for what is not UTF-8: for each of its parts, or for each run of them.
    Replaced,
    ReplacedRuns,
    /// `?` for each character that is not ASCII.
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
    /// As they stand on the wire: header, query, form, or the header last.
    Wire,
    WireHeaderLast,
    /// The protocol's apart from the others, behind or in front of them.
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

/// A secret as the client holds it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Secret {
    #[default]
    AsIs,
    Missing,
    /// The consumer secret, as token secret.
    OfClient,
    /// The consumer key or the token.
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

/// Sets what no other mistake has set; answers whether it did.
pub(super) fn set<T: Default + PartialEq>(place: &mut T, value: T) -> bool {
    let is_free = *place == T::default();
    if is_free {
        *place = value;
    }
    is_free
}
