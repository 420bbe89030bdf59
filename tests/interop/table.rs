//! One client with every method and every request: what the provider is to accept, and what to refuse.

use std::fmt;

use bytes::Bytes;
use http::header::LOCATION;
use http::{Method, Request, StatusCode};
use oauth1_signer::flow::{Approval, CallbackError, Flow};
use oauth1_signer::{
    BodyHashPolicy, Signer, SignerBuilder, TemporaryCredentials, TokenCredentials, server_time,
};

use crate::client::{Answer, Client, Kind, Outcome};
use crate::forgery::{Forgery, UNREAD, forgeries};
use crate::party::{METHODS, Party};
use crate::provider::Endpoints;
use crate::sample::{Sample, samples};
use crate::tally::{Expected, Nonces, Tally, check_leg_refused, check_refused};

/// It has a query of its own, which stays as it is.
const CALLBACK: &str = "http://printer.example.com/ready?attempt=7&caf%C3%A9=a%20b%2B";

/// Runs all cells of one client.
pub(crate) fn run(kind: Kind) -> Tally {
    let client = Client::new(kind);
    let mut nonces = Nonces::default();
    let mut tally = Tally::default();
    for method in METHODS {
        // One each: they do not serve for long.
        let provider = Endpoints::start();
        let (party, impostor) = (Party::of(method), Party::impostor(method));
        let column = Column { kind, client: &client, provider: &provider, method, party, impostor };
        let token = column.legs(&mut tally);
        column.refused_legs(&mut tally);
        // Where there is none, the legs have failed.
        if let Some(token) = token {
            column.calls(&token, &mut nonces, &mut tally);
            column.settings(&token, &mut nonces, &mut tally);
            column.clock(&token, &mut nonces, &mut tally);
            column.refused_calls(&token, &mut tally);
            column.forgeries(&token, &mut nonces, &mut tally);
        }
    }
    tally
}

/// A client and a signature method.
struct Column<'c> {
    kind: Kind,
    client: &'c Client,
    provider: &'c Endpoints,
    method: &'static str,
    party: Party,
    /// One that goes by the same name, and lacks the secret.
    impostor: Party,
}

/// How the user comes back.
#[derive(Clone, Copy, Debug)]
enum Way {
    Callback,
    Pin,
}

impl Column<'_> {
    fn name(&self, request: impl fmt::Display) -> String {
        format!("{}, {}, {request}", self.kind, self.method)
    }

    fn flow(&self, party: &Party, method: Method) -> Flow {
        party.flow(self.provider.endpoints(), method)
    }

    // --- the legs ---

    /// All three, with both methods and on both ways. Gives the last token.
    fn legs(&self, tally: &mut Tally) -> Option<TokenCredentials> {
        let mut token = None;
        for method in [Method::POST, Method::GET] {
            for way in [Way::Callback, Way::Pin] {
                let flow = self.flow(&self.party, method.clone());
                let name = self.name(format_args!("legs by {method} and {way:?}"));
                let grant = self.grant(&flow, way);
                let exchanged = match &grant {
                    Ok(grant) => self.exchange(&flow, grant),
                    Err(_) => Err("there is no grant".into()),
                };
                tally.accept(&format_args!("{name}: temporary credentials"), grant.map(drop));
                match exchanged {
                    Ok(credentials) => {
                        token = Some(credentials);
                        tally.accept(&format_args!("{name}: token credentials"), Ok(()));
                    }
                    Err(error) => tally.accept(&format_args!("{name}: token credentials"), Err(error)),
                }
            }
        }
        token
    }

    fn temporary(&self, flow: &Flow, way: Way) -> Outcome<TemporaryCredentials> {
        let callback = match way {
            Way::Callback => CALLBACK,
            Way::Pin => "oob",
        };
        let issued = self.client.request_credentials(&flow.temporary_credentials(callback)?)??;
        match issued.fields.iter().next() {
            None => Ok(issued.credentials),
            Some((name, _)) => Err(format!("a field that is not expected: {name}").into()),
        }
    }

    /// The first two legs.
    fn grant(&self, flow: &Flow, way: Way) -> Outcome<Approval> {
        let temporary = self.temporary(flow, way)?;
        let answer = self.visit(&flow.authorization_url(&temporary)?)?;
        match way {
            Way::Callback => Ok(flow.callback(temporary, location(&answer)?)?),
            Way::Pin => Ok(flow.pin(temporary, std::str::from_utf8(answer.body())?)?),
        }
    }

    /// What the user's browser does.
    fn visit(&self, url: &str) -> Outcome<Answer> {
        self.client.send(Request::get(url).body(Bytes::new())?)
    }

    /// The third leg.
    fn exchange(&self, flow: &Flow, grant: &Approval) -> Outcome<TokenCredentials> {
        let issued = self.client.request_credentials(&flow.token_credentials(grant)?)??;
        let mut fields: Vec<_> = issued.fields.iter().collect();
        fields.sort_unstable();
        let expected = [("oauth_authorized_realms", ""), ("screen_name", "jane & co"), ("user_id", "7")];
        if fields == expected {
            Ok(issued.credentials)
        } else {
            Err(format!("the fields are {fields:?}").into())
        }
    }

    fn refused_legs(&self, tally: &mut Tally) {
        for method in [Method::POST, Method::GET] {
            let flow = self.flow(&self.party, method.clone());
            let name = |what| self.name(format_args!("legs by {method}: {what}"));

            let impostor = self.flow(&self.impostor, method.clone());
            let outcome = self.refused_temporary(&impostor);
            tally.refuse(&name("temporary credentials for an impostor"), outcome);

            for (what, outcome) in [
                ("a denied authorization", self.denied(&flow)),
                ("a grant before the user has decided", self.undecided(&flow)),
                ("a wrong verification code", self.misread(&flow)),
                ("another client's grant", self.stolen(&flow, &Party::other(), &method)),
                ("an impostor's grant", self.stolen(&flow, &self.impostor, &method)),
                ("temporary credentials used twice", self.exchanged_twice(&flow)),
            ] {
                tally.refuse(&name(what), outcome);
            }
            if self.party.shares_secrets() {
                tally.refuse(&name("a wrong temporary secret"), self.guessed_secret(&flow));
            }
        }
    }

    fn refused_temporary(&self, flow: &Flow) -> Outcome<()> {
        check_leg_refused(self.client.request_credentials(&flow.temporary_credentials(CALLBACK)?)?)
    }

    fn refused_exchange(&self, flow: &Flow, grant: &Approval) -> Outcome<()> {
        check_leg_refused(self.client.request_credentials(&flow.token_credentials(grant)?)?)
    }

    /// The user says no, which the callback tells; nor is there anything to exchange then.
    fn denied(&self, flow: &Flow) -> Outcome<()> {
        let temporary = self.temporary(flow, Way::Callback)?;
        let answer = self.visit(&flow.authorization_url_with(&temporary, &[("decision", "deny")])?)?;
        let Err(refused) = flow.callback(temporary, location(&answer)?) else {
            return Err("the callback was taken".into());
        };
        if *refused.reason() != CallbackError::Denied {
            return Err(refused.into());
        }
        self.refused_exchange(flow, &flow.pin(refused.into_credentials(), "a guess")?)
    }

    fn undecided(&self, flow: &Flow) -> Outcome<()> {
        let temporary = self.temporary(flow, Way::Pin)?;
        self.refused_exchange(flow, &flow.pin(temporary, "a guess")?)
    }

    fn misread(&self, flow: &Flow) -> Outcome<()> {
        let temporary = self.temporary(flow, Way::Pin)?;
        let answer = self.visit(&flow.authorization_url(&temporary)?)?;
        let pin = std::str::from_utf8(answer.body())?;
        let stored = (temporary.token().to_owned(), temporary.expose_secret().to_owned());
        self.refused_exchange(flow, &flow.pin(temporary, &pin[1..])?)?;
        // A slip of the pen does not spend them.
        let again = TemporaryCredentials::new(stored.0, stored.1);
        self.exchange(flow, &flow.pin(again, pin)?).map(drop)
    }

    /// A third party has the grant, and cannot sign as its client; that one still can.
    fn stolen(&self, flow: &Flow, third_party: &Party, method: &Method) -> Outcome<()> {
        let grant = self.grant(flow, Way::Callback)?;
        self.refused_exchange(&self.flow(third_party, method.clone()), &grant)?;
        self.exchange(flow, &grant).map(drop)
    }

    fn exchanged_twice(&self, flow: &Flow) -> Outcome<()> {
        let grant = self.grant(flow, Way::Callback)?;
        self.exchange(flow, &grant)?;
        self.refused_exchange(flow, &grant)
    }

    fn guessed_secret(&self, flow: &Flow) -> Outcome<()> {
        let temporary = self.temporary(flow, Way::Pin)?;
        let answer = self.visit(&flow.authorization_url(&temporary)?)?;
        let guess = TemporaryCredentials::new(temporary.token(), "a guess");
        self.refused_exchange(flow, &flow.pin(guess, std::str::from_utf8(answer.body())?)?)
    }

    // --- the calls ---

    fn base(&self, token: Option<&TokenCredentials>) -> String {
        self.provider.url(if token.is_some() { "/api" } else { "/two-legged" })
    }

    fn signer(&self, token: Option<&TokenCredentials>) -> SignerBuilder {
        match token {
            Some(token) => self.party.signer().token(token.clone()),
            None => self.party.signer(),
        }
    }

    fn calls(&self, token: &TokenCredentials, nonces: &mut Nonces, tally: &mut Tally) {
        for token in [Some(token), None] {
            let legs = if token.is_some() { "three legs" } else { "two legs" };
            for sample in samples() {
                let signer = self.signer(token).body_hash(sample.hash);
                let outcome = self.call(signer, token, &sample, nonces);
                tally.accept(&self.name(format_args!("{legs}: {}", sample.name)), outcome);
            }
        }
    }

    fn call(
        &self,
        signer: SignerBuilder,
        token: Option<&TokenCredentials>,
        sample: &Sample,
        nonces: &mut Nonces,
    ) -> Outcome<()> {
        let request = sample.request(&self.base(token))?;
        let answer = self.client.call(&signer.build()?, request.clone())?;
        self.check(&answer, token.map(TokenCredentials::token), &request, nonces)
    }

    fn check(
        &self,
        answer: &Answer,
        token: Option<&str>,
        request: &Request<Bytes>,
        nonces: &mut Nonces,
    ) -> Outcome<()> {
        let expected = Expected {
            client: self.party.key(),
            token,
            method: request.method().as_str(),
            target: &self.client.original_uri(request.uri())?,
            body: Some(request.body()),
        };
        nonces.check(answer, &expected)
    }

    /// What a signer may send more, or less.
    fn settings(&self, token: &TokenCredentials, nonces: &mut Nonces, tally: &mut Tally) {
        let sample = Sample::form("", "/items?a=1", "b=2");
        let signer = || self.signer(Some(token));
        for (name, signer) in [
            ("no version", signer().version(false)),
            ("a realm", signer().realm("Photos, \"private\" \\ and public")),
            ("a parameter more", signer().parameter("oauth_session_handle", "h & m/+=")),
        ] {
            tally.accept(&self.name(name), self.call(signer, Some(token), &sample, nonces));
        }
        let outcome = self.empty_token(&sample, nonces);
        tally.accept(&self.name("an empty token"), outcome);
    }

    fn empty_token(&self, sample: &Sample, nonces: &mut Nonces) -> Outcome<()> {
        let request = sample.request(&self.base(None))?;
        let answer = self.client.call(&self.signer(None).send_empty_token(true).build()?, request.clone())?;
        self.check(&answer, Some(""), &request, nonces)
    }

    /// A clock that is off, and is set by what the refusal tells.
    fn clock(&self, token: &TokenCredentials, nonces: &mut Nonces, tally: &mut Tally) {
        let sample = Sample::get("", "/items");
        let off = self.signer(Some(token)).clock_offset(-3600);
        let mut offset = Err("there is no refusal".into());
        let outcome = self.refused_call(off, &sample, UNREAD).and_then(|answer| {
            let time = server_time(answer.headers(), answer.body()).ok_or("it does not tell the time")?;
            offset = Ok(self.signer(None).build()?.clock_offset_to(time)?);
            Ok(())
        });
        tally.refuse(&self.name("a clock that is off"), outcome);
        let outcome = offset.and_then(|offset| {
            let set = self.signer(Some(token)).clock_offset(offset);
            self.call(set, Some(token), &sample, nonces)
        });
        tally.accept(&self.name("a clock that is set"), outcome);
    }

    fn refused_calls(&self, token: &TokenCredentials, tally: &mut Tally) {
        let guessed = TokenCredentials::new(token.token(), "a guess");
        let unknown = TokenCredentials::new("unknown", token.expose_secret());
        // The token secret is no part of an RSA key.
        let unknown_reason =
            if self.party.shares_secrets() { "resource_owner, signature" } else { "resource_owner" };
        let (party, impostor, other) = (|| self.party.signer(), || self.impostor.signer(), Party::other());
        let mut signers = vec![
            ("an impostor", impostor().token(token.clone()), "signature"),
            ("another client's token", other.signer().token(token.clone()), "resource_owner, signature"),
            ("an unknown token", party().token(unknown), unknown_reason),
            ("no token", party(), UNREAD),
        ];
        if self.party.shares_secrets() {
            signers.push(("a wrong token secret", party().token(guessed), "signature"));
        }
        for (name, signer, reason) in signers {
            for sample in [Sample::get("GET", "/items?a=1"), Sample::form("a form", "/items", "a=1")] {
                let outcome = self.refused_call(signer.clone(), &sample, reason).map(drop);
                tally.refuse(&self.name(format_args!("{name}: {}", sample.name)), outcome);
            }
        }
        let outcome = self.two_legged_impostor();
        tally.refuse(&self.name("two legs: an impostor"), outcome);
    }

    fn refused_call(&self, signer: SignerBuilder, sample: &Sample, reason: &str) -> Outcome<Answer> {
        let request = sample.request(&self.provider.url("/api"))?;
        let answer = self.client.call(&signer.build()?, request)?;
        check_refused(&answer, reason).map(|()| answer)
    }

    fn two_legged_impostor(&self) -> Outcome<()> {
        let request = Sample::get("", "/items?a=1").request(&self.base(None))?;
        check_refused(&self.client.call(&self.impostor.signer().build()?, request)?, "signature")
    }

    // --- what is changed on the way ---

    /// Each request is changed on its way, and refused; comes as it was signed, and is accepted; and comes
    /// once more, and is refused.
    fn forgeries(&self, token: &TokenCredentials, nonces: &mut Nonces, tally: &mut Tally) {
        let signer = self.signer(Some(token)).body_hash(BodyHashPolicy::NotForms).build().expect("a signer");
        for forgery in forgeries() {
            let Some(reason) = forgery.reason(self.party.signs()) else { continue };
            let name = self.name(forgery.name);
            match self.original(&signer, &forgery) {
                Err(error) => tally.refuse(&name, Err(error)),
                Ok(original) => {
                    let outcome = forgery.of(&original).and_then(|forged| self.refused(forged, reason));
                    tally.refuse(&name, outcome);
                    let outcome = self
                        .client
                        .send(original.clone())
                        .and_then(|answer| self.check(&answer, Some(token.token()), &original, nonces));
                    tally.accept(&format_args!("{name}, undone"), outcome);
                    let outcome = self.refused(original, "nonce");
                    tally.refuse(&format_args!("{name}, undone, replayed"), outcome);
                }
            }
        }
    }

    fn original(&self, signer: &Signer, forgery: &Forgery) -> Outcome<Request<Bytes>> {
        self.client.sign(signer, forgery.sample.request(&self.provider.url("/api"))?)
    }

    fn refused(&self, request: Request<Bytes>, reason: &str) -> Outcome<()> {
        check_refused(&self.client.send(request)?, reason)
    }
}

fn location(answer: &Answer) -> Outcome<&str> {
    let location = answer.headers().get(LOCATION).ok_or("there is no Location")?;
    if answer.status() == StatusCode::FOUND {
        Ok(location.to_str()?)
    } else {
        Err("it is no redirect".into())
    }
}
