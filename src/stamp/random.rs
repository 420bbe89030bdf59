//! The random bytes of nonces and credentials (RFC 5849 §4.10).

use std::cell::RefCell;

use rand::rngs::{StdRng, SysRng};
use rand::{Rng, SeedableRng, TryRng};

use super::error::StampError;

/// The number of nonces that a thread draws from one seed.
// If a process image leaks, it reveals these nonces only. A new seed costs about 0.6 µs, too little to
// measure at this rate.
const NONCES_PER_SEED: u32 = 4096;

thread_local! {
    static GENERATOR: RefCell<Option<(StdRng, u32)>> = const { RefCell::new(None) };
}

/// Returns 16 random bytes from the thread's generator.
// Not `rand::rng()`: it panics if the operating system returns no bytes, and a forked process repeats its
// parent's bytes. The nanoseconds that are mixed in make the two processes differ. They do not depend on
// the generator, so they do not weaken it.
pub(crate) fn random_bytes(nanos: u32) -> Result<[u8; 16], StampError> {
    GENERATOR.with_borrow_mut(|slot| {
        let (generator, left) = match slot {
            Some(seeded) if seeded.1 > 0 => seeded,
            _ => {
                let generator =
                    StdRng::try_from_rng(&mut SysRng).map_err(|error| StampError::Rng(error.into()))?;
                slot.insert((generator, NONCES_PER_SEED))
            }
        };
        *left -= 1;
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&(generator.next_u64() ^ u64::from(nanos)).to_le_bytes());
        bytes[8..].copy_from_slice(&generator.next_u64().to_le_bytes());
        Ok(bytes)
    })
}

/// Returns 16 random bytes from the operating system, for credentials.
// Credentials live longer than a nonce. With the thread's generator, its state would reveal the next ones.
pub(crate) fn system_bytes() -> Result<[u8; 16], StampError> {
    let mut bytes = [0; 16];
    SysRng.try_fill_bytes(&mut bytes).map_err(|error| StampError::Rng(error.into()))?;
    Ok(bytes)
}

/// The length of a nonce: 26 characters of five bits each hold 128 bits.
// Hexadecimal would need 32. By default a common server library (oauthlib) rejects nonces that do not have
// 20 to 30 letters and digits.
const NONCE_LEN: usize = 26;

/// Encodes bytes as letters and digits, five bits each.
#[inline]
pub(crate) fn alphanumeric(bytes: [u8; 16]) -> [u8; NONCE_LEN] {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    let mut bits = u128::from_le_bytes(bytes);
    let mut text = [0; NONCE_LEN];
    for place in &mut text {
        *place = DIGITS[(bits & 31) as usize];
        bits >>= 5;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bit_counts_in_a_nonce() {
        let zero = alphanumeric([0; 16]);
        assert_eq!(zero, [b'0'; NONCE_LEN]);
        let mut seen: Vec<_> = (0..128).map(|bit| alphanumeric((1_u128 << bit).to_le_bytes())).collect();
        seen.push(zero);
        seen.push(alphanumeric([0xFF; 16]));
        assert!(seen.iter().flatten().all(u8::is_ascii_alphanumeric));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 130);
    }

    #[test]
    fn the_generator_is_seeded_anew() {
        for _ in 0..=NONCES_PER_SEED {
            random_bytes(0).expect("random bytes");
        }
        let left = GENERATOR.with_borrow(|slot| slot.as_ref().map(|seeded| seeded.1));
        assert_eq!(left, Some(NONCES_PER_SEED - 1));
    }
}
