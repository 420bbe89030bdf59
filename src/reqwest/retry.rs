//! Retries that sign each attempt.

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, Method, StatusCode};

/// The rules by which a client sends a request again, signed anew each time.
///
/// reqwest's own `ClientBuilder::retry` sends the same signature again, which a server must reject, because
/// the nonce was used. [`Client::new`](super::Client::new) switches it off.
///
/// A request is sent again only if its body is in memory, and only if its method is idempotent (GET, HEAD,
/// OPTIONS, TRACE, PUT, DELETE). After a network failure the client cannot know whether the server acted on
/// the request.
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use oauth1_signer::reqwest::{Client, RetryPolicy};
/// # use oauth1_signer::Signer;
/// # fn f(signer: Signer) -> Result<Client, oauth1_signer::reqwest::Error> {
///
/// // Up to three attempts: after 200 ms, then after 400 ms.
/// let policy = RetryPolicy::new(3).delay(Duration::from_millis(200));
/// let client = Client::new(signer, reqwest::Client::builder())?.retry(policy);
/// # Ok(client) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[doc(alias = "backoff")]
pub struct RetryPolicy {
    max_attempts: u32,
    statuses: Vec<StatusCode>,
    failures: bool,
    all_methods: bool,
    delay: Duration,
    max_delay: Duration,
}

impl RetryPolicy {
    /// Creates a policy that sends a request at most `max_attempts` times in all.
    ///
    /// With 1 or 0 there is no retry. By default it sends again after a network failure and after the
    /// statuses 429, 502, 503 and 504. The first delay is 100 ms, and each further delay is twice the one
    /// before, at most 10 s.
    pub fn new(max_attempts: u32) -> Self {
        Self {
            max_attempts,
            statuses: vec![
                StatusCode::TOO_MANY_REQUESTS,
                StatusCode::BAD_GATEWAY,
                StatusCode::SERVICE_UNAVAILABLE,
                StatusCode::GATEWAY_TIMEOUT,
            ],
            failures: true,
            all_methods: false,
            delay: Duration::from_millis(100),
            max_delay: Duration::from_secs(10),
        }
    }

    /// Creates a policy that sends each request once, which is the default of a client.
    pub fn never() -> Self {
        Self::new(1)
    }

    /// Sets the statuses after which to send again.
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.statuses = statuses.into_iter().collect();
        self
    }

    /// Sets whether to send again after a network failure or a timeout. The default is `true`.
    pub fn failures(mut self, retry: bool) -> Self {
        self.failures = retry;
        self
    }

    /// Sets whether to send again with any method, such as POST and PATCH. The default is `false`.
    ///
    /// The server may act on such a request twice.
    pub fn all_methods(mut self, retry: bool) -> Self {
        self.all_methods = retry;
        self
    }

    /// Sets the delay before the second attempt. Each further delay is twice the one before.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sets the maximum delay before an attempt.
    ///
    /// If the server asks for a longer delay (Retry-After, in seconds), the client does not send again, and
    /// returns the response.
    pub fn max_delay(mut self, max_delay: Duration) -> Self {
        self.max_delay = max_delay;
        self
    }

    /// Returns `true` if a request of this method may be sent more than once.
    pub(super) fn covers(&self, method: &Method) -> bool {
        self.max_attempts > 1 && (self.all_methods || method.is_idempotent())
    }

    /// Returns the time to wait after the `attempt`th response, if it is not the last.
    pub(super) fn after_response(
        &self,
        attempt: u32,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Option<Duration> {
        if !self.statuses.contains(&status) {
            return None;
        }
        let delay = self.after(attempt)?;
        let asked = headers.get(RETRY_AFTER).and_then(|seconds| seconds.to_str().ok()?.trim().parse().ok());
        let delay = delay.max(asked.map_or(Duration::ZERO, Duration::from_secs));
        (delay <= self.max_delay).then_some(delay)
    }

    /// Returns the time to wait after the `attempt`th failure, if it is not the last.
    pub(super) fn after_failure(&self, attempt: u32, error: &::reqwest::Error) -> Option<Duration> {
        let is_of_network = error.is_request() || error.is_connect() || error.is_timeout();
        if self.failures && is_of_network { self.after(attempt) } else { None }
    }

    fn after(&self, attempt: u32) -> Option<Duration> {
        let doublings = attempt.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        (attempt < self.max_attempts).then(|| self.delay.saturating_mul(factor).min(self.max_delay))
    }
}

impl Default for RetryPolicy {
    /// Returns [`RetryPolicy::never`].
    fn default() -> Self {
        Self::never()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn each_delay_is_twice_the_one_before_up_to_the_longest() {
        let policy = RetryPolicy::new(u32::MAX).delay(MS).max_delay(100 * MS);
        let delays: Vec<_> = (1..=9).filter_map(|attempt| policy.after(attempt)).collect();
        assert_eq!(delays, [1, 2, 4, 8, 16, 32, 64, 100, 100].map(|ms| ms * MS));
        assert_eq!(policy.after(u32::MAX - 1), Some(100 * MS));
        assert_eq!(policy.after(u32::MAX), None);
    }

    #[test]
    fn the_last_attempt_is_the_last() {
        assert_eq!([0, 1].map(|most| RetryPolicy::new(most).after(1)), [None, None]);
        let policy = RetryPolicy::new(3).delay(Duration::ZERO);
        assert_eq!([1, 2, 3].map(|attempt| policy.after(attempt).is_some()), [true, true, false]);
    }

    #[test]
    fn retry_after_counts_up_to_the_longest_delay() {
        let policy = RetryPolicy::new(2).delay(MS).max_delay(Duration::from_secs(5));
        let delay = |value: &'static str| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, http::HeaderValue::from_static(value))]);
            policy.after_response(1, StatusCode::SERVICE_UNAVAILABLE, &headers)
        };
        assert_eq!(delay("5"), Some(Duration::from_secs(5)));
        assert_eq!(delay("0"), Some(MS));
        assert_eq!(delay("6"), None);
        assert_eq!(delay("99999999999999999999999"), Some(MS), "not a number of seconds");
        assert_eq!(delay("Sun, 06 Nov 1994 08:49:37 GMT"), Some(MS));
    }
}
