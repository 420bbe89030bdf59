//! Searches for mistakes: first the recipe of RFC 5849, then each mistake, then pairs.

use zeroize::Zeroizing;

use super::check::Check;
use super::key::Secrets;
use super::mistake::Mistake;
use super::recipe::{KeyRecipe, ParameterRecipe, Recipe};
use super::snapshot::Snapshot;
use super::steps::{self, Step};
use super::{head, parameters};
use crate::signature::BodyHashAlgorithm;

/// The maximum number of candidates that are compared with one signature.
pub(super) const MOST_CANDIDATES: usize = 1_000;

/// The maximum number of bytes written and hashed for one signature. Candidates beyond it are skipped.
const MOST_BYTES: usize = 2 << 20;

/// The cost of writing a parameter, in addition to its bytes.
const BYTES_FOR_PAIR: usize = 32;

/// The maximum sum of the weights of a pair of mistakes.
const MOST_WEIGHT: u8 = 4;

/// A recipe that gives the signature.
pub(super) struct Match {
    /// The mistakes. The list is empty if the signature is right.
    pub(super) mistakes: Vec<Mistake>,
    /// Other single mistakes that give the same signature.
    pub(super) alternatives: Vec<Mistake>,
    pub(super) recipe: Recipe,
}

pub(super) struct Search<'s> {
    snapshot: &'s Snapshot<'s>,
    /// The secrets, or `None` for RSA, which has no key to confuse.
    secrets: Option<&'s Secrets<'s>>,
    hash: BodyHashAlgorithm,
    signature: &'s [u8],
    /// The texts and the keys of all single mistakes, those without a mistake first.
    heads: Vec<Vec<u8>>,
    parameters: Vec<Vec<u8>>,
    keys: Vec<(Zeroizing<Vec<u8>>, Check)>,
    pub(super) candidates: usize,
    bytes: usize,
    /// This is `true` if every candidate was tried.
    pub(super) is_complete: bool,
}

/// A mistake, and the places of its texts.
struct Trial {
    step: &'static Step,
    places: Places,
    alternatives: Vec<Mistake>,
}

impl Trial {
    fn names(&self, mistake: Mistake) -> bool {
        self.step.mistake == mistake || self.alternatives.contains(&mistake)
    }
}

/// The places of a candidate's texts. Place 0 is the text without a mistake.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Places {
    head: usize,
    parameters: usize,
    key: usize,
}

impl<'s> Search<'s> {
    pub(super) fn new(
        snapshot: &'s Snapshot<'s>,
        secrets: Option<&'s Secrets<'s>>,
        hash: BodyHashAlgorithm,
        signature: &'s [u8],
    ) -> Self {
        Self {
            snapshot,
            secrets,
            hash,
            signature,
            heads: Vec::new(),
            parameters: Vec::new(),
            keys: Vec::new(),
            candidates: 0,
            bytes: 0,
            is_complete: true,
        }
    }

    pub(super) fn run(&mut self) -> Option<Match> {
        let recipe = Recipe::default();
        self.heads.push(head::render(self.snapshot, &recipe.head)?);
        let text = self.render(&recipe.parameters);
        self.parameters.push(text);
        let key = self.key(recipe.key)?;
        self.keys.push(key);
        if self.is_made_by(Places::default()) {
            return Some(Match { mistakes: Vec::new(), alternatives: Vec::new(), recipe });
        }
        let trials = self.singles();
        for trial in &trials {
            if !self.goes_on() {
                return None;
            }
            if self.is_made_by(trial.places) {
                let mut recipe = Recipe::default();
                (trial.step.change)(&mut recipe, self.snapshot);
                let alternatives = trial.alternatives.clone();
                return Some(Match { mistakes: vec![trial.step.mistake], alternatives, recipe });
            }
        }
        self.pairs(&trials)
    }

    /// Returns every mistake that changes something, and each text once.
    fn singles(&mut self) -> Vec<Trial> {
        let mut trials: Vec<Trial> = Vec::with_capacity(96);
        let has_key = self.secrets.is_some();
        let steps: &mut dyn Iterator<Item = &'static Step> =
            if has_key { &mut steps::all() } else { &mut steps::of_base_string() };
        for step in steps {
            if !self.goes_on() {
                break;
            }
            let mut recipe = Recipe::default();
            if !(step.change)(&mut recipe, self.snapshot) {
                continue;
            }
            let Some(places) = self.places(&recipe) else { continue };
            if places == Places::default() {
                continue;
            }
            match trials.iter_mut().find(|trial| trial.places == places) {
                Some(trial) if trial.names(step.mistake) => {}
                Some(trial) => trial.alternatives.push(step.mistake),
                None => trials.push(Trial { step, places, alternatives: Vec::new() }),
            }
        }
        // The likely ones come first. Those of equal weight stay in the order of the table.
        trials.sort_by_key(|trial| trial.step.weight);
        trials
    }

    /// Finds the texts of a recipe, or adds them.
    fn places(&mut self, recipe: &Recipe) -> Option<Places> {
        let plain = Recipe::default();
        let mut places = Places::default();
        if recipe.head != plain.head {
            let text = head::render(self.snapshot, &recipe.head)?;
            places.head = place_of(&mut self.heads, text);
        }
        if recipe.parameters != plain.parameters {
            let text = self.render(&recipe.parameters);
            places.parameters = place_of(&mut self.parameters, text);
        }
        if recipe.key != plain.key {
            let key = self.secrets?.key(recipe.key)?;
            places.key = self.keys.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
                let check = Check::hmac(self.hash, &key);
                self.keys.push((key, check));
                self.keys.len() - 1
            });
        }
        Some(places)
    }

    fn pairs(&mut self, trials: &[Trial]) -> Option<Match> {
        for sum in 2..=MOST_WEIGHT {
            // Pairs of texts that exist already cost least, so they come first.
            for is_ready in [true, false] {
                for (at, one) in trials.iter().enumerate() {
                    for other in &trials[at + 1..] {
                        if one.step.weight + other.step.weight != sum {
                            continue;
                        }
                        let joined = join(one.places, other.places);
                        if joined.is_some() != is_ready {
                            continue;
                        }
                        if !self.goes_on() {
                            return None;
                        }
                        let found = match joined {
                            Some(places) => self.is_made_by(places),
                            None => self.is_made_by_both(one, other),
                        };
                        if found {
                            return Some(self.pair(one, other));
                        }
                    }
                }
            }
        }
        None
    }

    fn pair(&self, one: &Trial, other: &Trial) -> Match {
        let mut recipe = Recipe::default();
        (one.step.change)(&mut recipe, self.snapshot);
        (other.step.change)(&mut recipe, self.snapshot);
        let mut mistakes = vec![one.step.mistake, other.step.mistake];
        mistakes.dedup();
        Match { mistakes, alternatives: Vec::new(), recipe }
    }

    /// Returns `true` if two mistakes that change the same part make the signature together.
    fn is_made_by_both(&mut self, one: &Trial, other: &Trial) -> bool {
        let mut recipe = Recipe::default();
        if !(one.step.change)(&mut recipe, self.snapshot) || !(other.step.change)(&mut recipe, self.snapshot)
        {
            return false;
        }
        let Some((head, parameters, key)) = self.texts(&recipe, one.places, other.places) else {
            return false;
        };
        let text = |own: &Option<Vec<u8>>, all: &'_ [Vec<u8>], place: usize| -> Option<usize> {
            own.as_ref().map_or(Some(place), |own| all.iter().position(|other| other == own))
        };
        // Texts that one of them makes alone were tried before.
        let places = (
            text(&head, &self.heads, one.places.head.max(other.places.head)),
            text(&parameters, &self.parameters, one.places.parameters.max(other.places.parameters)),
        );
        let key_place = one.places.key.max(other.places.key);
        if let (Some(head), Some(parameters), None) = (places.0, places.1, &key) {
            let places = Places { head, parameters, key: key_place };
            if [one.places, other.places, Places::default()].contains(&places) {
                return false;
            }
        }
        let head = head.as_ref().unwrap_or(&self.heads[one.places.head.max(other.places.head)]);
        let parameters = parameters
            .as_ref()
            .unwrap_or(&self.parameters[one.places.parameters.max(other.places.parameters)]);
        let check = key.as_ref().unwrap_or(&self.keys[key_place].1);
        let is_made = check.accepts(head, parameters, self.signature);
        self.bytes += head.len() + parameters.len();
        self.candidates += 1;
        is_made
    }

    /// Returns the texts that both mistakes change, without those that only one of them changes.
    #[expect(clippy::type_complexity, reason = "three texts, each there or not")]
    fn texts(
        &mut self,
        recipe: &Recipe,
        one: Places,
        other: Places,
    ) -> Option<(Option<Vec<u8>>, Option<Vec<u8>>, Option<Check>)> {
        let is_of_both = |one: usize, other: usize| one != 0 && other != 0;
        let head = if is_of_both(one.head, other.head) {
            Some(head::render(self.snapshot, &recipe.head)?)
        } else {
            None
        };
        let parameters =
            is_of_both(one.parameters, other.parameters).then(|| self.render(&recipe.parameters));
        let key = if is_of_both(one.key, other.key) { Some(self.key(recipe.key)?.1) } else { None };
        Some((head, parameters, key))
    }

    fn render(&mut self, recipe: &ParameterRecipe) -> Vec<u8> {
        let text = parameters::render(self.snapshot, recipe);
        self.bytes += text.len() + BYTES_FOR_PAIR * self.snapshot.pairs.len();
        text
    }

    fn key(&self, recipe: KeyRecipe) -> Option<(Zeroizing<Vec<u8>>, Check)> {
        let Some(secrets) = self.secrets else { return self.without_key() };
        let key = secrets.key(recipe)?;
        let check = Check::hmac(self.hash, &key);
        Some((key, check))
    }

    #[cfg(feature = "rsa")]
    #[expect(clippy::unnecessary_wraps, reason = "without the feature there is none")]
    fn without_key(&self) -> Option<(Zeroizing<Vec<u8>>, Check)> {
        Some((Zeroizing::new(Vec::new()), Check::Digest(self.hash)))
    }

    #[cfg(not(feature = "rsa"))]
    #[expect(clippy::unused_self, reason = "with the feature it is used")]
    fn without_key(&self) -> Option<(Zeroizing<Vec<u8>>, Check)> {
        None
    }

    fn is_made_by(&mut self, places: Places) -> bool {
        let (head, parameters) = (&self.heads[places.head], &self.parameters[places.parameters]);
        self.candidates += 1;
        self.bytes += head.len() + parameters.len();
        self.keys[places.key].1.accepts(head, parameters, self.signature)
    }

    fn goes_on(&mut self) -> bool {
        self.is_complete &= self.candidates < MOST_CANDIDATES && self.bytes < MOST_BYTES;
        self.is_complete
    }
}

/// Finds a text, or adds it, and returns its place.
fn place_of(texts: &mut Vec<Vec<u8>>, text: Vec<u8>) -> usize {
    texts.iter().position(|other| *other == text).unwrap_or_else(|| {
        texts.push(text);
        texts.len() - 1
    })
}

/// Returns the places of two mistakes, unless both change the same text.
fn join(one: Places, other: Places) -> Option<Places> {
    let either = |one: usize, other: usize| if one == 0 || other == 0 { Some(one.max(other)) } else { None };
    Some(Places {
        head: either(one.head, other.head)?,
        parameters: either(one.parameters, other.parameters)?,
        key: either(one.key, other.key)?,
    })
}
