//! The key under which a log stores a nonce.

use std::collections::HashSet;

use oauth1_signer::verify::Nonce;

/// Computed by Python's hashlib from the layout that the documentation of `NonceKey` gives:
/// `sha1(len(client_key) + client_key + …).hexdigest()[:32]`, with `struct.pack(">Q", …)`.
#[test]
fn keys_are_those_of_the_documented_layout() {
    let long = "n".repeat(255);
    let rows = [
        ("app", None, 137_131_200, "wIjqoxSZ", "d49130d71d7dbe869961bddf03aaec19"),
        ("app", Some(""), 137_131_200, "wIjqoxSZ", "3bc90e25aefe0bc8962a663f0a5b5df4"),
        ("ab", Some("cd"), 7, "ef", "bdd33bf0c108534faf9a1e4a081e9a0c"),
        ("ab", None, 7, "ef", "1a1c814fb27bb99644aa04c586d8fdbe"),
        ("", None, 0, "", "3b575420ceea4203152041be00dc8051"),
        (
            "dpf43f3p2l4k3l03",
            Some("nnch734d00sl2jdk"),
            137_131_202,
            "chapoH",
            "549bee88423329dd99c10f2ea53c81eb",
        ),
        ("ké", Some("t\u{1F511}"), u64::MAX, &long, "fe2142face6aa24a4224ce364a8d4bda"),
    ];
    for (client_key, token, timestamp, nonce, wanted) in rows {
        let key = Nonce { client_key, token, timestamp, nonce }.key();
        assert_eq!(key.to_string(), wanted, "{client_key} {token:?}");
        assert_eq!(format!("{key:?}"), format!("NonceKey({wanted})"));
        assert_eq!(u128::from_be_bytes(*key.as_bytes()), u128::from_str_radix(wanted, 16).unwrap());
    }
}

#[test]
fn no_two_nonces_have_one_key() {
    let nonce = Nonce { client_key: "ab", token: Some("cd"), timestamp: 7, nonce: "ef" };
    let all = [
        nonce,
        Nonce { client_key: "a", nonce: "bef", ..nonce },
        Nonce { client_key: "abe", nonce: "f", ..nonce },
        Nonce { client_key: "abc", token: Some("d"), ..nonce },
        Nonce { client_key: "abcd", token: Some(""), ..nonce },
        Nonce { client_key: "abcd", token: None, ..nonce },
        Nonce { token: Some("c"), nonce: "def", ..nonce },
        Nonce { token: Some(""), ..nonce },
        Nonce { token: None, ..nonce },
        Nonce { timestamp: 8, ..nonce },
        Nonce { nonce: "eF", ..nonce },
    ];
    let keys: HashSet<_> = all.iter().map(Nonce::key).collect();
    assert_eq!(keys.len(), all.len());
}
