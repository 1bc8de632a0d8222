//! The GROUP BY that yields a class table, for the engine where the catalogue lies.

use super::stated::in_groups;
use super::{ClassTableError, Stated};
use crate::catalogue::SideField;
use crate::classes::{Corner, Generalization, Numbers};
use crate::policy::Policy;
use crate::policy::sql::{Dialect, Edges, group};
use crate::rounding::{Groups, Rounding};

/// The columns that a catalogue may lack.
pub const OPTIONAL: [&str; 11] = [
    "series_id",
    "popularity",
    "bitrate_bps",
    "kind",
    "genre",
    "width",
    "height",
    "resolution",
    "video_codec",
    "audio_codec",
    "container",
];

/// Weights are whole numbers whose sum is under this power of two ...
const SUM_BITS: u32 = 62;
/// ... and popularities that aren't counts are scaled to this one.
const UNIT_BITS: u32 = 52;
/// No catalogue has more files, so no sum of weights more bits.
const FILE_BITS: u32 = 32;

/// One query over a catalogue that yields the class table of one ping ([`ClassTable`](super::ClassTable)): the same
/// classes, counts and sums as [`ClassTable::of`](super::ClassTable::of) has them. Rows are grouped by class, title and
/// series first, so that what is left to count is small.
///
/// The table has the columns of a catalogue but those named in `lacks` ([`OPTIONAL`]). Durations and bit rates lie in
/// 1..=2^32-1, or the query ends with an error that names the column; popularities are finite and not negative.
/// Popularities that are no counts are scaled in floats as [`Catalogue::weight`](crate::catalogue::Catalogue::weight)
/// scales them. Text is taken without the spaces around it, and empty text as missing.
///
/// # Errors
/// [`ClassTableError::Optional`]; what [`Generalization::of_ping`] refuses; what the engine can't hold.
pub fn class_sql(
    policy: &Policy,
    ping: &str,
    dialect: Dialect,
    table: &str,
    lacks: &[String],
) -> Result<String, ClassTableError> {
    check(lacks)?;
    let told = Stated::of_ping(policy, ping, lacks)?;
    let (generalization, groups) = in_groups(policy, ping)?;
    let query = Query { dialect, lacks, generalization, groups };
    query.written(&dialect.table(table)?, &told)
}

/// The columns of the catalogue that the query reads.
///
/// # Errors
/// As [`class_sql`].
pub fn columns_read(
    policy: &Policy,
    ping: &str,
    lacks: &[String],
) -> Result<Vec<&'static str>, ClassTableError> {
    check(lacks)?;
    let (generalization, _) = in_groups(policy, ping)?;
    let query = Query { dialect: Dialect::DuckDb, lacks, generalization, groups: Vec::new() };
    let optional = ["series_id", "popularity", "bitrate_bps"].into_iter().filter(|column| query.has(column));
    let sides = query.sides().into_iter().map(SideField::name);
    Ok(["title_id", "duration_ms"].into_iter().chain(optional).chain(sides).collect())
}

fn check(lacks: &[String]) -> Result<(), ClassTableError> {
    match lacks.iter().find(|name| !OPTIONAL.contains(&name.as_str())) {
        Some(name) => Err(ClassTableError::Optional {
            name: name.escape_debug().to_string(),
            known: OPTIONAL.join(", "),
        }),
        None => Ok(()),
    }
}

struct Query<'a> {
    dialect: Dialect,
    lacks: &'a [String],
    generalization: Generalization,
    groups: Vec<(SideField, Groups)>,
}

/// A number that leaves and that the catalogue has.
struct Number<'q> {
    name: &'static str,
    column: &'static str,
    rounding: &'q Rounding,
}

impl Query<'_> {
    fn has(&self, column: &str) -> bool {
        !self.lacks.iter().any(|lacked| lacked == column)
    }

    fn numbers(&self) -> Vec<Number<'_>> {
        let Generalization { duration, bitrate, .. } = &self.generalization;
        let all = [
            Number { name: "duration", column: "duration_ms", rounding: duration },
            Number { name: "bitrate", column: "bitrate_bps", rounding: bitrate },
        ];
        all.into_iter().filter(|number| !number.rounding.is_drop() && self.has(number.column)).collect()
    }

    /// The side fields that leave and that the catalogue has; those that a box asks are among them.
    fn sides(&self) -> Vec<SideField> {
        self.generalization.by.iter().copied().filter(|field| self.has(field.name())).collect()
    }

    fn grouped(&self) -> impl Iterator<Item = &(SideField, Groups)> {
        self.groups.iter().filter(|(field, _)| self.has(field.name()))
    }

    fn written(&self, table: &str, told: &Stated) -> Result<String, ClassTableError> {
        let dialect = self.dialect;
        let (numbers, sides) = (self.numbers(), self.sides());
        let boxed = !self.generalization.other.is_empty();
        let keys: Vec<String> = numbers
            .iter()
            .flat_map(|number| [format!("{}_from", number.name), format!("{}_to", number.name)])
            .chain(sides.iter().map(|field| field.name().to_owned()))
            .chain(boxed.then(|| "other".to_owned()))
            .collect();
        let key = keys.iter().map(|key| format!("{key}, ")).collect::<String>();
        let fence = dialect.fence();
        let values = ["duration_value", "bitrate_value"];
        let mut text = String::from("WITH files AS (\n  SELECT\n    ");
        text += &self.files(&sides)?.join(",\n    ");
        text += &format!("\n  FROM {table}{fence}\n), cut AS (\n  SELECT\n    title, series, popularity, ");
        text += &values.join(", ");
        for field in &sides {
            text += &format!(", {0}, raw_{0}", field.name());
        }
        for number in &numbers {
            let value = format!("{}_value", number.name);
            let edges = Edges::of(dialect, number.rounding, &value);
            for (end, edge) in [("from", &edges.from), ("to", &edges.to)] {
                text += &format!(
                    ",\n    CASE WHEN {value} IS NULL THEN NULL ELSE {edge} END AS {}_{end}",
                    number.name
                );
            }
        }
        text += &format!(",\n    {} AS boxed\n  FROM (\n    SELECT\n      ", self.boxed()?);
        text += &format!("title, series, popularity, {}", values.join(", "));
        for field in &sides {
            let raw = format!("raw_{}", field.name());
            let groups = self.groups.iter().find(|(of, _)| of == field);
            let as_told = groups.map(|(_, groups)| group(dialect, groups, &raw)).transpose()?;
            text += &format!(",\n      {raw}, {} AS {}", as_told.as_ref().unwrap_or(&raw), field.name());
        }
        text += &format!("\n    FROM files{fence}\n  ) AS told{fence}\n), ");
        text += &self.weighted(&numbers, &sides);
        text += &self.titles(&key, &numbers);
        text += &self.whole();
        let constants = self.constants(told)?;
        let list = |names: &[String]| names.iter().map(|name| format!("  {name},\n")).collect::<String>();
        let written_keys: Vec<String> = keys
            .iter()
            .map(|key| match key.ends_with("_from") || key.ends_with("_to") {
                true => format!("{} AS {key}", dialect.digits(key)),
                false => key.clone(),
            })
            .collect();
        text += &format!("\nSELECT\n{}{}", list(&constants.selected), list(&written_keys));
        text += &self.sums(&numbers).iter().map(|sum| format!("  {sum}")).collect::<Vec<_>>().join(",\n");
        text += "\nFROM shares CROSS JOIN whole";
        text += &self.grouped().map(|(field, _)| format!(" CROSS JOIN whole_{field}")).collect::<String>();
        text += &format!("\nGROUP BY {}{}\n", key, constants.grouped.join(", "));
        Ok(text)
    }

    /// The columns as they are read.
    fn files(&self, sides: &[SideField]) -> Result<Vec<String>, ClassTableError> {
        let dialect = self.dialect;
        let column = |name: &str| dialect.ident(name);
        let value = |name: &str| dialect.value_in(name, &column(name)?, 1, u32::MAX.into());
        let null = || dialect.exact("NULL");
        let series = if self.has("series_id") { column("series_id")? } else { "NULL".to_owned() };
        let popularity = match self.has("popularity") {
            true => format!("COALESCE({}, {})", dialect.float(&column("popularity")?), dialect.float("1")),
            false => dialect.float("1"),
        };
        let bitrate = if self.has("bitrate_bps") { value("bitrate_bps")? } else { null() };
        let mut files = vec![
            format!("{} AS title", column("title_id")?),
            format!("{series} AS series"),
            format!("{popularity} AS popularity"),
            format!("{} AS duration_value", value("duration_ms")?),
            format!("{bitrate} AS bitrate_value"),
        ];
        for field in sides {
            let text = dialect.name_of(&column(field.name())?);
            files.push(format!("NULLIF(TRIM({text}), '') AS raw_{}", field.name()));
        }
        Ok(files)
    }

    /// Whether a file lies in a box; a column that the catalogue lacks is missing in every file.
    fn boxed(&self) -> Result<String, ClassTableError> {
        let boxes: Result<Vec<String>, ClassTableError> =
            self.generalization.other.iter().map(|corner| self.corner(corner)).collect();
        let boxes = boxes?;
        Ok(if boxes.is_empty() { "FALSE".to_owned() } else { boxes.join(" OR ") })
    }

    fn corner(&self, corner: &Corner) -> Result<String, ClassTableError> {
        let mut all = Vec::new();
        for (value, asked) in [("duration_value", corner.duration), ("bitrate_value", corner.bitrate)] {
            match asked {
                Numbers::Any => {}
                Numbers::Missing => all.push(format!("{value} IS NULL")),
                Numbers::In(range) => {
                    let from = self.dialect.number(range.from);
                    let to = range.to.map(|to| format!(" AND {value} < {}", self.dialect.number(to)));
                    let to = to.unwrap_or_default();
                    all.push(format!("({value} IS NOT NULL AND {value} >= {from}{to})"));
                }
            }
        }
        for (field, values) in &corner.side {
            let name = field.name();
            if !self.has(name) {
                all.push(if values.contains(&None) { "TRUE".to_owned() } else { "FALSE".to_owned() });
                continue;
            }
            let mut any = Vec::new();
            if values.contains(&None) {
                any.push(format!("{name} IS NULL"));
            }
            for value in values.iter().flatten() {
                any.push(format!("({name} IS NOT NULL AND {name} = {})", self.dialect.text(value)?));
            }
            all.push(format!("({})", any.join(" OR ")));
        }
        Ok(format!("({})", all.join(" AND ")))
    }

    /// The files with whole weights, and with nothing told of those in a box.
    fn weighted(&self, numbers: &[Number<'_>], sides: &[SideField]) -> String {
        let dialect = self.dialect;
        let fence = dialect.fence();
        let power = |bits: u32| dialect.wide(1 << bits);
        let whole = "popularity = floor(popularity) AND popularity <= 9007199254740992";
        let scaled = format!("popularity / largest * {}", dialect.float("4503599627370496"));
        let part = format!(
            "CASE WHEN largest = 0 THEN {one} WHEN odd = 0 AND counted < {most} THEN {counts} WHEN {scaled} < 0.5 THEN \
             {zero} ELSE {rounded} END",
            one = dialect.number(1),
            zero = dialect.number(0),
            most = power(SUM_BITS),
            counts = dialect.floored(&format!("CASE WHEN {whole} THEN popularity END")),
            rounded = dialect.floored(&format!("floor({scaled} + 0.5)")),
        );
        // Too many bits are shifted out, from all weights alike.
        let shifts = (SUM_BITS..UNIT_BITS + FILE_BITS).map(|bits| {
            format!("WHEN parts < {} THEN {} ", power(bits), dialect.wide(1 << (bits - SUM_BITS)))
        });
        let last = dialect.wide(1 << (UNIT_BITS + FILE_BITS - SUM_BITS));
        let divisor = dialect.exact(&format!("CASE {}ELSE {last} END", shifts.collect::<String>()));
        let count = dialect.floored(&format!("CASE WHEN {whole} THEN popularity ELSE 0 END"));
        let mut columns = String::from("title, series");
        let mut told = columns.clone();
        for field in sides {
            columns += &format!(", {field}");
            told += &format!(", CASE WHEN boxed THEN NULL ELSE {field} END AS {field}");
        }
        for Number { name, .. } in numbers {
            columns += &format!(", {name}_value, {name}_from, {name}_to");
            for end in ["from", "to"] {
                told += &format!(", CASE WHEN boxed THEN NULL ELSE {name}_{end} END AS {name}_{end}");
            }
            let half = dialect.quotient(&format!("({name}_to - {name}_from)"), &dialect.number(2));
            let middle =
                format!("CASE WHEN {name}_to IS NULL THEN {name}_from ELSE {name}_from + {half} END");
            told += &format!(
                ", {name}_value, CASE WHEN boxed THEN NULL ELSE {name}_value END AS {name}_told, {middle} AS {name}_middle"
            );
        }
        told += ", CASE WHEN boxed THEN 1 ELSE 0 END AS other";
        if !self.has("popularity") {
            let one = dialect.number(1);
            return format!("weighted AS (\n  SELECT {told}, {one} AS weight\n  FROM cut{fence}\n), ");
        }
        let weight = dialect.quotient("part", "divisor");
        format!(
            "scale AS (\n  SELECT max(popularity) AS largest, max(CASE WHEN {whole} THEN 0 ELSE 1 END) AS odd, \
             sum({count}) AS counted\n  FROM files\n), divided AS (\n  SELECT largest, odd, counted, {divisor} AS \
             divisor\n  FROM (SELECT largest, odd, counted, sum({part}) AS parts FROM files CROSS JOIN scale GROUP BY \
             largest, odd, counted) AS summed\n), weighted AS (\n  SELECT {told}, {weight} AS weight\n  FROM (SELECT \
             {columns}, boxed, divisor, {part} AS part FROM cut CROSS JOIN divided{fence}) AS parted{fence}\n), "
        )
    }

    /// What is known of the whole catalogue.
    fn whole(&self) -> String {
        let mut text = String::from(
            ", whole AS (\n  SELECT count(*) AS all_titles, max(files) AS all_top_title_files, max(weight) AS \
             all_top_title_weight\n  FROM (SELECT title, sum(files) AS files, sum(weight) AS weight FROM titles GROUP \
             BY title) AS titles\n)",
        );
        for (field, _) in self.grouped() {
            text += &format!(
                ", whole_{field} AS (\n  SELECT COALESCE(sum(names), 0) AS {field}_names, COALESCE(sum(files * (names - \
                 1)), 0) AS {field}_coarse\n  FROM (SELECT {field}, count(*) AS files, count(DISTINCT raw_{field}) AS \
                 names FROM cut WHERE {field} IS NOT NULL GROUP BY {field}) AS names\n)"
            );
        }
        text
    }

    /// The files of a title and series in a class, and beside each how much of the class its title is.
    fn titles(&self, key: &str, numbers: &[Number<'_>]) -> String {
        let mut sums = String::new();
        let mut names = String::new();
        for Number { name, .. } in numbers {
            let (told, middle) = (format!("{name}_told"), format!("{name}_middle"));
            sums += &format!(
                ", count({name}_value) AS {name}_files, sum({told}) AS {name}_sum, sum({told} * {told}) AS \
                 {name}_squares, sum(CASE WHEN {told} >= {middle} THEN {told} - {middle} ELSE {middle} - {told} END) \
                 AS {name}_error"
            );
            names += &format!(", {name}_files, {name}_sum, {name}_squares, {name}_error");
        }
        format!(
            "titles AS (\n  SELECT {key}title, series, count(*) AS files, sum(weight) AS weight, max(weight) AS \
             top_file_weight{sums}\n  FROM weighted\n  GROUP BY {key}title, series\n), shares AS (\n  SELECT {key}title, \
             series, files, weight, top_file_weight{names},\n    sum(files) OVER (PARTITION BY {key}title) AS \
             title_files, sum(weight) OVER (PARTITION BY {key}title) AS title_weight\n  FROM titles\n)"
        )
    }

    /// What is told of each class.
    fn sums(&self, numbers: &[Number<'_>]) -> Vec<String> {
        let dialect = self.dialect;
        let count = |of: &str, name: &str| format!("{} AS {name}", dialect.count(of));
        let series = match self.has("series_id") {
            true => "count(DISTINCT series) + count(DISTINCT CASE WHEN series IS NULL THEN title END)",
            false => "count(DISTINCT title)",
        };
        let mut sums = vec![
            count("sum(files)", "files"),
            count("count(DISTINCT title)", "titles"),
            count(series, "series"),
            count("sum(weight)", "weight"),
            count("max(top_file_weight)", "top_file_weight"),
            count("max(title_files)", "top_title_files"),
            count("max(title_weight)", "top_title_weight"),
        ];
        for Number { name, .. } in numbers {
            sums.push(count(&format!("sum({name}_files)"), &format!("{name}_files")));
            for what in ["sum", "squares", "error"] {
                sums.push(format!("{} AS {name}_{what}", dialect.digits(&format!("sum({name}_{what})"))));
            }
        }
        sums
    }

    fn constants(&self, told: &Stated) -> Result<Constants, ClassTableError> {
        // A struct of texts, lists of texts and numbers has a JSON.
        let told = serde_json::to_string(told).unwrap_or_default();
        let mut selected = vec![format!("{} AS generalization", self.dialect.text(&told)?)];
        let mut grouped: Vec<String> = Vec::new();
        let fixed = ["all_titles", "all_top_title_files", "all_top_title_weight"].map(str::to_owned);
        let of_groups =
            self.grouped().flat_map(|(field, _)| [format!("{field}_names"), format!("{field}_coarse")]);
        for name in fixed.into_iter().chain(of_groups) {
            let written = match name.ends_with("_coarse") {
                true => self.dialect.digits(&name),
                false => self.dialect.count(&name),
            };
            selected.push(format!("{written} AS {name}"));
            grouped.push(name);
        }
        Ok(Constants { selected, grouped })
    }
}

/// What stands alike in every row.
struct Constants {
    selected: Vec<String>,
    grouped: Vec<String>,
}
