//! Each client at the second provider, `authlib_provider.py`: all legs, each method that Authlib knows, and
//! calls with the protocol parameters in each of the three places.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{Method, Request, StatusCode};
use oauth1_signer::flow::{Approval, Flow, ResponseError};
use oauth1_signer::{RequestRef, Signer, TokenCredentials};

use crate::client::{Client, Kind, Outcome};
use crate::party::Party;
use crate::provider::Endpoints;
use crate::tally::{Tally, check_leg_refused};

const METHODS: [&str; 3] = ["HMAC-SHA1", "RSA-SHA1", "PLAINTEXT"];

const CALLBACK: &str = "http://printer.example.com/ready?attempt=7";

const FORM: &str = "application/x-www-form-urlencoded";

/// Runs all cells of one client.
pub(crate) fn run(kind: Kind) -> Tally {
    let client = Client::new(kind);
    let mut tally = Tally::default();
    for method in METHODS {
        let provider = Endpoints::start_authlib();
        let row = Row { client: &client, provider: &provider, party: Party::of(method) };
        let name = |what: &str| format!("{kind}, {method}, Authlib: {what}");
        match row.legs(&row.party) {
            Ok(token) => {
                tally.accept(&name("all legs"), Ok(()));
                for place in [Place::Header, Place::Query, Place::Form] {
                    let signer = row.party.signer().token(token.clone()).build().expect("a signer");
                    tally.accept(&name(&format!("a call, {place:?}")), row.call(&signer, place));
                    let guessed = TokenCredentials::new(token.token(), "a guess");
                    // The token secret is no part of an RSA key.
                    if row.party.shares_secrets() {
                        let signer = row.party.signer().token(guessed).build().expect("a signer");
                        let outcome = row.refused_call(&signer, place);
                        tally.refuse(&name(&format!("a wrong token secret, {place:?}")), outcome);
                    }
                }
                let signer = row.party.signer().token(token).build().expect("a signer");
                tally.refuse(&name("a call once more"), row.replayed(&signer));
            }
            Err(error) => tally.accept(&name("all legs"), Err(error)),
        }
        tally.refuse(&name("an impostor"), row.refused_temporary(&Party::impostor(method)));
        tally.refuse(&name("a wrong verification code"), row.misread());
    }
    tally
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Header,
    Query,
    Form,
}

struct Row<'c> {
    client: &'c Client,
    provider: &'c Endpoints,
    party: Party,
}

impl Row<'_> {
    fn flow(&self, party: &Party) -> Flow {
        party.flow(self.provider.endpoints(), Method::POST)
    }

    fn grant(&self, flow: &Flow) -> Outcome<Approval> {
        // Authlib confirms the callback with `True`.
        let temporary = self.client.request_credentials(&flow.temporary_credentials(CALLBACK)?)??.credentials;
        let url = flow.authorization_url(&temporary)?;
        let answer = self.client.send(Request::get(url).body(Bytes::new())?)?;
        let location = answer.headers().get(LOCATION).ok_or("there is no Location")?;
        Ok(flow.callback(temporary, location.to_str()?)?)
    }

    fn legs(&self, party: &Party) -> Outcome<TokenCredentials> {
        let flow = self.flow(party);
        let grant = self.grant(&flow)?;
        Ok(self.client.request_credentials(&flow.token_credentials(&grant)?)??.credentials)
    }

    fn refused_temporary(&self, party: &Party) -> Outcome<()> {
        let leg = self.flow(party).temporary_credentials(CALLBACK)?;
        check_leg_refused(self.client.request_credentials(&leg)?)
    }

    fn misread(&self) -> Outcome<()> {
        let flow = self.flow(&self.party);
        let temporary = self.client.request_credentials(&flow.temporary_credentials(CALLBACK)?)??.credentials;
        let url = flow.authorization_url(&temporary)?;
        self.client.send(Request::get(url).body(Bytes::new())?)?;
        let leg = flow.token_credentials(&flow.pin(temporary, "a guess")?)?;
        match self.client.request_credentials(&leg)? {
            Err(ResponseError::Status { status: StatusCode::BAD_REQUEST, .. }) => Ok(()),
            other => Err(format!("not status 400: {other:?}").into()),
        }
    }

    /// A form with a query, signed and with the protocol parameters in this place.
    fn request(&self, signer: &Signer, place: Place) -> Outcome<Request<Bytes>> {
        let url = self.provider.url("/api/items?count=20&q=tea%20%26%20cake");
        let form = "status=100%25+%C3%BC&a=2&a=1";
        let proof = signer.sign(RequestRef::new("POST", &url)?.content_type(FORM).body(form.as_bytes()))?;
        let request = Request::post(&url).header(CONTENT_TYPE, FORM);
        Ok(match place {
            Place::Header => request.header("authorization", proof.to_header()).body(form.into())?,
            Place::Query => request.uri(proof.append_to_url(&url)).body(form.into())?,
            Place::Form => request.body(proof.append_to_form(form.as_bytes()).into())?,
        })
    }

    fn status(&self, request: Request<Bytes>) -> Outcome<StatusCode> {
        Ok(self.client.send(request)?.status())
    }

    fn call(&self, signer: &Signer, place: Place) -> Outcome<()> {
        expect(self.status(self.request(signer, place)?)?, StatusCode::OK)
    }

    fn refused_call(&self, signer: &Signer, place: Place) -> Outcome<()> {
        expect(self.status(self.request(signer, place)?)?, StatusCode::UNAUTHORIZED)
    }

    fn replayed(&self, signer: &Signer) -> Outcome<()> {
        let request = self.request(signer, Place::Header)?;
        expect(self.status(request.clone())?, StatusCode::OK)?;
        expect(self.status(request)?, StatusCode::UNAUTHORIZED)
    }
}

fn expect(status: StatusCode, expected: StatusCode) -> Outcome<()> {
    if status == expected { Ok(()) } else { Err(format!("the status is {status}").into()) }
}
