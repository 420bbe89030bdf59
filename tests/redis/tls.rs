//! Redis over TLS, with a certificate that this test makes.

use std::time::Duration;

use oauth1_signer::verify::{NonceStatus, RedisNonceLog};
use redis::aio::ConnectionManager;
use redis::{Client, TlsCertificates};

use super::grants::check_all;
use super::{NONCE, ask};
use crate::server::Redis;

#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn over_tls_the_rules_are_kept() {
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (key.cert.pem(), key.signing_key.serialize_pem());
    let redis = Redis::start_tls(&certificate, &key);
    let certificates = TlsCertificates { client_tls: None, root_cert: Some(certificate.into_bytes()) };
    let client = Client::build_with_tls(redis.tls_url(), certificates).unwrap();
    let manager = ConnectionManager::new(client).await.unwrap();
    check_all(manager.clone()).await;
    let log = RedisNonceLog::new(manager).time_limit(Duration::from_secs(10));
    log.check_server().await.unwrap();
    assert_eq!(ask(&log, NONCE).await, Ok(NonceStatus::Fresh));
    assert_eq!(ask(&log, NONCE).await, Ok(NonceStatus::Replayed));
    // A client that does not know the certificate is not let in.
    assert!(ConnectionManager::new(Client::open(redis.tls_url()).unwrap()).await.is_err());
}
