//! The cost of verifying, against the bare MAC over the same base string, in the same group of the same
//! run. There are two floors: the MAC with its key ready, and the MAC with its key made from both
//! secrets, which a server cannot spare: the next request is from somebody else.
//!
//! There is no peer in it. The one crate that verifies at all (`oauth-client`) takes neither forms nor
//! escaped names, decodes nothing and compares with `==`.

#![allow(missing_docs, clippy::unwrap_used)]

mod hostile;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use http::header::{AUTHORIZATION, HeaderValue};
use oauth1_signer::verify::{ClientRecord, IncomingRequest, MemoryNonceLog, Policy, TokenRecord};
use oauth1_signer::{ClientCredentials, Origin, Signer, TokenCredentials, percent_encode};
use sha1::Sha1;

// X's documented example ("Creating a signature").
const CLIENT: (&str, &str) = ("xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw");
const TOKEN: (&str, &str) =
    ("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE");
const FORM: &str = "application/x-www-form-urlencoded";

/// Where the protocol parameters go.
#[derive(Clone, Copy)]
enum Way {
    Header,
    Form,
}

struct Contest {
    signer: Signer,
    /// Absolute: as the client has it.
    request: Request<String>,
    way: Way,
    policy: Policy,
    client: ClientRecord,
    token: Option<TokenRecord>,
}

impl Contest {
    fn new(request: Request<String>, way: Way, token: Option<(&str, &str)>) -> Self {
        let credentials = ClientCredentials::new(CLIENT.0, CLIENT.1);
        let mut builder = Signer::builder(credentials.clone());
        if let Some((token, secret)) = token {
            builder = builder.token(TokenCredentials::new(token, secret));
        }
        Self {
            signer: builder.build().unwrap(),
            policy: Policy::new(Origin::of_url(request.uri()).unwrap()).require_token(token.is_some()),
            request,
            way,
            client: ClientRecord::new(credentials).unwrap(),
            token: token
                .map(|(token, secret)| TokenRecord::new(TokenCredentials::new(token, secret), CLIENT.0)),
        }
    }

    /// As the server gets it, signed anew.
    fn arrive(&self) -> Request<String> {
        let signed = self.signer.sign(&self.request).unwrap();
        let (mut head, mut body) = self.request.clone().into_parts();
        let host = head.uri.authority().unwrap().to_string();
        head.headers.insert("host", HeaderValue::try_from(host).unwrap());
        head.uri = head.uri.path_and_query().unwrap().as_str().parse().unwrap();
        match self.way {
            Way::Header => drop(head.headers.insert(AUTHORIZATION, signed.to_header())),
            Way::Form => body = String::from_utf8(signed.append_to_form(body.as_bytes())).unwrap(),
        }
        Request::from_parts(head, body)
    }

    fn run(&self, c: &mut Criterion, name: &str) {
        let arrived = self.arrive();
        let received = || IncomingRequest::from(&arrived).body(arrived.body().as_bytes());
        let base_string = self.policy.read(received()).unwrap().explanation().base_string().to_owned();
        let token_secret = self.token.as_ref().map_or("", |_| TOKEN.1);
        let key = || Hmac::<Sha1>::new_from_slice(format!("{}&{token_secret}", CLIENT.1).as_bytes()).unwrap();
        let ready = key();
        let digest = |mut mac: Hmac<Sha1>| {
            mac.update(black_box(base_string.as_bytes()));
            mac.finalize()
        };
        let log = MemoryNonceLog::builder()
            .max_entries(1 << 26)
            .max_entries_per_client(1 << 26)
            .max_entries_per_token(1 << 26)
            .build()
            .unwrap();

        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(base_string.len() as u64));
        group.bench_function("floor", |b| b.iter(|| digest(ready.clone())));
        group.bench_function("floor + key", |b| b.iter(|| digest(key())));
        group.bench_function("read", |b| b.iter(|| drop(self.policy.read(black_box(received())).unwrap())));
        group.bench_function("read + prove", |b| {
            b.iter(|| {
                let claim = self.policy.read(black_box(received())).unwrap();
                drop(claim.prove(Some(&self.client), self.token.as_ref()).unwrap());
            });
        });
        group.bench_function("read + prove + admit", |b| {
            // Each time another nonce: what is admitted twice is refused.
            b.iter_batched_ref(
                || self.arrive(),
                |arrived| {
                    let received = IncomingRequest::from(&*arrived).body(arrived.body().as_bytes());
                    let claim = self.policy.read(black_box(received)).unwrap();
                    let proof = claim.prove(Some(&self.client), self.token.as_ref()).unwrap();
                    now(proof.admit(&log)).unwrap()
                },
                BatchSize::SmallInput,
            );
        });
        group.finish();
    }
}

fn typical_get(c: &mut Criterion) {
    let url = "https://api.twitter.com/1.1/statuses/user_timeline.json?count=20&screen_name=twitterapi";
    let request = Request::get(url).body(String::new()).unwrap();
    Contest::new(request, Way::Header, Some(TOKEN)).run(c, "verify: GET, two query parameters");
}

fn form_post(c: &mut Criterion) {
    let request = Request::post("https://api.twitter.com/1.1/statuses/update.json?include_entities=true")
        .header("content-type", FORM)
        .body("status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21".to_owned())
        .unwrap();
    Contest::new(request, Way::Header, Some(TOKEN)).run(c, "verify: POST, X's form example");
}

/// The launch of a learning tool: no token, many parameters, and the protocol's among them.
fn launch(c: &mut Criterion) {
    Contest::new(launch_request(), Way::Form, None).run(c, "verify: POST, a launch with 30 parameters");
}

fn launch_request() -> Request<String> {
    let pairs = [
        ("lti_message_type", "basic-lti-launch-request"),
        ("lti_version", "LTI-1p0"),
        ("resource_link_id", "120988f929-274612"),
        ("resource_link_title", "Weekly blog: what you have read"),
        ("resource_link_description", "A weekly blog."),
        ("user_id", "292832126"),
        ("roles", "Instructor,urn:lti:instrole:ims/lis/Administrator"),
        ("lis_person_name_given", "Jane"),
        ("lis_person_name_family", "Public-Müller"),
        ("lis_person_name_full", "Jane Q. Public-Müller"),
        ("lis_person_contact_email_primary", "user@school.example"),
        ("lis_person_sourcedid", "school.example:user"),
        ("lis_result_sourcedid", "feb-123-456-2929::28883"),
        ("lis_outcome_service_url", "https://school.example/mod/lti/service.php"),
        ("context_id", "456434513"),
        ("context_type", "CourseSection"),
        ("context_title", "Design of Personal Environments"),
        ("context_label", "SI182"),
        ("launch_presentation_locale", "en-GB"),
        ("launch_presentation_document_target", "frame"),
        ("launch_presentation_width", "320"),
        ("launch_presentation_height", "240"),
        ("launch_presentation_return_url", "https://school.example/mod/lti/return.php?course=3&launch=4"),
        ("tool_consumer_info_product_family_code", "moodle"),
        ("tool_consumer_info_version", "2024042200"),
        ("tool_consumer_instance_guid", "school.example"),
        ("tool_consumer_instance_name", "A School"),
        ("tool_consumer_instance_description", "A School of Some Size"),
        ("ext_user_username", "jane"),
        ("custom_chapter", "12"),
    ];
    let form: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", percent_encode(value).replace("%20", "+")))
        .collect();
    Request::post("https://tool.example.com/lti/launch")
        .header("content-type", FORM)
        .body(form.join("&"))
        .unwrap()
}

/// Returns the output of a future that never waits.
fn now<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => unreachable!("it is ready at once"),
    }
}

criterion_group!(benches, typical_get, form_post, launch, hostile::forms);
criterion_main!(benches);
