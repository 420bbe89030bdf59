//! The table of what is tried: a mistake, and what it changes of the recipe.

mod key;
mod parameters;
mod uri;

use super::mistake::Mistake;
use super::recipe::Recipe;
use super::snapshot::Snapshot;

/// One way to make a mistake.
pub(super) struct Step {
    pub(super) mistake: Mistake,
    /// 1 for what is seen every day, 3 for what is rare; 4 for what is tried alone only.
    pub(super) weight: u8,
    /// Changes the recipe; `false` where the mistake does not go with the request, or with another one.
    pub(super) change: fn(&mut Recipe, &Snapshot<'_>) -> bool,
}

const fn step(mistake: Mistake, weight: u8, change: fn(&mut Recipe, &Snapshot<'_>) -> bool) -> Step {
    Step { mistake, weight, change }
}

/// Returns every step, the likely ones first among those of a kind.
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
