//! Hostile responses: any size, any bytes. Time and memory are bounded, nothing panics.

use std::time::{Duration, Instant};

use http::{Request, Response, StatusCode, header};
use oauth1_signer::diagnose::Diagnosis;

use super::{base_string_of, form, get, signed_by, signer};

#[path = "../../fuzz/fuzz_targets/diagnose/case.rs"]
mod case;

/// Far more than any of these takes, also in a build without optimisation on a busy machine.
const LONG: Duration = Duration::from_secs(20);

fn request() -> Request<String> {
    signed_by(&signer(), get("https://api.example.com/items?page=2"))
}

fn within_time(request: &Request<String>, body: Vec<u8>) {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    let start = Instant::now();
    let signer = signer();
    let findings = Diagnosis::of(request).signer(&signer).examine(&response);
    let page = findings.to_string();
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
    assert!(page.len() < 16 * 1024, "{}", page.len());
}

#[test]
fn long_responses_are_read_in_bounded_time() {
    let request = request();
    let base_string = base_string_of(&request, &signer());
    let long = 10 * 1024 * 1024;
    for body in [
        vec![b'x'; long],
        vec![0xFF; long],
        base_string.repeat(long / base_string.len()).into_bytes(),
        format!("GET&https%3A%2F%2Fh%2F&{}", "a%3D1%26".repeat(long / 8)).into_bytes(),
        "a=1&".repeat(long / 4).into_bytes(),
        "&http".repeat(long / 5).into_bytes(),
        "GET&https%3A%2F%2F".repeat(long / 18).into_bytes(),
        "{\"a\":[".repeat(long / 6).into_bytes(),
        "\\".repeat(long).into_bytes(),
        format!("{{\"message\":\"{}", "\\u0026".repeat(long / 6)).into_bytes(),
        "&amp;".repeat(long / 5).into_bytes(),
        "%25".repeat(long / 3).into_bytes(),
        "{\"code\":1,".repeat(long / 10).into_bytes(),
    ] {
        within_time(&request, body);
    }
}

#[test]
fn long_requests_are_read_in_bounded_time() {
    let pairs: Vec<String> = (0..20_000).map(|n| format!("oauth_{n}=1")).collect();
    let request = signed_by(&signer(), form("https://api.example.com/items", &pairs.join("&")));
    within_time(&request, b"oauth_problem=signature_invalid".to_vec());
    // Another signature, so that changes are looked for.
    let mut request = signed_by(&signer(), form("https://api.example.com/items", &"a=1&".repeat(100_000)));
    request.body_mut().push_str("b=1");
    within_time(&request, b"oauth_problem=signature_invalid".to_vec());
}

#[test]
fn a_base_string_that_is_too_long_is_not_compared() {
    let request = request();
    let long = format!("GET&https%3A%2F%2Fh%2F&{}", "a%3D1%26".repeat(1_000_000));
    let findings = Diagnosis::of(&request).base_string(&long).examine_request();
    assert!(findings.checked().iter().any(|line| line.contains("not compared")), "{findings}");
    assert!(findings.to_string().len() < 4096);
}

#[test]
fn headers_of_any_bytes_are_read() {
    let request = request();
    for bytes in
        [&b"OAuth \xFF"[..], b"OAuth a=\"", b"OAuth error=\"x", b",,,,", b"OAuth", b"oauth oauth oauth "]
    {
        let value = header::HeaderValue::from_bytes(bytes).unwrap();
        let mut response = Response::new(Vec::new());
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        for name in [header::WWW_AUTHENTICATE, header::LOCATION, header::DATE, header::CONTENT_TYPE] {
            response.headers_mut().insert(name, value.clone());
        }
        let mut request = request.clone();
        assert!(!Diagnosis::of(&request).examine(&response).is_empty());
        request.headers_mut().insert(header::AUTHORIZATION, value);
        assert!(!Diagnosis::of(&request).examine(&response).is_empty());
    }
}

/// The function of the fuzz target, on the corpus and on random changes of it.
#[test]
fn the_corpus_and_its_mutations_are_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/diagnose");
    let mut random = Random(0x5eed);
    let mut files = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let seed = std::fs::read(file.unwrap().path()).unwrap();
        case::check(&seed);
        for _ in 0..40 {
            let mut bytes = seed.clone();
            for _ in 0..=random.below(6) {
                let at = random.below(bytes.len());
                match random.below(4) {
                    0 => bytes[at] = random.below(256).try_into().unwrap(),
                    1 => bytes.truncate(at + 1),
                    2 => bytes.insert(at, random.below(256).try_into().unwrap()),
                    _ => bytes.extend_from_within(at..),
                }
            }
            case::check(&bytes);
        }
        files += 1;
    }
    assert!(files >= 10, "{files}");
}

/// A generator that is the same each time (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}
