//! The order in which a client writes the parameters (RFC 5849 §3.4.1.3.2).

use std::cmp::Ordering;

use super::{Encoded, Item, Place};
use crate::verify::diagnosis::recipe::Order;

/// Sorts the encoded texts of `items`.
pub(super) fn sort(order: Order, items: &[Item<'_>], encoded: &mut [Encoded], text: &[u8]) {
    let by_name = |one: &Encoded, other: &Encoded| one.name(text).cmp(other.name(text));
    let by_value = |one: &Encoded, other: &Encoded| one.value(text).cmp(other.value(text));
    let rfc = |one: &Encoded, other: &Encoded| by_name(one, other).then_with(|| by_value(one, other));
    let item = |one: &Encoded| &items[one.item];
    let raw_names = |one: &Encoded, other: &Encoded| item(one).name.cmp(&item(other).name);
    let raw_values = |one: &Encoded, other: &Encoded| item(one).value.cmp(&item(other).value);
    match order {
        Order::Rfc => encoded.sort_unstable_by(rfc),
        Order::Joined => encoded.sort_unstable_by(|one, other| {
            let joined = |one: &Encoded| one.name(text).iter().chain(b"=").chain(one.value(text)).copied();
            joined(one).cmp(joined(other))
        }),
        Order::Unencoded => {
            encoded.sort_by(|one, other| raw_names(one, other).then_with(|| raw_values(one, other)));
        }
        Order::UnencodedValues => {
            encoded.sort_by(|one, other| by_name(one, other).then_with(|| raw_values(one, other)));
        }
        Order::UnencodedNames => encoded.sort_by(raw_names),
        Order::NamesOnly => encoded.sort_by(by_name),
        Order::CaseInsensitive => {
            let lower = |name: &[u8]| name.to_ascii_lowercase();
            encoded.sort_by(|one, other| {
                lower(one.name(text)).cmp(&lower(other.name(text))).then_with(|| by_value(one, other))
            });
        }
        Order::Wire => {}
        Order::WireHeaderLast => encoded.sort_by_key(|one| match item(one).place {
            Place::Query => 0,
            Place::Form => 1,
            Place::Header => 2,
        }),
        Order::ProtocolLast | Order::ProtocolFirst => encoded.sort_unstable_by(|one, other| {
            let apart = item(one).is_of_protocol.cmp(&item(other).is_of_protocol);
            let apart = if order == Order::ProtocolLast { apart } else { apart.reverse() };
            match apart {
                Ordering::Equal => rfc(one, other),
                apart => apart,
            }
        }),
    }
}
