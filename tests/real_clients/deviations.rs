//! What these libraries sign otherwise than RFC 5849 has it, in the versions that are pinned. Such requests
//! are refused: whoever reads them by the RFC computes another signature.

use crate::cases::Case;
use crate::driver::Library;
use crate::records::Party;

pub(crate) struct Deviation {
    library: Library,
    /// Of these signature methods; of all that cover the request, where there is none.
    algorithms: &'static [&'static str],
    /// Of these requests; of all, where there is none.
    cases: &'static [&'static str],
    /// What the operator is told.
    pub(crate) told: &'static str,
    pub(crate) reason: &'static str,
    /// What the server's diagnosis names; nothing where no claim can be read.
    pub(crate) named: &'static str,
}

const WRONG: &str = "the signature does not match";

const fn wrong(
    library: Library,
    cases: &'static [&'static str],
    reason: &'static str,
    named: &'static str,
) -> Deviation {
    Deviation { library, algorithms: &[], cases, told: WRONG, reason, named }
}

pub(crate) const DEVIATIONS: &[Deviation] = &[
    Deviation {
        library: Library::RequestsOauthlib,
        algorithms: &["HMAC-SHA256", "HMAC-SHA512", "RSA-SHA256", "RSA-SHA512"],
        cases: &["JSON with a hash", "JSON that is PUT, with a hash", "JSON that is PATCHed, with a hash"],
        told: "the body hash does not match",
        reason: "it hashes bodies by SHA-1, whatever the signature method",
        named: "body-hash-of-other-hash",
    },
    wrong(
        Library::NodeOauth10a,
        &["reserved characters", "unicode", "order of names", "what needs no escape"],
        "it does not decode the names in a query before it encodes them",
        "names-encoded-twice",
    ),
    wrong(Library::NodeOauth10a, &["plus and %20"], "it does not read + in a query as a space", "plus-kept"),
    wrong(
        Library::NodeOauth10a,
        &["duplicates in query and form"],
        "of a name that is in the query and in the form it signs the one in the query",
        "query-hides-form",
    ),
    wrong(
        Library::NodeOauth10a,
        &["signature in the form, and a query"],
        "what it returns for a form has the query too, which is signed once and sent twice",
        "same-pairs-once",
    ),
    wrong(
        Library::NodeOauth,
        &["duplicates in the URL", "duplicates that are added", "duplicates in both", "order of values"],
        "it names what is more than once in a query a[0], a[1], and signs that",
        "duplicates-renamed",
    ),
    wrong(
        Library::NodeOauth,
        &["duplicates in query and form"],
        "of a name that is in the query and in the form it signs one",
        "query-hides-form",
    ),
    wrong(Library::SimpleOauth, &["a name alone"], "it drops names without a value", "names-alone-dropped"),
    wrong(
        Library::RubyOauth,
        &["order of names", "order of names in a form", "order of values", "order of values in a form"],
        "it sorts before it encodes",
        "unencoded-sort",
    ),
    wrong(
        Library::RubyOauth,
        &["a form that is PATCHed", "a form with DELETE"],
        "it signs forms with POST and PUT only",
        "form-left-out",
    ),
    wrong(
        Library::RubyOauth,
        &["signature in the form, and a query"],
        "it puts the query into the form too, twice, and signs it less often",
        "query-left-out",
    ),
    Deviation {
        library: Library::RubyOauth,
        algorithms: &[],
        cases: &["PUT without a body"],
        told: "oauth_body_hash does not go with a form",
        reason: "it hashes what has no Content-Type, and Net::HTTP then calls it a form",
        named: "",
    },
    wrong(
        Library::NetOauth,
        &["order of names", "order of names in a form"],
        "it sorts names and values joined, by = too",
        "joined-sort",
    ),
    wrong(
        Library::NetOauth,
        &["duplicates in the URL", "duplicates in both"],
        "it signs each name once",
        "duplicates-dropped",
    ),
    wrong(
        Library::NetOauth,
        &["duplicates in query and form"],
        "of a name that is in the query and in the form it signs one",
        "query-hides-form",
    ),
    wrong(
        Library::NetOauth,
        &["small letters in escapes"],
        "it takes the bytes of a query in the URL for Latin-1, and so encodes them once more",
        "utf8-encoded-twice",
    ),
    wrong(
        Library::NetOauth,
        &["signature in the form, and a query"],
        "what it returns for a form has the query too, which is signed once and sent twice",
        "same-pairs-once",
    ),
    Deviation {
        library: Library::WwwOauth,
        algorithms: &["RSA-SHA1"],
        cases: &[],
        told: WRONG,
        reason: "it sends the bytes of an RSA signature without base64",
        named: "signature-not-base64",
    },
];

pub(crate) fn deviation(library: Library, party: &Party, case: &Case) -> Option<&'static Deviation> {
    let is_one = |names: &[&str], name| names.is_empty() || names.contains(&name);
    DEVIATIONS.iter().find(|deviation| {
        deviation.library == library
            // A signature that covers nothing covers nothing wrong.
            && party.signs()
            && is_one(deviation.algorithms, party.algorithm)
            && is_one(deviation.cases, case.name)
    })
}

/// How many requests of a library are admitted, refused, and not to be had from it: signature methods,
/// places and methods that it does not know, mostly.
pub(crate) fn expected(library: Library) -> [usize; 3] {
    match library {
        Library::RequestsOauthlib => [338, 12, 0],
        Library::NodeOauth10a => [291, 42, 17],
        Library::NodeOauth => [149, 15, 186],
        Library::SimpleOauth => [124, 2, 224],
        Library::RubyOauth => [131, 16, 203],
        Library::NetOauth => [151, 21, 178],
        Library::WwwOauth => [84, 42, 224],
    }
}

/// How many rejected requests have no diagnosis, since they cannot even be read: the two whose body hash goes
/// with what the HTTP client calls a form.
pub(crate) fn without_claim(library: Library) -> usize {
    match library {
        Library::RubyOauth => 2,
        _ => 0,
    }
}
