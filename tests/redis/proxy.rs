//! A proxy before Redis that cuts connections between a command and its response, or delays the response.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Forwards to a port of this machine. It ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Proxy {
    port: u16,
    cut: Arc<AtomicUsize>,
    delay: Arc<AtomicUsize>,
}

impl Proxy {
    pub(crate) async fn start(to: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let proxy =
            Self { port: listener.local_addr().unwrap().port(), cut: Arc::default(), delay: Arc::default() };
        let own = proxy.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let proxy = own.clone();
                tokio::spawn(async move { proxy.forward(client, to).await });
            }
        });
        proxy
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Redis gets the next command; its response is lost, and the connection with it.
    pub(crate) fn cut_next_response(&self) {
        self.cut.store(1, Ordering::SeqCst);
    }

    /// The next response comes so many milliseconds later.
    pub(crate) fn delay_next_response(&self, milliseconds: usize) {
        self.delay.store(milliseconds, Ordering::SeqCst);
    }

    async fn forward(&self, client: TcpStream, to: u16) {
        let Ok(server) = TcpStream::connect(("127.0.0.1", to)).await else { return };
        let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
            (client.into_split(), server.into_split());
        let up = tokio::spawn(async move {
            let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
        });
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from_server.read(&mut bytes).await {
            if self.cut.swap(0, Ordering::SeqCst) == 1 {
                break;
            }
            let delay = self.delay.swap(0, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(u64::try_from(delay).unwrap())).await;
            if to_client.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
        up.abort();
    }
}
