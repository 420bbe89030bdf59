//! The table of steps: each is a mistake, and its change of the recipe.

mod key;
mod parameters;
mod uri;

use super::mistake::Mistake;
use super::recipe::Recipe;
use super::snapshot::Snapshot;

/// One way to make a mistake.
pub(super) struct Step {
    pub(super) mistake: Mistake,
    /// The weight: 1 for a frequent mistake, 3 for a rare one, 4 for one that is only tried alone.
    pub(super) weight: u8,
    /// Changes the recipe. Returns `false` if the mistake does not fit the request or another mistake.
    pub(super) change: fn(&mut Recipe, &Snapshot<'_>) -> bool,
}

const fn step(mistake: Mistake, weight: u8, change: fn(&mut Recipe, &Snapshot<'_>) -> bool) -> Step {
    Step { mistake, weight, change }
}

/// Returns every step. Among the steps of a kind, the likely ones come first.
pub(super) fn all() -> impl Iterator<Item = &'static Step> {
    uri::STEPS.iter().chain(parameters::STEPS).chain(key::STEPS)
}

/// Returns the steps that change the base string.
pub(super) fn of_base_string() -> impl Iterator<Item = &'static Step> {
    uri::STEPS.iter().chain(parameters::STEPS)
}

/// Returns the steps that change the key.
pub(super) fn of_key() -> impl Iterator<Item = &'static Step> {
    key::STEPS.iter()
}
