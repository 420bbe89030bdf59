//! RFC 5849 §3.3: the number of nonces of each client and each token.

use std::collections::BTreeMap;

use super::Limits;

/// The hashes of a nonce, and of the client and token whose shares it counts against.
pub(super) struct Ids {
    pub(super) client: u64,
    /// The hash of the client with its token, or without a token.
    pub(super) grant: u64,
    pub(super) nonce: u64,
}

/// The numbers of nonces in the log. No number is zero.
#[derive(Default)]
pub(super) struct Shares {
    /// The number of nonces for each client, by its hash.
    clients: BTreeMap<u64, u32>,
    /// The numbers for each client with one token, or without one, by their hash.
    grants: BTreeMap<u64, Grant>,
}

/// A client with one of its tokens.
struct Grant {
    /// The client's hash in two halves, so that the value takes 12 bytes and not 16.
    client: [u32; 2],
    count: u32,
}

impl Shares {
    pub(super) fn has_room(&self, limits: Limits, ids: &Ids) -> bool {
        self.grants.get(&ids.grant).map_or(0, |grant| grant.count) < limits.per_token
            && self.clients.get(&ids.client).copied().unwrap_or_default() < limits.per_client
    }

    /// Counts one more nonce. There must be room for it.
    pub(super) fn take(&mut self, ids: &Ids) {
        *self.clients.entry(ids.client).or_default() += 1;
        let client = split(ids.client);
        self.grants.entry(ids.grant).or_insert(Grant { client, count: 0 }).count += 1;
    }

    /// Counts `count` nonces fewer.
    pub(super) fn give_back(&mut self, grant: u64, count: u32) {
        let Some(of_grant) = self.grants.get_mut(&grant) else { return };
        let client = join(of_grant.client);
        of_grant.count = of_grant.count.saturating_sub(count);
        if of_grant.count == 0 {
            self.grants.remove(&grant);
        }
        let Some(of_client) = self.clients.get_mut(&client) else { return };
        *of_client = of_client.saturating_sub(count);
        if *of_client == 0 {
            self.clients.remove(&client);
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "each half is kept")]
fn split(id: u64) -> [u32; 2] {
    [(id >> 32) as u32, id as u32]
}

fn join([high, low]: [u32; 2]) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}
