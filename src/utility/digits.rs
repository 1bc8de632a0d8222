//! Figures in two digits.

/// A figure in two significant digits, as many as an error tells.
///
/// ```
/// use coarsen::utility::two_digits;
/// let texts = [0.0, 0.000_065, 0.001, 0.0123, 0.5, 1.44, 43.8, 26_978.0].map(two_digits);
/// assert_eq!(texts, ["0", "6.5e-5", "0.0010", "0.012", "0.50", "1.4", "44", "26978"]);
/// ```
pub fn two_digits(figure: f64) -> String {
    match figure.abs() {
        0.0 => "0".to_owned(),
        small if small < 1e-4 => format!("{figure:.1e}"),
        below if below < 1.0 => {
            let zeros = (1..5).take_while(|zeros| below * 10f64.powi(*zeros) < 1.0).count();
            format!("{figure:.*}", zeros + 2)
        }
        below if below < 9.95 => format!("{figure:.1}"),
        _ => format!("{figure:.0}"),
    }
}
