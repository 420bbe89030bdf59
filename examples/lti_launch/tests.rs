#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

use axum::body::{Body, to_bytes};
use clap::CommandFactory;
use http::{Request, Response, StatusCode};
use oauth1_signer::Origin;
use oauth1_signer::verify::Policy;
use tower::ServiceExt;

use crate::{LAUNCH, Options, PLATFORMS, demo, html, tool};

async fn text(response: Response<Body>) -> (StatusCode, String) {
    let status = response.status();
    let body = to_bytes(response.into_body(), 64 * 1024).await.unwrap();
    (status, String::from_utf8(body.into()).unwrap())
}

fn post(path: &str, form: String) -> Request<Body> {
    let post = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    post.body(Body::from(form)).unwrap()
}

/// The example of the IMS implementation guide for LTI 1.1, with the signature that it prints.
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
    for shown in ["Jane Q. Public", "292832126", "Instructor", "Design of Personal Environments", "12345"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert_eq!(send(FORM.to_owned()).await.0, StatusCode::UNAUTHORIZED, "a replay");
}

/// Does what a browser does: gets the platform's page, and posts its form.
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
            // The name contains markup, which the page shows as text.
            assert!(page.contains("Jane &lt;b&gt;Doe&lt;/b&gt; &amp; co"), "{page}");
        }
    }
}

/// A student tries to become a teacher with a signature that was not used yet.
///
/// The launch goes through the student's browser. The signature does not cover the place of a parameter, so
/// the student moves the signed parameters into the URL, and sends another form.
#[tokio::test]
async fn a_student_does_not_become_an_instructor() {
    let origin = "http://127.0.0.1:3000";
    let policy = Policy::new(Origin::new(origin).unwrap());
    let site = tool::router(LAUNCH, policy, PLATFORMS).unwrap().merge(demo(origin).unwrap());
    let page = Request::get("/").body(Body::empty()).unwrap();
    let (_, page) = text(site.clone().oneshot(page).await.unwrap()).await;
    let signed = html::tests::form_of(&page, &format!("{origin}{LAUNCH}"));
    let forged = signed.replace("roles=Learner", "roles=Instructor");
    assert_ne!(signed, forged);
    for content_type in [
        "application/x-www-form-urlencoded-x",
        "application/x-www-form-urlencoded, text/plain",
        "application/x-www-form-urlencoded.",
        "application/x-www-form-urlencoded charset=utf-8",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/json",
    ] {
        let post = Request::post(format!("{LAUNCH}?{signed}")).header("content-type", content_type);
        let post = post.body(Body::from(forged.clone())).unwrap();
        let (status, page) = text(site.clone().oneshot(post).await.unwrap()).await;
        assert!(!page.contains("Instructor"), "{content_type}: {page}");
        // The form is rejected. A body of another type is not read, and the student stays a student.
        if content_type.starts_with("application/x") {
            assert!(status.is_client_error(), "{content_type}: {page}");
        }
    }
}

#[test]
fn the_options_are_consistent() {
    Options::command().debug_assert();
}
