//! Compares the request's timestamp with the server's time.

use super::finding::{Certainty, Finding};
use super::kind::FindingKind;

/// The smallest window of known servers, in seconds: NetSuite 5 minutes, WordPress and WooCommerce 15.
const WINDOW: u64 = 300;

/// The known facts about the two clocks.
pub(super) struct Clock<'s> {
    /// `oauth_timestamp`, as it was sent.
    pub(super) timestamp: Option<&'s str>,
    /// The response's Date header, in seconds since the Unix epoch.
    pub(super) date: Option<u64>,
    /// `oauth_acceptable_timestamps`.
    pub(super) acceptable: Option<std::ops::RangeInclusive<u64>>,
}

/// The result of comparing the clocks.
pub(super) enum Verdict {
    /// The timestamp is wrong for a server that allows [`WINDOW`].
    Wrong(Finding),
    /// The timestamp is right, as this sentence says.
    Right(String),
    /// The server's time is unknown.
    Unknown,
}

impl Clock<'_> {
    pub(super) fn verdict(&self) -> Verdict {
        let Some(text) = self.timestamp else { return Verdict::Unknown };
        let Ok(ours) = text.parse::<u64>() else {
            return Verdict::Wrong(Finding::proven(
                FindingKind::Clock,
                "oauth_timestamp is not a whole number",
                "send the seconds since 1970 as a whole number (RFC 5849 §3.3)",
            ));
        };
        // A time in seconds reaches twelve digits in the year 5138.
        if ours >= 100_000_000_000 {
            return Verdict::Wrong(Finding::proven(
                FindingKind::Clock,
                format!("oauth_timestamp is {ours}, which is not in seconds but most likely in milliseconds"),
                "send the seconds since 1970: divide by 1000",
            ));
        }
        if let Some(range) = &self.acceptable {
            let (first, last) = (*range.start(), *range.end());
            if !range.contains(&ours) {
                let middle = first + (last - first) / 2;
                let evidence = format!("oauth_timestamp is {ours}, the server accepts {first} to {last}");
                return Verdict::Wrong(Finding::proven(FindingKind::Clock, evidence, remedy(ours, middle)));
            }
            return Verdict::Right(format!("oauth_timestamp {ours} is within what the server accepts"));
        }
        let Some(server) = self.date else { return Verdict::Unknown };
        let distance = ours.abs_diff(server);
        if distance <= WINDOW {
            return Verdict::Right(format!(
                "the clock: oauth_timestamp and the server's Date are {} apart",
                duration(distance)
            ));
        }
        let direction = if ours < server { "behind" } else { "ahead of" };
        let evidence = format!(
            "oauth_timestamp is {} {direction} the response's Date ({ours} and {server})",
            duration(distance)
        );
        Verdict::Wrong(Finding::new(FindingKind::Clock, Certainty::Likely, evidence, remedy(ours, server)))
    }
}

fn remedy(ours: u64, server: u64) -> String {
    let offset = i128::from(server) - i128::from(ours);
    format!(
        "set this machine's clock (NTP), or correct it with SignerBuilder::clock_offset({offset}). If the \
         clock is right, the request was sent long after it was signed: sign it just before"
    )
}

/// Formats a duration in the largest unit that fits.
fn duration(seconds: u64) -> String {
    match seconds {
        1 => "1 second".to_owned(),
        0..120 => format!("{seconds} seconds"),
        120..7_200 => format!("{} minutes", seconds / 60),
        7_200..172_800 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
