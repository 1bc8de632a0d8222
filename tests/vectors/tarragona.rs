//! The Tarragona reference data: 834 companies, 13 whole numbers each.

/// The attributes, in the order of the file.
pub const NAMES: [&str; 13] = [
    "FIXED.ASSETS",
    "CURRENT.ASSETS",
    "TREASURY",
    "UNCOMMITTED.FUNDS",
    "PAID.UP.CAPITAL",
    "SHORT.TERM.DEBT",
    "SALES",
    "LABOR.COSTS",
    "DEPRECIATION",
    "OPERATING.PROFIT",
    "FINANCIAL.OUTCOME",
    "GROSS.PROFIT",
    "NET.PROFIT",
];

/// The columns, one entry a company.
pub fn columns() -> Vec<Vec<i64>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/data/tarragona.csv");
    let text = std::fs::read_to_string(path).expect("the table");
    let mut lines = text.lines();
    assert_eq!(lines.next().expect("a header").split(',').collect::<Vec<_>>(), NAMES);
    let mut columns = vec![Vec::new(); NAMES.len()];
    for line in lines {
        for (column, cell) in columns.iter_mut().zip(line.split(',')) {
            column.push(cell.parse().expect("a whole number"));
        }
    }
    assert!(columns.iter().all(|column| column.len() == 834));
    columns
}
