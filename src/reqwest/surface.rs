//! The public API of both clients. Their I/O is in `client.rs` and `blocking.rs`.

/// Defines `Client` and `RequestBuilder` with the types of one of reqwest's modules.
macro_rules! surface {
    ($(::$module:ident)+) => {
        /// A client of reqwest that signs each request it sends.
        ///
        /// It sends each request once and follows no redirect, unless you call [`retry`](Self::retry) or
        /// [`follow_same_origin`](Self::follow_same_origin). It is cheap to clone, and all clones share their
        /// connections.
        ///
        /// # Examples
        /// See the [module](crate::reqwest).
        #[derive(Clone, Debug)]
        #[must_use]
        #[doc(alias = "retry")]
        #[doc(alias = "redirect")]
        pub struct Client {
            http: $(::$module)+::Client,
            settings: Settings,
        }

        impl Client {
            /// Creates a client that signs with `signer`, with the settings of `builder`.
            ///
            /// It switches off reqwest's own redirects and retries.
            ///
            /// # Errors
            /// Returns [`Error::Transport`] if reqwest cannot build the client.
            pub fn new(signer: Signer, builder: $(::$module)+::ClientBuilder) -> Result<Self, Error> {
                let builder = builder.redirect(Policy::none()).retry(::reqwest::retry::never());
                Ok(Self::from_unsigned(signer, builder.build()?))
            }

            /// Creates a client from an existing client of reqwest.
            ///
            /// You must have built that client with `redirect(Policy::none())` and
            /// `retry(reqwest::retry::never())`, which cannot be checked here. If it has followed a redirect
            /// to another URL, you get the error
            /// [`RedirectError::FollowedUnsigned`](crate::reqwest::RedirectError::FollowedUnsigned), but then
            /// the signature has been sent.
            pub fn from_unsigned(signer: Signer, client: $(::$module)+::Client) -> Self {
                let settings =
                    Settings { signer, redirects: Redirects::Never, retry: RetryPolicy::never() };
                Self { http: client, settings }
            }

            /// Returns a client that signs with another signer over the same connections, for another user.
            pub fn with_signer(&self, signer: Signer) -> Self {
                Self { http: self.http.clone(), settings: Settings { signer, ..self.settings.clone() } }
            }

            /// Sets whether to follow redirects on the same scheme, host and port. The default is `false`.
            ///
            /// It follows up to five in a row, and signs each request anew. A redirect to another origin is
            /// an error, and so is a redirect of a request whose body is a stream.
            pub fn follow_same_origin(mut self, follow: bool) -> Self {
                self.settings.redirects = if follow { Redirects::SameOrigin } else { Redirects::Never };
                self
            }

            /// Sets when to send a request again, signed anew. The default is [`RetryPolicy::never`].
            pub fn retry(mut self, policy: RetryPolicy) -> Self {
                self.settings.retry = policy;
                self
            }

            /// Returns the signer.
            #[must_use]
            pub fn signer(&self) -> &Signer {
                &self.settings.signer
            }

            /// Returns reqwest's own client, which does not sign.
            #[must_use]
            pub fn unsigned(&self) -> &$(::$module)+::Client {
                &self.http
            }

            /// Starts a GET request, which is signed when it is sent.
            pub fn get(&self, url: impl IntoUrl) -> RequestBuilder {
                self.request(Method::GET, url)
            }

            /// Starts a POST request, which is signed when it is sent.
            pub fn post(&self, url: impl IntoUrl) -> RequestBuilder {
                self.request(Method::POST, url)
            }

            /// Starts a PUT request, which is signed when it is sent.
            pub fn put(&self, url: impl IntoUrl) -> RequestBuilder {
                self.request(Method::PUT, url)
            }

            /// Starts a PATCH request, which is signed when it is sent.
            pub fn patch(&self, url: impl IntoUrl) -> RequestBuilder {
                self.request(Method::PATCH, url)
            }

            /// Starts a DELETE request, which is signed when it is sent.
            pub fn delete(&self, url: impl IntoUrl) -> RequestBuilder {
                self.request(Method::DELETE, url)
            }

            /// Starts a HEAD request, which is signed when it is sent.
            pub fn head(&self, url: impl IntoUrl) -> RequestBuilder {
                self.request(Method::HEAD, url)
            }

            /// Starts a request of any method, which is signed when it is sent.
            pub fn request(&self, method: Method, url: impl IntoUrl) -> RequestBuilder {
                let request = self.http.request(method, url).build().map_err(unbuilt);
                RequestBuilder { client: self.clone(), request }
            }
        }

        /// A request that its [`Client`] signs when it is sent.
        ///
        /// An invalid URL or header is an error of [`send`](Self::send).
        ///
        /// # Examples
        /// See the [module](crate::reqwest).
        #[derive(Debug)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct RequestBuilder {
            client: Client,
            request: Result<$(::$module)+::Request, SignError>,
        }

        impl RequestBuilder {
            /// Appends parameters to the URL's query.
            ///
            /// Names and values are given as they are meant, without percent-encoding.
            pub fn query<P, N, V>(mut self, parameters: P) -> Self
            where
                P: IntoIterator<Item: Borrow<(N, V)>>,
                N: AsRef<str>,
                V: AsRef<str>,
            {
                if let Ok(request) = &mut self.request {
                    request.url_mut().query_pairs_mut().extend_pairs(parameters);
                    // Without parameters, the URL gets no `?` either.
                    if request.url().query() == Some("") {
                        request.url_mut().set_query(None);
                    }
                }
                self
            }

            /// Sets the body to a form of these parameters, with its Content-Type. The signature covers them.
            ///
            /// Names and values are given as they are meant, without percent-encoding.
            pub fn form<P, N, V>(mut self, parameters: P) -> Self
            where
                P: IntoIterator<Item: Borrow<(N, V)>>,
                N: AsRef<str>,
                V: AsRef<str>,
            {
                if let Ok(request) = &mut self.request {
                    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
                    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
                    *request.body_mut() = Some(form.into());
                }
                self
            }

            /// Adds a header.
            pub fn header<K, V>(self, name: K, value: V) -> Self
            where
                HeaderName: TryFrom<K, Error: Into<http::Error>>,
                HeaderValue: TryFrom<V, Error: Into<http::Error>>,
            {
                self.with(|request| request.header(name, value))
            }

            /// Sets the body.
            pub fn body(self, body: impl Into<$(::$module)+::Body>) -> Self {
                self.with(|request| request.body(body))
            }

            /// Applies a method of reqwest's own builder, such as `json`, `multipart` or `timeout`.
            ///
            /// Some of these methods need a feature of reqwest, which you enable in your Cargo.toml.
            ///
            /// # Examples
            /// ```
            /// # fn f(client: oauth1_signer::reqwest::Client) {
            /// let item = serde_json::json!({ "name": "tea & cake" });
            /// let request = client.post("https://api.example.com/1/items").with(|request| request.json(&item));
            /// # }
            /// ```
            pub fn with(
                mut self,
                change: impl FnOnce($(::$module)+::RequestBuilder) -> $(::$module)+::RequestBuilder,
            ) -> Self {
                self.request = self.request.and_then(|request| {
                    let request = $(::$module)+::RequestBuilder::from_parts(self.client.http.clone(), request);
                    change(request).build().map_err(unbuilt)
                });
                self
            }
        }
    };
}
