//! TLS with a certificate authority that exists for one run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::provider::Providers;

const MOST_CONNECTIONS: usize = 1_000;

pub(crate) struct Certificates {
    directory: PathBuf,
    authority: PathBuf,
    acceptor: TlsAcceptor,
}

impl Certificates {
    pub(crate) fn new(hosts: &[&str]) -> Self {
        let directory = std::env::temp_dir().join(format!("oauth1-signer-logins-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Without a name of its own it would look as if the server's certificate had signed itself.
        params.distinguished_name.push(DnType::CommonName, "authority of a test");
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let hosts: Vec<_> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(hosts).unwrap();
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let authority = directory.join("authority.pem");
        fs::write(&authority, issuer.pem()).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = tokio_rustls::rustls::crypto::ring::default_provider();
        let config = ServerConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(certificate.der().to_vec())], key)
            .unwrap();
        Self { directory, authority, acceptor: TlsAcceptor::from(Arc::new(config)) }
    }

    pub(crate) fn authority(&self) -> &Path {
        &self.authority
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }
}

impl Drop for Certificates {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.directory));
    }
}

/// Serves the hosts on port 443, which is free in a network namespace of one's own.
pub(crate) async fn serve(acceptor: TlsAcceptor, providers: Arc<Providers>) {
    let listener = TcpListener::bind("127.0.0.1:443").await.unwrap();
    for _ in 0..MOST_CONNECTIONS {
        let (stream, _) = listener.accept().await.unwrap();
        let (acceptor, providers) = (acceptor.clone(), Arc::clone(&providers));
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let service = service_fn(move |request| Arc::clone(&providers).answer(request));
            let connection = hyper::server::conn::http1::Builder::new();
            drop(connection.serve_connection(TokioIo::new(stream), service).await);
        });
    }
}
