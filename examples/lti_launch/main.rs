//! A tool that is launched by LTI 1.1: a learning platform has the user's browser post a signed form to it.
//!
//! ```sh
//! cargo run --example lti_launch --features tower -- --demo
//! ```
//!
//! With `--demo` it has a pretend platform too, at `/`: open that in a browser.

mod html;
mod launch;
mod platform;
mod tool;

use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use clap::Parser;
use oauth1_signer::Origin;
use oauth1_signer::verify::Policy;
use tokio::net::TcpListener;

/// Where platforms post to.
const LAUNCH: &str = "/launch";

/// Platforms that may launch the tool: key (`oauth_consumer_key`) and secret, as agreed with each.
const PLATFORMS: [(&str, &str); 2] = [("12345", "secret"), ("school.example.edu", "another secret")];

/// Serve a tool that is launched by LTI 1.1
#[derive(Parser)]
#[command(name = "lti_launch")]
struct Options {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,

    /// What platforms call it by, where a proxy stands before it: scheme, host and port
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,

    /// Play the platform as well, at /
    #[arg(long)]
    demo: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let listener = TcpListener::bind(options.listen).await?;
    let origin = match options.origin {
        Some(origin) => origin,
        None => format!("http://{}", listener.local_addr()?),
    };
    println!("platforms launch the tool by {origin}{LAUNCH}");
    let mut site = tool::router(LAUNCH, Policy::new(Origin::new(&origin)?), PLATFORMS)?;
    if options.demo {
        println!("open {origin}/ in a browser; {origin}/tampered is a launch that the user has changed");
        site = site.merge(demo(&origin)?);
    }
    axum::serve(listener, site).await?;
    Ok(())
}

fn demo(origin: &str) -> Result<Router, Box<dyn Error>> {
    let platform = platform::Platform::new(PLATFORMS[0], format!("{origin}{LAUNCH}"))?;
    Ok(Router::new()
        .route("/", get(platform::launch))
        .route("/tampered", get(platform::launch_tampered))
        .with_state(platform))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

    use axum::body::{Body, to_bytes};
    use clap::CommandFactory;
    use http::{Request, Response, StatusCode};
    use tower::ServiceExt;

    use super::*;

    async fn text(response: Response<Body>) -> (StatusCode, String) {
        let status = response.status();
        let body = to_bytes(response.into_body(), 64 * 1024).await.unwrap();
        (status, String::from_utf8(body.into()).unwrap())
    }

    fn post(path: &str, form: String) -> Request<Body> {
        let post = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        post.body(Body::from(form)).unwrap()
    }

    /// The example of IMS's implementation guide for LTI 1.1, with the signature that it prints.
    #[tokio::test]
    async fn the_launch_of_the_implementation_guide_is_served_once() {
        const FORM: &str = "resource_link_id=120988f929-274612&user_id=292832126&roles=Instructor\
            &lis_person_name_full=Jane+Q.+Public&lis_person_contact_email_primary=user%40school.edu\
            &lis_person_sourced_id=school.edu%3Auser&context_id=456434513\
            &context_title=Design+of+Personal+Environments&context_label=SI182&lti_version=LTI-1p0\
            &lti_message_type=basic-lti-launch-request&tool_consumer_instance_guid=lmsng.school.edu\
            &tool_consumer_instance_description=University+of+School+%28LMSng%29\
            &basiclti_submit=Launch+Endpoint+with+BasicLTI+Data\
            &oauth_consumer_key=12345&oauth_nonce=c8350c0e47782d16d2fa48b2090c1d8f\
            &oauth_signature_method=HMAC-SHA1&oauth_timestamp=1251600739&oauth_version=1.0\
            &oauth_signature=TPFPK4u3NwmtLt0nDMP1G1zG30U%3D";
        let policy = Policy::new(Origin::new("http://dr-chuck.com").unwrap()).clock(|| Ok(1_251_600_739));
        let path = "/ims/php-simple/tool.php";
        let tool = tool::router(path, policy, PLATFORMS).unwrap();
        let send = async |form: String| text(tool.clone().oneshot(post(path, form)).await.unwrap()).await;

        let tampered = FORM.replace("roles=Instructor", "roles=Administrator");
        assert_eq!(send(tampered).await.0, StatusCode::UNAUTHORIZED);
        let (status, page) = send(FORM.to_owned()).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        for shown in ["Jane Q. Public", "292832126", "Instructor", "Design of Personal Environments", "12345"]
        {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert_eq!(send(FORM.to_owned()).await.0, StatusCode::UNAUTHORIZED, "a replay");
    }

    /// As a browser does: it gets the platform's page, and posts its form.
    #[tokio::test]
    async fn the_pretend_platform_launches_the_tool() {
        let origin = "http://127.0.0.1:3000";
        let policy = Policy::new(Origin::new(origin).unwrap());
        let site = tool::router(LAUNCH, policy, PLATFORMS).unwrap().merge(demo(origin).unwrap());
        for (path, expected) in [("/", StatusCode::OK), ("/tampered", StatusCode::UNAUTHORIZED)] {
            let page = Request::get(path).body(Body::empty()).unwrap();
            let (_, page) = text(site.clone().oneshot(page).await.unwrap()).await;
            let form = html::tests::form_of(&page, &format!("{origin}{LAUNCH}"));
            assert!(form.contains("oauth_callback=about%3Ablank"), "{form}");
            let (status, page) = text(site.clone().oneshot(post(LAUNCH, form)).await.unwrap()).await;
            assert_eq!(status, expected, "{page}");
            if expected == StatusCode::OK {
                // The name has markup in it, which is shown and not obeyed.
                assert!(page.contains("Jane &lt;b&gt;Doe&lt;/b&gt; &amp; co"), "{page}");
            }
        }
    }

    #[test]
    fn the_options_fit_together() {
        Options::command().debug_assert();
    }
}
