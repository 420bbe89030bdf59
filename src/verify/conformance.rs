//! Conformance tests for implementations of this crate's traits.
