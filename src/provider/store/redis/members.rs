//! The members of the indexes, and the grants that they stand for.

use crate::boxed::BoxError;

use super::super::super::parts::Stage;

/// A grant that an index names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) member: String,
    pub(super) stage: Stage,
    /// The consumer key, in a user's index.
    pub(super) client_key: Option<String>,
    pub(super) token: String,
}

fn head(member: &str) -> Option<(Stage, &str)> {
    let (_, rest) = member.split_once(' ')?;
    let (letter, rest) = rest.split_once(' ')?;
    let stage = match letter {
        "p" => Stage::Pending,
        "a" => Stage::Approved,
        "x" => Stage::Exchanged,
        _ => return None,
    };
    Some((stage, rest))
}

/// Reads a member of a client's index: when the grant goes, its stage, its token.
pub(super) fn of_client(member: String) -> Result<Named, BoxError> {
    let (stage, token) = head(&member).ok_or("an index of a client in Redis has an unknown member")?;
    let token = token.to_owned();
    Ok(Named { member, stage, client_key: None, token })
}

/// Reads a member of a user's index: when the grant goes, its stage, its client, its token.
pub(super) fn of_user(member: String) -> Result<Named, BoxError> {
    let parts = head(&member).and_then(|(stage, rest)| {
        let (len, rest) = rest.split_once(':')?;
        let (client_key, token) = rest.split_at_checked(len.parse().ok()?)?;
        Some((stage, Some(client_key.to_owned()), token.to_owned()))
    });
    let (stage, client_key, token) = parts.ok_or("an index of a user in Redis has an unknown member")?;
    Ok(Named { member, stage, client_key, token })
}

/// Reads a member of the tokens of a client and user: the access token.
pub(super) fn of_tokens(member: String) -> Named {
    let token = member.clone();
    Named { member, stage: Stage::Exchanged, client_key: None, token }
}

#[cfg(test)]
mod tests {
    use super::{Stage, of_client, of_user};

    #[test]
    fn odd_texts_in_a_member_are_read_as_they_were() {
        let named = of_user("0 x 4:a:b 1:c d".into()).expect("members");
        assert_eq!((named.client_key.as_deref(), named.token.as_str()), (Some("a:b "), "1:c d"));
        assert_eq!(of_client("17 p ".into()).expect("members").token, "");
        assert_eq!(of_client("17 a  t".into()).expect("members").stage, Stage::Approved);
        assert!(of_user("0 x 9:a".into()).is_err());
    }
}
