//! Where the randomness of nonces and credentials comes from (RFC 5849 §4.10).

use std::cell::RefCell;

use rand::rngs::{StdRng, SysRng};
use rand::{Rng, SeedableRng, TryRng};

use super::error::StampError;

/// How many nonces a thread draws from one seed. What leaks with a process image then speaks of few
/// nonces only, and asking the operating system (some 0.6 µs) costs nothing that could be measured.
const NONCES_PER_SEED: u32 = 4096;

thread_local! {
    static GENERATOR: RefCell<Option<(StdRng, u32)>> = const { RefCell::new(None) };
}

/// 128 random bits.
///
/// `rand::rng()` would do but for two things: it panics where the operating system gives no bytes,
/// and a forked process repeats its parent's. The nanosecond that is mixed in parts the two; being
/// independent of the generator it takes nothing from the randomness.
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

/// 128 random bits, from the operating system itself: for what lives longer than a nonce, so that no
/// generator's state in this process tells the next ones.
pub(crate) fn system_bytes() -> Result<[u8; 16], StampError> {
    let mut bytes = [0; 16];
    SysRng.try_fill_bytes(&mut bytes).map_err(|error| StampError::Rng(error.into()))?;
    Ok(bytes)
}

/// 26 times five bits carry 128. Not hexadecimal, which would take 32: a common server library
/// (oauthlib) refuses nonces but of 20 to 30 letters and digits, unless it is told otherwise.
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
