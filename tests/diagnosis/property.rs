//! Random requests with one or two random mistakes of the independent signer.

use std::collections::BTreeMap;

use oauth1_signer::verify::diagnosis::{DiagnosisOutcome, Mistake};

use crate::signer::{Sent, Sort, Work, as_it_is, escape, percent_decode, rfc};

/// `SplitMix64`: the same requests in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn pairs(&mut self) -> String {
        let names = ["a", "b", "count", "q", "name%5B%5D", "caf%C3%A9", "a-", "z"];
        let values =
            ["1", "20", "", "a+b", "a%20b", "%C3%A9", "tea%2Bcake", "~x", "wow%21", "a%2Fb", "%2541", "x"];
        let pairs = (0..=self.below(4)).map(|_| [self.one(&names), "=", self.one(&values)].concat());
        pairs.collect::<Vec<_>>().join("&")
    }

    fn request(&mut self) -> Sent {
        let is_form = self.below(3) == 0;
        let secrets = ["kd94hf93k423kf44", "a+b/c=", "s p a c e", "x"];
        Sent {
            method: if is_form { "POST" } else { self.one(&["GET", "PUT", "DELETE"]) },
            origin: self.one(&[
                "https://api.example.com",
                "http://api.example.com",
                "https://h.example:8443",
            ]),
            path: self.one(&["/", "/1/items", "/a%20b/c", "/caf%C3%A9"]).into(),
            query: (self.below(4) > 0).then(|| self.pairs()),
            form: is_form.then(|| self.pairs()),
            client: ("key".into(), self.one(&secrets).into()),
            token: (self.below(3) > 0).then(|| ("token".into(), self.one(&secrets).into())),
            signature_method: self.one(&["HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512"]),
            has_version: self.below(2) == 0,
            ..Sent::default()
        }
    }
}

type Change = fn(&mut Work);

/// The mistakes that the signer is told to make, by their names.
const MISTAKES: &[(Mistake, Change)] = &[
    (Mistake::MethodCase, |w| w.method.make_ascii_lowercase()),
    (Mistake::OtherMethod, |w| w.method = "GET".into()),
    (Mistake::OtherScheme, |w| w.scheme = if w.scheme == "http" { "https" } else { "http" }.into()),
    (Mistake::DefaultPortKept, |w| {
        if w.port.is_none() {
            w.port = Some(if w.scheme == "http" { "80" } else { "443" }.into());
        }
    }),
    (Mistake::PortLeftOut, |w| w.port = None),
    (Mistake::EmptyPath, |w| {
        if w.path == b"/" {
            w.path.clear();
        }
    }),
    (Mistake::TrailingSlash, |w| {
        if w.path.len() > 1 {
            w.path.push(b'/');
        }
    }),
    (Mistake::PathDecoded, |w| w.path = percent_decode(&w.path, false)),
    (Mistake::UriNotEncoded, |w| w.uri = as_it_is),
    (Mistake::QueryLeftOut, |w| w.pairs.retain(|pair| !pair.is_of_query)),
    (Mistake::FormLeftOut, |w| w.pairs.retain(|pair| pair.is_of_query || pair.is_of_protocol)),
    (Mistake::VersionLeftOut, |w| w.pairs.retain(|pair| pair.name != b"oauth_version")),
    (Mistake::TokenLeftOut, |w| w.pairs.retain(|pair| pair.name != b"oauth_token")),
    (Mistake::EmptyValuesDropped, |w| w.pairs.retain(|pair| !pair.value.is_empty())),
    (Mistake::EqualsDropped, |w| w.drops_equals = true),
    (Mistake::SpaceAsPlus, |w| {
        w.names = |text| escape(text, "-._~", "+", false);
        w.values = w.names;
    }),
    (Mistake::TildeEncoded, |w| {
        w.names = |text| escape(text, "-._", "%20", false);
        w.values = w.names;
    }),
    (Mistake::ReservedNotEncoded, |w| w.values = |text| escape(text, "-._~!*'()", "%20", false)),
    (Mistake::ValuesNotEncoded, |w| w.values = as_it_is),
    (Mistake::NamesNotEncoded, |w| w.names = as_it_is),
    (Mistake::ValuesEncodedTwice, |w| w.values = |text| rfc(&rfc(text))),
    (Mistake::ParametersNotEncoded, |w| w.joined = as_it_is),
    (Mistake::ValuesDecodedTwice, |w| {
        w.pairs.iter_mut().for_each(|pair| pair.value = percent_decode(&pair.value, false));
    }),
    (Mistake::JoinedSort, |w| w.sort = Sort::Joined),
    (Mistake::UnencodedSort, |w| w.sort = Sort::Unencoded),
    (Mistake::NotSorted, |w| w.sort = Sort::None),
    (Mistake::TokenSecretMissing, |w| w.secrets.1.clear()),
    (Mistake::SecretsNotEncoded, |w| w.key = as_it_is),
    (Mistake::AmpersandMissing, |w| w.ampersand = ""),
    (Mistake::SecretsSwapped, |w| {
        if !w.secrets.1.is_empty() {
            std::mem::swap(&mut w.secrets.0, &mut w.secrets.1);
        }
    }),
    (Mistake::SecretWhiteSpace, |w| w.secrets.0.push(b'\n')),
    (Mistake::OtherHash, |w| w.hash = if w.hash == "1" { "256" } else { "1" }),
];

/// The result: named, by the same name or a simpler one, or not at all. A base string that is not the one
/// that was signed fails at once.
fn check(sent: &Sent, made: &[usize]) -> Option<bool> {
    let mut work = sent.work();
    let right = work.signature();
    for &number in made {
        MISTAKES[number].1(&mut work);
    }
    let signature = work.signature();
    let diagnosis = sent.diagnose(&signature);
    let names: Vec<Mistake> = made.iter().map(|&number| MISTAKES[number].0).collect();
    if signature == right {
        assert_eq!(diagnosis.outcome(), DiagnosisOutcome::Right, "{names:?}\n{sent:?}\n{diagnosis}");
        return None;
    }
    let Some(finding) = diagnosis.finding() else {
        println!("{names:?} not named, {} candidates: {sent:?}", diagnosis.candidates());
        return Some(false);
    };
    let base_string = work.base_string();
    assert_eq!(
        finding.base_string(),
        String::from_utf8_lossy(&base_string),
        "{names:?}\n{sent:?}\n{diagnosis}"
    );
    assert!(finding.mistakes().len() <= made.len(), "{names:?}\n{sent:?}\n{diagnosis}");
    if let [name] = names[..] {
        let is_named = finding.mistakes() == [name] || finding.alternatives().contains(&name);
        assert!(is_named, "{name}\n{sent:?}\n{diagnosis}");
    }
    Some(true)
}

#[test]
fn names_each_random_mistake() {
    let mut random = Random(1);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..30 {
        let sent = random.request();
        for (number, (mistake, _)) in MISTAKES.iter().enumerate() {
            match check(&sent, &[number]) {
                Some(true) => *counts.entry(mistake.name()).or_default() += 1,
                Some(false) => panic!("not named"),
                None => {}
            }
        }
    }
    println!("{counts:?}");
    assert!(counts.len() >= MISTAKES.len(), "{} of {}", counts.len(), MISTAKES.len());
}

#[test]
fn names_nearly_all_random_pairs_of_mistakes() {
    let mut random = Random(2);
    let (mut named, mut all) = (0, 0);
    while all < 300 {
        let sent = random.request();
        let (one, other) = (random.below(MISTAKES.len()), random.below(MISTAKES.len()));
        if one == other {
            continue;
        }
        if let Some(is_named) = check(&sent, &[one, other]) {
            named += usize::from(is_named);
            all += 1;
        }
    }
    println!("{named} of {all} pairs are named");
    assert!(named * 100 >= all * 95, "{named} of {all}");
}
