//! A store takes a grant apart and rebuilds it, and learns which column it has lost.

use oauth1_signer::provider::{Grant, GrantError, GrantParts, Stage};

use super::site::parts;

/// What a column of a grant is emptied or filled by.
type Change = fn(&mut GrantParts);

const FIELDS: [(&str, Change, Change); 5] = [
    ("callback", |parts| parts.callback = None, |parts| parts.callback = Some("x".to_owned())),
    ("verifier", |parts| parts.verifier = None, |parts| parts.verifier = Some("x".to_owned())),
    ("user", |parts| parts.user = None, |parts| parts.user = Some("x".to_owned())),
    ("issued", |parts| parts.issued = None, |parts| parts.issued = Some(1)),
    ("expires", |parts| parts.expires = None, |parts| parts.expires = Some(1)),
];

#[test]
fn a_grant_of_each_stage_is_rebuilt() {
    for stage in Stage::ALL {
        let grant = Grant::from_parts(parts(stage, "token")).unwrap();
        assert_eq!((grant.stage(), grant.token(), grant.client_key()), (stage, "token", "printer"));
        let (again, expected) = (grant.into_parts(), parts(stage, "token"));
        assert_eq!(again.credentials.expose_secret(), expected.credentials.expose_secret());
        assert_eq!(
            (again.callback, again.verifier, again.user, again.issued, again.expires),
            (expected.callback, expected.verifier, expected.user, expected.issued, expected.expires)
        );
        assert_eq!(stage.name().parse(), Ok(stage));
    }
    assert_eq!("Pending".parse::<Stage>(), Err(GrantError::UnknownStage));
}

/// The table of `GrantParts`, column by column.
#[test]
fn the_columns_are_those_of_the_stage() {
    let required = |stage, field| match field {
        "verifier" => stage == Stage::Approved,
        "user" => matches!(stage, Stage::Approved | Stage::Exchanged),
        "expires" => stage != Stage::Exchanged,
        _ => false,
    };
    let possible = |stage, field| match field {
        "callback" => stage == Stage::Pending,
        "issued" => stage == Stage::Exchanged,
        "expires" => true,
        _ => required(stage, field),
    };
    for stage in Stage::ALL {
        for (field, empty, fill) in FIELDS {
            let rebuilt = |change: Change| {
                let mut parts = parts(stage, "token");
                change(&mut parts);
                Grant::from_parts(parts).map(drop)
            };
            let missing = required(stage, field).then_some(GrantError::Missing { stage, field });
            assert_eq!(rebuilt(empty).err(), missing, "{stage} without {field}");
            let unexpected = (!possible(stage, field)).then_some(GrantError::Unexpected { stage, field });
            assert_eq!(rebuilt(fill).err(), unexpected, "{stage} with {field}");
        }
    }
}

#[test]
fn an_error_names_the_stage_the_column_and_the_remedy() {
    let text = GrantError::Missing { stage: Stage::Approved, field: "user" }.to_string();
    assert_eq!(text, "a grant at the stage approved needs `user`: save and load every field of GrantParts");
}
