//! What a class must be for its records to be released.

/// A privacy model: a class that doesn't meet it is *bad*, and its records are suppressed, as many as the budget
/// allows. The bare model asks nothing.
///
/// Sources: k-anonymity, Sweeney 2002; distinct l-diversity, Machanavajjhala et al. 2007; t-closeness with equal ground
/// distance, Li, Li and Venkatasubramanian 2007, against the shares of all records before suppression.
///
/// ```
/// use coarsen::search::lattice::Model;
/// let model = Model::k_anonymity(5).budget_of(0.04, 30_162);
/// assert_eq!((model.k, model.budget), (5, 1_206));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Model {
    /// Fewest records of a class.
    pub k: u32,
    /// Fewest different sensitive values of a class; with the title as sensitive value, fewest titles.
    pub distinct: u32,
    /// Farthest that the sensitive values of a class may lie from those of all records, 0..1.
    pub closeness: Option<f64>,
    /// Most records that may be suppressed.
    pub budget: u64,
}

impl Model {
    /// Every class has at least k records; nothing is suppressed.
    pub fn k_anonymity(k: u32) -> Self {
        Self { k, ..Self::default() }
    }

    /// The same with `floor(share x records)` records to suppress at most. The share is a decimal from 0 to 1.
    pub fn budget_of(self, share: f64, records: u64) -> Self {
        Self { budget: crate::anonymity::budget(share, records), ..self }
    }

    /// Whether a node that breaks the budget proves that every finer node does; see the [folder](super).
    pub fn is_monotone(&self) -> bool {
        self.closeness.is_none() || self.budget == 0
    }

    /// Whether the model asks about sensitive values.
    pub fn asks_sensitive(&self) -> bool {
        self.distinct > 1 || self.closeness.is_some()
    }
}
