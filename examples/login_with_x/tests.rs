//! A login from end to end, with a provider on this machine.

use axum::http::header::{AUTHORIZATION, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;

use super::*;

async fn request_token() -> &'static str {
    "oauth_token=pending&oauth_token_secret=secret&oauth_callback_confirmed=true"
}

async fn access_token(headers: HeaderMap) -> Result<&'static str, StatusCode> {
    let header = headers[AUTHORIZATION].to_str().unwrap_or_default();
    let is_right = header.contains("oauth_token=\"pending\"") && header.contains("oauth_verifier=\"1234\"");
    if is_right {
        Ok("oauth_token=t&oauth_token_secret=s&screen_name=jane")
    } else {
        Err(StatusCode::UNAUTHORIZED)
    }
}

async fn serve(router: Router) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(origin)
}

#[tokio::test]
async fn jane_logs_in_and_no_forged_callback_stops_her() -> Result<(), Box<dyn Error>> {
    let provider = Router::new()
        .route("/oauth/request_token", post(request_token))
        .route("/oauth/access_token", post(access_token));
    let api = serve(provider).await?;
    let credentials = ClientCredentials::new("ck", "cs");
    let site = serve(app(&api, credentials, "http://127.0.0.1:3000/callback".to_owned())?).await?;

    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let login = browser.get(format!("{site}/login")).send().await?;
    assert_eq!(login.headers()[LOCATION], format!("{api}/oauth/authenticate?oauth_token=pending"));
    let cookie = login.headers()[SET_COOKIE].to_str()?.split(';').next().unwrap_or_default().to_owned();

    let visit = |query: &str, cookie: &str| {
        browser.get(format!("{site}/callback?{query}")).header(COOKIE, cookie).send()
    };
    let approved = "oauth_token=pending&oauth_verifier=1234";
    assert_eq!(visit(approved, "session=other").await?.status(), 400);
    assert_eq!(visit("denied=other", &cookie).await?.status(), 403);
    assert_eq!(visit("oauth_token=other&oauth_verifier=1234", &cookie).await?.status(), 403);
    assert_eq!(visit(approved, &cookie).await?.text().await?, "hello, jane");
    assert_eq!(visit(approved, &cookie).await?.status(), 400, "a callback counts once");

    let login = browser.get(format!("{site}/login")).send().await?;
    let cookie = login.headers()[SET_COOKIE].to_str()?.split(';').next().unwrap_or_default().to_owned();
    assert_eq!(visit("denied=pending", &cookie).await?.status(), 403);
    assert_eq!(visit(approved, &cookie).await?.status(), 400, "the login is over");
    Ok(())
}
