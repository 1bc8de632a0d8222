//! The nodes of a lattice of levels, numbered.

use super::super::SearchError;

/// One level per column.
pub type Levels = Vec<usize>;

/// The most nodes that a search takes on: a few bytes are held for each.
const MOST: usize = 1 << 24;

/// Every combination of levels, numbered with the first column as the most significant digit.
///
/// ```
/// use coarsen::search::lattice::Lattice;
/// let lattice = Lattice::new(vec![2, 3])?;
/// assert_eq!((lattice.nodes(), lattice.levels(4), lattice.index(&[1, 1])), (6, vec![1, 1], 4));
/// # Ok::<(), coarsen::search::SearchError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lattice {
    sizes: Vec<usize>,
    nodes: usize,
}

impl Lattice {
    /// The lattice of columns with that many levels each, at least 1.
    ///
    /// # Errors
    /// [`SearchError::Lattice`] for a column without levels, and for over 2^24 nodes.
    pub fn new(sizes: Vec<usize>) -> Result<Self, SearchError> {
        let nodes = sizes.iter().try_fold(1usize, |nodes, &size| nodes.checked_mul(size));
        match nodes.filter(|&nodes| nodes <= MOST) {
            Some(0) => Err(SearchError::Lattice { problem: "a column has no level; give it one".to_owned() }),
            Some(nodes) => Ok(Self { sizes, nodes }),
            None => Err(SearchError::Lattice {
                problem: format!("over {MOST} combinations of levels; leave out columns or levels"),
            }),
        }
    }

    /// How many nodes there are, at least 1.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// How many levels each column has.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The levels of a node by number.
    pub fn levels(&self, mut index: usize) -> Levels {
        let mut levels = vec![0; self.sizes.len()];
        for (level, size) in levels.iter_mut().zip(&self.sizes).rev() {
            *level = index % size;
            index /= size;
        }
        levels
    }

    /// The number of a node; each level must be one that the column has.
    pub fn index(&self, levels: &[usize]) -> usize {
        self.sizes.iter().zip(levels).fold(0, |index, (size, level)| index * size + level)
    }

    /// Marks a node and every finer one, or every coarser one. The marks must be the result of such calls alone: what
    /// is marked already is not entered again, so that all calls together cost O(nodes x columns).
    pub(super) fn mark(&self, marks: &mut [bool], index: usize, finer: bool) {
        let mut stack = vec![index];
        while let Some(index) = stack.pop() {
            if std::mem::replace(&mut marks[index], true) {
                continue;
            }
            let levels = self.levels(index);
            let mut step = self.nodes;
            for (level, size) in levels.iter().zip(&self.sizes) {
                step /= size;
                match finer {
                    true if *level > 0 => stack.push(index - step),
                    false if level + 1 < *size => stack.push(index + step),
                    _ => {}
                }
            }
        }
    }

    /// The nodes one step finer, by column.
    pub(super) fn finer(&self, index: usize) -> impl Iterator<Item = usize> {
        let mut step = self.nodes;
        let levels = self.levels(index).into_iter().zip(&self.sizes);
        levels.filter_map(move |(level, size)| {
            step /= size;
            (level > 0).then(|| index - step)
        })
    }

    /// The nodes by height, the sum of their levels.
    fn heights(&self) -> Vec<Vec<usize>> {
        let top: usize = self.sizes.iter().map(|size| size - 1).sum();
        let mut of_height: Vec<Vec<usize>> = vec![Vec::new(); top + 1];
        for index in 0..self.nodes {
            of_height[self.levels(index).iter().sum::<usize>()].push(index);
        }
        of_height
    }

    /// The nodes from the highest to the lowest.
    pub(super) fn highest_first(&self) -> Vec<usize> {
        self.heights().into_iter().rev().flatten().collect()
    }

    /// The nodes in an order that is spread evenly over their numbers at every stage (multiples of the golden ratio).
    pub(super) fn spread(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.nodes).collect();
        order.sort_by_key(|&index| (index as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        order
    }
}
