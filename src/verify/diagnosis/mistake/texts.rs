//! The table of mistakes: name, explanation, remedy, libraries.

use super::mistakes;

const SIGN_THE_WIRE: &str = "Client: sign the URL and the form exactly as they are sent.";
const ENCODE: &str = "Client: percent-encode names and values once as in RFC 5849 §3.6, then join and sort \
    them, then encode the joined text once more.";
const DECODE: &str = "Client: decode the query and the form once as in RFC 5849 §3.4.1.3.1 before encoding.";
const SORT: &str = "Client: sort by the encoded name, then by the encoded value (RFC 5849 §3.4.1.3.2).";
const ALL_OF_THEM: &str = "Client: sign every parameter of the query, the form and the header, each as often \
    as it is sent (RFC 5849 §3.4.1.3.1).";
const SECRET: &str = "Client: use the consumer secret and the token secret as they were issued, without \
    further characters or encoding.";
const KEY: &str = "Client: make the key of the encoded consumer secret, `&`, and the encoded token secret, \
    even when either is empty (RFC 5849 §3.4.2).";
const BASE_URI: &str = "Client: sign scheme and host in lower case, the port unless it is the scheme's \
    default, and the path as it is sent (RFC 5849 §3.4.1.2).";
const SEND_BASE64: &str = "Client: send the bytes of the signature in standard base64 with padding, \
    percent-encoded once (RFC 5849 §3.4.2, §3.5).";
const BODY_HASH: &str = "Client: hash the bytes of the body as they are sent, by the hash of the signature \
    method, and send the digest in base64.";
const OPERATOR: &str = "Operator: make sure that the policy's origin and the request's target are those that \
    clients call, also behind a proxy. Client: sign the URL that is sent.";

mistakes! {
    // The method.
    MethodCase, "method-case", "The client signed the method in lower or mixed case.",
        "Client: write the method in upper case in the base string (RFC 5849 §3.4.1.1).",
        ["oauth (Ruby)", "Net::OAuth", "PECL oauth", "signpost", "google-oauth-client", "mrjones/oauth"];
    OtherMethod, "other-method", "The client signed another HTTP method than the request has.",
        "Client: sign the method that is sent, also for HEAD and after a redirect.", [];
    MethodNotEncoded, "method-not-encoded", "The client did not percent-encode a custom method.", ENCODE,
        ["WWW::OAuth", "node-oauth", "oauth-1.0a", "dghubble/oauth1", "mrjones/oauth", "signpost", "PECL oauth"];
    // The base string URI.
    OtherScheme, "other-scheme", "The client signed http instead of https, or the reverse.", OPERATOR, [];
    WebSocketScheme, "web-socket-scheme", "The client signed the scheme ws or wss.",
        "Client: sign http for ws, and https for wss.", ["dghubble/oauth1", "node-oauth", "PECL oauth", "oauth (Ruby)"];
    SchemeCase, "scheme-case", "The client signed the scheme in upper case.", BASE_URI,
        ["oauth-1.0a", "Net::OAuth", "WWW::OAuth", "liboauth"];
    OtherHost, "other-host", "The client signed another host.", OPERATOR, [];
    HostCase, "host-case", "The client signed the host with upper-case letters.", BASE_URI,
        ["oauth-1.0a", "Net::OAuth", "WWW::OAuth", "liboauth", "mrjones/oauth", "google-oauth-client", "python-oauth2"];
    DefaultPortKept, "default-port-kept", "The client signed the default port as part of the host.", BASE_URI,
        ["oauth-1.0a", "Net::OAuth", "WWW::OAuth", "mrjones/oauth"];
    PortLeftOut, "port-left-out", "The client left a port out that is not the default.", BASE_URI,
        ["dghubble/oauth1"];
    OtherPort, "other-port", "The client signed another port.", OPERATOR, [];
    Ipv6Brackets, "ipv6-brackets", "The client signed an IPv6 address without brackets.", BASE_URI,
        ["node-oauth", "oauth-signature"];
    Ipv6Rewritten, "ipv6-rewritten", "The client signed an IPv6 address in another spelling.", SIGN_THE_WIRE,
        ["oauthlib"];
    EmptyPath, "empty-path", "The client signed an empty path instead of `/`.",
        "Client: sign `/` where the URL has no path.",
        ["dghubble/oauth1", "mrjones/oauth", "google-oauth-client", "oauth-1.0a", "oauth-signature", "Net::OAuth",
         "WWW::OAuth", "python-oauth2"];
    TrailingSlash, "trailing-slash", "The client signed the path with a `/` more or less at its end.",
        SIGN_THE_WIRE, [];
    PathDecoded, "path-decoded", "The client decoded the escapes of the path.", SIGN_THE_WIRE, ["mrjones/oauth"];
    PathRewritten, "path-rewritten", "The client signed the path in another spelling: escapes, dot segments, slashes.",
        SIGN_THE_WIRE, ["google-oauth-client", "oauth-signature"];
    PathEncodedTwice, "path-encoded-twice", "The client encoded the path once too often.", SIGN_THE_WIRE, [];
    PathCase, "path-case", "The client signed the path in lower case.", SIGN_THE_WIRE, [];
    PathPrefix, "path-prefix", "The client signed a path that starts with other segments than the request's.",
        "Operator: give the verifier the target that the client has called, before a proxy or router takes a prefix off it.",
        [];
    QueryInUri, "query-in-uri", "The client kept the query in the base string URI.",
        "Client: cut the URL at the first `?`; the query's parameters go into the third part.", ["gomodule/oauth1"];
    UriNotEncoded, "uri-not-encoded", "The client did not percent-encode the base string URI.",
        "Client: percent-encode each of the three parts of the base string, then join them with `&`.", [];
    // Choosing the parameters.
    QueryLeftOut, "query-left-out", "The client left the query's parameters out.", ALL_OF_THEM, [];
    FormLeftOut, "form-left-out", "The client left the form's parameters out.", ALL_OF_THEM, ["oauth (Ruby)"];
    BodyAsForm, "body-as-form", "The client signed a body as a form that is not sent as one.",
        "Client: send Content-Type: application/x-www-form-urlencoded with a form, or leave the body out of the base string.",
        [];
    ProtocolParameterLeftOut, "protocol-parameter-left-out", "The client left an `oauth_` parameter out that it sends.",
        ALL_OF_THEM, [];
    ProtocolParametersLeftOut, "protocol-parameters-left-out", "The client left all `oauth_` parameters of the header out.",
        ALL_OF_THEM, [];
    VersionLeftOut, "version-left-out", "The client sends `oauth_version` and left it out.", ALL_OF_THEM, [];
    TokenLeftOut, "token-left-out", "The client sends `oauth_token` and left it out.", ALL_OF_THEM, [];
    BodyHashLeftOut, "body-hash-left-out", "The client sends `oauth_body_hash` and left it out.", ALL_OF_THEM, [];
    VersionAdded, "version-added", "The client signed `oauth_version=1.0` and does not send it.",
        "Client: send every `oauth_` parameter that is signed.", [];
    EmptyTokenAdded, "empty-token-added", "The client signed an empty `oauth_token` and does not send it.",
        "Client: leave `oauth_token` out of both the base string and the request where there is no token.", [];
    ParameterNotSent, "parameter-not-sent", "The client signed an `oauth_` parameter that it does not send.",
        "Client: send every `oauth_` parameter that is signed.", [];
    SignatureSigned, "signature-signed", "The client signed `oauth_signature` as a parameter.",
        "Client: leave `oauth_signature` out of the base string.", ["scribejava"];
    RealmSigned, "realm-signed", "The client signed the header's `realm`.",
        "Client: leave the header's `realm` out of the base string.", [];
    RealmLeftOut, "realm-left-out", "The client left a parameter `realm` of the query or form out.",
        "Client: leave out the header's `realm` only.", ["Authlib", "signpost"];
    DuplicatesDropped, "duplicates-dropped", "The client signed only one of several parameters of the same name.",
        ALL_OF_THEM, ["dghubble/oauth1", "Net::OAuth", "PECL oauth"];
    SamePairsOnce, "same-pairs-once", "The client signed a pair once that is sent several times.", ALL_OF_THEM,
        ["signpost", "google-oauth-client"];
    QueryHidesForm, "query-hides-form", "The client signed only one of the parameters that query and form share.",
        ALL_OF_THEM, ["node-oauth", "oauth-1.0a", "Net::OAuth", "PECL oauth", "dghubble/oauth1", "mrjones/oauth", "signpost"];
    DuplicatesRenamed, "duplicates-renamed", "The client signed parameters of the same name with indexes, or joined to one.",
        ALL_OF_THEM, ["node-oauth"];
    BracketsRewritten, "brackets-rewritten", "The client signed the brackets of a name in another way than they are sent.",
        SIGN_THE_WIRE, ["mrjones/oauth"];
    EmptyValuesDropped, "empty-values-dropped", "The client left parameters with an empty value out.", ALL_OF_THEM, [];
    EmptyNamesDropped, "empty-names-dropped", "The client left parameters with an empty name out.", ALL_OF_THEM,
        ["google-oauth-client"];
    NamesAloneDropped, "names-alone-dropped", "The client left names out that have no `=`.",
        "Client: sign a name without `=` with an empty value.", ["simple_oauth", "signpost"];
    EqualsDropped, "equals-dropped", "The client left the `=` of empty values out.",
        "Client: write `name=` for an empty value.", [];
    ValueCutAtEquals, "value-cut-at-equals", "The client cut a value at an `=` in it.",
        "Client: cut a pair at its first `=` only.", ["oauth-1.0a"];
    EmptySegmentsSigned, "empty-segments-signed", "The client signed empty segments of the query as pairs.", SIGN_THE_WIRE,
        ["oauth-1.0a", "Net::OAuth", "WWW::OAuth"];
    SemicolonSeparates, "semicolon-separates", "The client took `;` in a query or form for a separator.",
        "Client: cut a query and a form at `&` only.", ["Net::OAuth", "WWW::OAuth", "oauth (Ruby)", "simple_oauth"];
    SemicolonPairsDropped, "semicolon-pairs-dropped", "The client left pairs with a `;` out.",
        "Client: cut a query and a form at `&` only.", ["dghubble/oauth1", "gomodule/oauth1", "mrjones/oauth"];
    // Decoding and encoding.
    PlusKept, "plus-kept", "The client took `+` for a plus instead of a space.", DECODE, ["oauth-1.0a"];
    SpaceAsPlus, "space-as-plus", "The client encoded a space as `+` instead of `%20`.", ENCODE, [];
    FormEncoding, "form-encoding", "The client encoded as HTML forms do, not as RFC 5849 does.", ENCODE, [];
    ReservedNotEncoded, "reserved-not-encoded", "The client left reserved characters unencoded, such as `!`, `*`, `'`, `(`, `)`, `/`.",
        ENCODE, [];
    TildeEncoded, "tilde-encoded", "The client encoded `~`.", ENCODE, [];
    LowerCaseEscapes, "lower-case-escapes", "The client wrote escapes with lower-case digits.",
        "Client: use upper-case hexadecimal digits in escapes (RFC 5849 §3.6).", [];
    NamesNotEncoded, "names-not-encoded", "The client encoded names once instead of twice.", ENCODE, [];
    ValuesNotEncoded, "values-not-encoded", "The client encoded values once instead of twice.", ENCODE, [];
    ProtocolValuesNotEncoded, "protocol-values-not-encoded", "The client encoded the values of `oauth_` parameters once instead of twice.",
        ENCODE, ["Mastercard's signers"];
    ParametersNotEncoded, "parameters-not-encoded", "The client did not encode the joined parameters.", ENCODE, [];
    NamesEncodedTwice, "names-encoded-twice", "The client did not decode names, or encoded them once too often.", DECODE,
        ["oauth-1.0a"];
    ValuesEncodedTwice, "values-encoded-twice", "The client did not decode values, or encoded them once too often.", DECODE, [];
    ProtocolValuesEncodedTwice, "protocol-values-encoded-twice", "The client encoded the values of `oauth_` parameters once too often.",
        ENCODE, [];
    EncodedAsSent, "encoded-as-sent", "The client signed the query or form as it is sent, without decoding and encoding it.",
        DECODE, ["Mastercard's signers"];
    ValuesDecodedTwice, "values-decoded-twice", "The client decoded names or values twice.", DECODE,
        ["python-oauth2", "oauthlib", "Authlib"];
    Utf8EncodedTwice, "utf8-encoded-twice", "The client took UTF-8 for Latin-1 and encoded it as UTF-8 once more.",
        "Client: give the library text, not the bytes of its UTF-8 form.", ["Net::OAuth", "WWW::OAuth"];
    Latin1, "latin1", "The client signed Latin-1 where UTF-8 is sent.", "Client: encode text as UTF-8 (RFC 5849 §3.6).", [];
    InvalidUtf8Replaced, "invalid-utf8-replaced", "The client replaced bytes that are not UTF-8, or characters that are not ASCII.",
        "Client: send UTF-8.", ["google-oauth-client", "signpost", "node-oauth", "Authlib", "python-oauth2", "oauthlib"];
    LetterFolding, "letter-folding", "The client left the Kelvin sign or the long s unencoded, as if they were ASCII letters.",
        ENCODE, ["simple_oauth"];
    LineBreaks, "line-breaks", "The client signed LF where CRLF is sent, or the reverse.", SIGN_THE_WIRE, [];
    WhiteSpaceTrimmed, "white-space-trimmed", "The client removed white space around values.", SIGN_THE_WIRE, ["signpost"];
    // The order.
    JoinedSort, "joined-sort", "The client sorted the joined `name=value` texts.", SORT, ["Net::OAuth"];
    UnencodedSort, "unencoded-sort", "The client sorted names and values before encoding them.", SORT,
        ["oauth (Ruby)", "PECL oauth", "python-oauth2", "oauth-signature"];
    ValuesNotSorted, "values-not-sorted", "The client did not sort values of the same name.", SORT, [];
    NotSorted, "not-sorted", "The client did not sort the parameters, or not all of them together.", SORT, [];
    CaseInsensitiveSort, "case-insensitive-sort", "The client sorted without regard to case.", SORT, [];
    // The key.
    TokenSecretMissing, "token-secret-missing", "The client left the token secret out of the key.", KEY, [];
    ClientSecretMissing, "client-secret-missing", "The client left the consumer secret out of the key.", KEY, [];
    SecretsNotEncoded, "secrets-not-encoded", "The client did not percent-encode the secrets in the key.", KEY, [];
    SecretsEncodedOtherwise, "secrets-encoded-otherwise", "The client encoded the secrets in another way than RFC 5849 does.",
        KEY, [];
    AmpersandMissing, "ampersand-missing", "The client left the `&` of the key out.", KEY, [];
    SecretsSwapped, "secrets-swapped", "The client swapped the consumer secret and the token secret.", KEY, [];
    ClientSecretTwice, "client-secret-twice", "The client used the consumer secret as token secret too.", KEY, [];
    IdentifierAsSecret, "identifier-as-secret", "The client used the consumer key or the token as a secret.", KEY, [];
    SecretWhiteSpace, "secret-white-space", "The client's secret has white space around it, such as a line break from a file.",
        SECRET, [];
    SecretQuoted, "secret-quoted", "The client's secret has quotes around it.", SECRET, [];
    SecretDecoded, "secret-decoded", "The client decoded a secret: from base64, hexadecimal digits or escapes.", SECRET, [];
    SecretEncoded, "secret-encoded", "The client did not decode a secret that it got in a form, or encoded it once too often.",
        "Client: decode the response that issues the token as a form.", [];
    // The signature as it is sent.
    OtherHash, "other-hash", "The client used another hash than its signature method names.",
        "Client: use the hash that `oauth_signature_method` names.", [];
    SignatureInHex, "signature-in-hex", "The client sends the signature in hexadecimal digits.", SEND_BASE64, [];
    SignatureBase64Url, "signature-base64url", "The client sends the signature in base64 for URLs.", SEND_BASE64, [];
    SignaturePadding, "signature-padding", "The client sends the signature without padding.", SEND_BASE64, [];
    SignatureEncodedTwice, "signature-encoded-twice", "The client percent-encoded the signature twice.", SEND_BASE64, [];
    SignatureNotEncoded, "signature-not-encoded", "The client did not percent-encode a `+` of the signature in the query or form.",
        SEND_BASE64, [];
    SignatureWhiteSpace, "signature-white-space", "The client sends the signature with white space or line breaks in it.",
        SEND_BASE64, [];
    SignatureNotBase64, "signature-not-base64", "The client sends the bytes of the signature without base64.", SEND_BASE64,
        ["WWW::OAuth"];
    PlaintextSignature, "plaintext-signature", "The client sends a PLAINTEXT signature and names another method.",
        "Client: name PLAINTEXT where it is allowed, or compute the signature that is named.", [];
    // The body hash.
    BodyHashOfOtherHash, "body-hash-of-other-hash", "The client hashed the body by another hash than the signature method's.",
        BODY_HASH, ["oauthlib"];
    BodyHashOfEmptyBody, "body-hash-of-empty-body", "The client hashed an empty body.", BODY_HASH, [];
    BodyHashOfOtherLineBreaks, "body-hash-of-other-line-breaks", "The client hashed the body with other line breaks.", BODY_HASH, [];
    BodyHashEncoding, "body-hash-encoding", "The client sends the body hash in another form than standard base64.", BODY_HASH, [];
}
