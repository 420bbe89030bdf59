//! The client's side: a printer that acts for Jane once she has approved.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{Request, StatusCode};
use http_body_util::Full;
use oauth1_signer::diagnose::Diagnosis;
use oauth1_signer::explain::Explanation;
use oauth1_signer::flow::{Approval, Endpoints, Flow};
use oauth1_signer::{ClientCredentials, RequestRef, Signer, TemporaryCredentials, TokenCredentials};

use crate::operator::OperatorLog;
use crate::story::{Wire, indented, step};
use crate::{CALLBACK, CLIENT_KEY, CLIENT_SECRET, Failure};

pub(crate) struct Printer {
    wire: Wire,
    flow: Flow,
    photo: String,
    authorize: String,
}

impl Printer {
    pub(crate) fn new(photos: &str) -> Result<Self, Failure> {
        let signer = Signer::builder(ClientCredentials::new(CLIENT_KEY, CLIENT_SECRET)).build()?;
        let [initiate, authorize, token] =
            ["/initiate", "/authorize", "/token"].map(|path| format!("{photos}{path}"));
        let flow = Flow::new(Endpoints::new(initiate, authorize.clone(), token), &signer)?;
        let photo = format!("{photos}/photos?file=vacation.jpg&size=original");
        Ok(Self { wire: Wire::new(), flow, photo, authorize })
    }

    pub(crate) async fn ask_for_a_request_token(&self) -> Result<TemporaryCredentials, Failure> {
        step("1  The printer asks for a request token (RFC 5849: temporary credentials), §2.1");
        let leg = self.flow.temporary_credentials(CALLBACK)?;
        let (request, explanation) = leg.explain()?;
        let request = request.map(|form| Full::new(Bytes::from(form)));
        let response = self.wire.send(request, Some(&explanation), StatusCode::OK).await?;
        Ok(leg.parse_response(&response)?.credentials)
    }

    pub(crate) async fn send_jane_to_the_provider(
        &self,
        pending: TemporaryCredentials,
    ) -> Result<Approval, Failure> {
        step("2  Jane decides in her browser, §2.2");
        let page = self.flow.authorization_url(&pending)?;
        println!("  The printer sends her to this page. Nothing here is signed.\n");
        self.wire.send(Request::get(page).body(Full::default())?, None, StatusCode::OK).await?;
        println!("  She approves. The provider sends her browser back to the printer.\n");
        let yes = Request::post(&self.authorize)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(format!("oauth_token={}", pending.token())))?;
        let response = self.wire.send(yes, None, StatusCode::SEE_OTHER).await?;
        let returned = response.headers().get(LOCATION).ok_or("no way back to the printer")?;
        Ok(self.flow.callback(pending, returned.to_str()?)?)
    }

    pub(crate) async fn exchange(&self, approval: &Approval) -> Result<Signer, Failure> {
        step("3  The printer exchanges it for an access token (RFC 5849: token credentials), §2.3");
        let leg = self.flow.token_credentials(approval)?;
        let (request, explanation) = leg.explain()?;
        let request = request.map(|form| Full::new(Bytes::from(form)));
        let response = self.wire.send(request, Some(&explanation), StatusCode::OK).await?;
        Ok(self.flow.signer(leg.parse_response(&response)?.credentials)?)
    }

    pub(crate) async fn call(&self, signer: &Signer) -> Result<(), Failure> {
        step("4  Signed calls, §3");
        let (request, explanation) = self.signed(signer)?;
        self.wire.send(request, Some(&explanation), StatusCode::OK).await?;
        println!("  The same call with all parameters in the query, for a client that sets no header.\n");
        let in_query = signer.sign(&self.unsigned()?)?.append_to_url(&self.photo);
        self.wire.send(Request::get(in_query).body(Full::default())?, None, StatusCode::OK).await?;
        Ok(())
    }

    pub(crate) async fn calls_that_are_rejected(
        &self,
        signer: &Signer,
        log: &OperatorLog,
    ) -> Result<(), Failure> {
        step("5  Calls that are rejected. The client learns nothing more; the operator's log has the reason");
        println!("  A request that is sent twice.\n");
        let (request, _) = self.signed(signer)?;
        self.wire.send_silently(request.clone()).await?;
        self.wire.send(request, None, StatusCode::UNAUTHORIZED).await?;
        log.print_last(None)?;

        println!("  A request that somebody altered on the way.\n");
        let (original, explanation) = self.signed(signer)?;
        let mut altered = Request::get(self.photo.replace("original", "huge")).body(Full::default())?;
        altered
            .headers_mut()
            .extend(original.headers().get(AUTHORIZATION).cloned().map(|value| (AUTHORIZATION, value)));
        self.wire.send(altered, None, StatusCode::UNAUTHORIZED).await?;
        log.print_last(Some(&explanation))?;

        println!("  A request of a client that the provider does not know.\n");
        let stranger = Signer::builder(ClientCredentials::new("somebody-else", "a guess"))
            .token(TokenCredentials::new("a token", "another guess"))
            .build()?;
        let (forged, _) = self.signed(&stranger)?;
        self.wire.send(forged, None, StatusCode::UNAUTHORIZED).await?;
        log.print_last(None)
    }

    /// Makes a mistake, and lets each side look for it.
    pub(crate) async fn a_mistake(&self, signer: &Signer, log: &OperatorLog) -> Result<(), Failure> {
        step("6  A mistake: the printer signs for https and sends by http. Each side looks for it");
        let mut request = self.unsigned()?;
        let secure = self.photo.replacen("http:", "https:", 1);
        let header = signer.sign(RequestRef::new("GET", &*secure)?)?.to_header();
        request.headers_mut().insert(AUTHORIZATION, header);
        let response = self.wire.send(request.clone(), None, StatusCode::UNAUTHORIZED).await?;
        println!("  The printer has the request that it sent, and the response.\n");
        let findings = Diagnosis::of(&request).signer(signer).examine(&response);
        println!("{}\n", indented(&findings.to_string()));
        log.print_last_diagnosis()
    }

    fn unsigned(&self) -> Result<Request<Full<Bytes>>, Failure> {
        Ok(Request::get(&self.photo).body(Full::default())?)
    }

    /// Returns the call, signed now, and the explanation of its signature.
    fn signed(&self, signer: &Signer) -> Result<(Request<Full<Bytes>>, Explanation), Failure> {
        let mut request = self.unsigned()?;
        let (authorization, explanation) = signer.explain(&request)?;
        request.headers_mut().insert(AUTHORIZATION, authorization.to_header());
        Ok((request, explanation))
    }
}
