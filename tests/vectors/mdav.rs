//! MDAV on the Tarragona data, by the protocol of the literature: all attributes standardized, groups replaced by their
//! centroids, information loss 100 SSE / SST.

use coarsen::search::comparators::mdav_groups;

use super::tarragona::columns;

/// Measured by an independent program.
const MEASURED: [(u32, f64); 10] = [
    (3, 16.932588),
    (4, 19.545962),
    (5, 22.461860),
    (6, 26.325151),
    (7, 27.518393),
    (8, 29.692944),
    (9, 31.214607),
    (10, 33.192885),
    (15, 38.720530),
    (20, 43.198065),
];

/// Published: Domingo-Ferrer & Mateo-Sanz 2002, Laszlo & Mukherjee 2005, Lin et al. 2010.
const PUBLISHED: [(u32, f64); 4] = [(3, 16.9326), (4, 19.5460), (5, 22.4613), (10, 33.1924)];

fn standardized() -> Vec<Vec<f64>> {
    let one = |column: Vec<i64>| {
        let n = column.len() as f64;
        let mean = column.iter().sum::<i64>() as f64 / n;
        let variance = column.iter().map(|&x| (x as f64 - mean).powi(2)).sum::<f64>() / n;
        column.iter().map(|&x| (x as f64 - mean) / variance.sqrt()).collect()
    };
    columns().into_iter().map(one).collect()
}

/// Total squares are 1 a record and attribute after standardization.
fn information_loss(columns: &[Vec<f64>], groups: &[Vec<u32>]) -> f64 {
    let (mut lost, mut all) = (0.0, 0.0);
    for column in columns {
        all += column.iter().map(|x| x * x).sum::<f64>();
        for group in groups {
            let values = group.iter().map(|&record| column[record as usize]);
            let mean = values.clone().sum::<f64>() / group.len() as f64;
            lost += values.map(|x| (x - mean).powi(2)).sum::<f64>();
        }
    }
    100.0 * lost / all
}

#[test]
fn mdav_loses_on_tarragona_what_is_published() {
    let columns = standardized();
    for (k, measured) in MEASURED {
        let groups = mdav_groups(&columns, k).expect("groups");
        let loss = information_loss(&columns, &groups);
        assert!((loss - measured).abs() < 0.001, "k = {k}: {loss} and {measured}");
        if let Some((_, published)) = PUBLISHED.iter().find(|row| row.0 == k) {
            assert!((loss - published).abs() < 0.01, "k = {k}: {loss} and {published}");
        }
    }
}
