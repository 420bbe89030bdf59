//! The story ends as it should, and prints what is sent.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::story::{headers, without_secret, wrapped_base_string};

#[tokio::test]
async fn the_story_ends_well() {
    super::run().await.expect("each step ends as it should");
}

#[test]
fn each_parameter_of_the_header_has_a_line() {
    let mut map = HeaderMap::new();
    map.insert(AUTHORIZATION, r#"OAuth oauth_consumer_key="a", oauth_nonce="b""#.parse().expect("a header"));
    let expected = "    authorization: OAuth\n        oauth_consumer_key=\"a\",\n        oauth_nonce=\"b\"\n";
    assert_eq!(headers(&map), expected);
}

#[test]
fn a_wrapped_base_string_loses_nothing() {
    let base_string = "GET&http%3A%2F%2Fexample.com%2F&a%3D1%26b%3D2";
    let wrapped = wrapped_base_string(base_string);
    let joined: String = wrapped.lines().skip(1).map(str::trim).collect();
    assert_eq!(joined, base_string);
    assert_eq!(wrapped.lines().skip(1).filter(|line| !line.is_empty()).count(), 4);
}

#[test]
fn no_secret_is_printed() {
    assert_eq!(
        without_secret("oauth_token=t&oauth_token_secret=s3cr3t&oauth_callback_confirmed=true"),
        "oauth_token=t&oauth_token_secret=(not shown)&oauth_callback_confirmed=true"
    );
}
