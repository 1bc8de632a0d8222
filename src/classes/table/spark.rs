//! Class tables of catalogues past one machine: the GROUP BY through Spark's own shell.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{ClassTable, ClassTableError, OPTIONAL, class_sql, columns_read};
use crate::catalogue::ingest::parquet_header;
use crate::catalogue::{CatalogueError, harmless};
use crate::policy::Policy;
use crate::policy::sql::Dialect;

/// Where Spark computes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spark {
    program: PathBuf,
    /// What makes a shell of `spark-submit`.
    submit: bool,
    master: String,
    scratch: Option<PathBuf>,
}

/// A catalogue that Spark can't make a class table of.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SparkError {
    /// No Spark.
    #[error(
        "there is no spark-sql or spark-submit in SPARK_HOME/bin or on the PATH: install Apache Spark (for one, `pip \
         install pyspark`, and a Java runtime of version 17 or later), or set SPARK_HOME to its folder"
    )]
    Missing,
    /// A path that can't be handed to it.
    #[error("{path}: {problem}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong, and the mend.
        problem: String,
    },
    /// It could not be started, or its folder not be made or read.
    #[error("{what}: {source}")]
    Io {
        /// What was done.
        what: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It ended with an error.
    #[error("Spark failed ({status}); the end of what it says:\n{tail}")]
    Failed {
        /// How it ended.
        status: String,
        /// The last lines of its standard error.
        tail: String,
    },
    /// The policy has no such query, or the table can't be read.
    #[error(transparent)]
    Table(#[from] ClassTableError),
}

/// Lines of Spark's standard error that a message shows.
const TAIL: usize = 15;
/// Characters that Hadoop's paths take for patterns or escapes.
const PATTERNS: [char; 8] = ['*', '?', '[', ']', '{', '}', '\\', ','];

impl Spark {
    /// Finds `spark-sql`, or else `spark-submit`, in `SPARK_HOME/bin` or on the `PATH`. `master` is what Spark calls a
    /// master: `local[*]`, `spark://HOST:PORT`, `yarn`, ...; `scratch` a folder that all its workers see, in which the
    /// table is written before it is read back: the system's for temporary files where absent.
    ///
    /// # Errors
    /// [`SparkError::Missing`].
    pub fn find(master: &str, scratch: Option<PathBuf>) -> Result<Self, SparkError> {
        let home = std::env::var_os("SPARK_HOME").map(|home| PathBuf::from(home).join("bin"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = home.into_iter().chain(std::env::split_paths(&path)).collect();
        for (name, submit) in [("spark-sql", false), ("spark-submit", true)] {
            if let Some(program) = folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file())
            {
                return Ok(Self { program, submit, master: master.to_owned(), scratch });
            }
        }
        Err(SparkError::Missing)
    }

    /// The class table of one ping on a catalogue in Parquet files: paths of files and folders, or the addresses of
    /// either where Spark reads them from elsewhere (`hdfs://`, `s3a://`). The optional columns that local files lack
    /// are found out; those that files elsewhere lack must be named.
    ///
    /// # Errors
    /// [`SparkError`]: a path, the policy, Spark itself, the table it wrote.
    pub fn class_table(
        &self,
        catalogue: &[String],
        policy: &Policy,
        ping: &str,
        lacks: &[String],
    ) -> Result<ClassTable, SparkError> {
        let (paths, lacks) = found(catalogue, lacks)?;
        let columns = columns_read(policy, ping, &lacks)?;
        let query = class_sql(policy, ping, Dialect::Spark, "coarsen_catalogue", &lacks)?;
        let io = |what: &'static str| move |source| SparkError::Io { what: what.to_owned(), source };
        let folder = match &self.scratch {
            Some(scratch) => tempfile::tempdir_in(scratch),
            None => tempfile::tempdir(),
        };
        let folder = folder.map_err(io("making a folder for Spark's table"))?;
        let (script, written) = (folder.path().join("classes.sql"), folder.path().join("classes"));
        let sql = |error| SparkError::Table(ClassTableError::Sql(error));
        let written_to = Dialect::Spark.text(&written.display().to_string()).map_err(sql)?;
        let columns: Result<Vec<String>, _> =
            columns.iter().map(|column| Dialect::Spark.ident(column)).collect();
        let columns = columns.map_err(sql)?.join(", ");
        let parts: Result<Vec<String>, SparkError> = paths
            .iter()
            .map(|path| {
                Ok(format!("SELECT {columns} FROM parquet.{}", Dialect::Spark.ident(path).map_err(sql)?))
            })
            .collect();
        let text = format!(
            "CREATE TEMPORARY VIEW coarsen_catalogue AS\n{};\nINSERT OVERWRITE DIRECTORY {written_to} USING parquet\n\
             SELECT /*+ REPARTITION(1) */ * FROM (\n{query}) AS classes;\n",
            parts?.join("\nUNION ALL\n")
        );
        std::fs::write(&script, text).map_err(io("writing Spark's script"))?;
        self.run(folder.path(), &script)?;
        let part = std::fs::read_dir(&written)
            .and_then(|entries| {
                entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
            })
            .map_err(io("reading Spark's table"))?;
        let part = part.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "parquet"));
        let part = part.ok_or_else(|| SparkError::Path {
            path: catalogue.join(", "),
            problem: "the catalogue has no file in it; give one with at least one row".to_owned(),
        })?;
        Ok(ClassTable::read(&part)?)
    }

    fn run(&self, folder: &Path, script: &Path) -> Result<(), SparkError> {
        let mut command = Command::new(&self.program);
        if self.submit {
            command.args(["--class", "org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver"]);
        }
        command.args(["--master", &self.master]);
        let warehouse = format!("spark.sql.warehouse.dir={}", folder.join("warehouse").display());
        let mut settings = vec![
            "spark.ui.enabled=false",
            "spark.sql.catalogImplementation=in-memory",
            "spark.sql.variable.substitute=false",
            &warehouse,
        ];
        if self.master.starts_with("local") {
            // Nothing of a run on this machine is to be reached from another.
            settings.extend(["spark.driver.bindAddress=127.0.0.1", "spark.driver.host=127.0.0.1"]);
            // As many as one machine has use for, not as a cluster.
            settings.push("spark.sql.shuffle.partitions=16");
            command.env("SPARK_LOCAL_IP", "127.0.0.1");
        }
        settings.iter().for_each(|setting| _ = command.args(["--conf", setting]));
        if self.submit {
            command.arg("spark-internal");
        }
        command.args([OsString::from("-f"), script.into()]);
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let what = format!("starting {}", self.program.display());
        let ran = command.output().map_err(|source| SparkError::Io { what, source })?;
        if ran.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&ran.stderr);
        // Frames of the Java stack say nothing to a user.
        let lines: Vec<String> =
            said.lines().filter(|line| !line.trim_start().starts_with("at ")).map(harmless).collect();
        let tail = lines[lines.len().saturating_sub(TAIL)..].join("\n");
        Err(SparkError::Failed { status: ran.status.to_string(), tail })
    }
}

/// The paths as Spark should read them, and the optional columns that they lack.
fn found(catalogue: &[String], lacks: &[String]) -> Result<(Vec<String>, Vec<String>), SparkError> {
    let mut paths = Vec::new();
    let mut lacking: Option<(String, Vec<String>)> = None;
    for path in catalogue {
        let refuse = |problem: String| SparkError::Path { path: harmless(path), problem };
        if path.contains("://") {
            paths.push(path.clone());
            continue;
        }
        let whole = std::fs::canonicalize(path).map_err(|error| refuse(error.to_string()))?;
        let text = whole.to_str().ok_or_else(|| refuse("the path is not UTF-8; rename it".to_owned()))?;
        if let Some(pattern) = text.chars().find(|c| PATTERNS.contains(c)) {
            return Err(refuse(format!("Spark takes `{pattern}` for a pattern; rename it")));
        }
        let header = local_header(&whole).map_err(refuse)?;
        let missing = |name: &&str| !header.iter().any(|column| column == name);
        if let Some(column) = ["title_id", "duration_ms"].iter().find(|name| missing(name)) {
            return Err(refuse(format!("there is no column `{column}`; import the catalogue first")));
        }
        let here: Vec<String> =
            OPTIONAL.iter().filter(|name| missing(name)).map(|name| (*name).to_owned()).collect();
        if let Some((first, there)) = &lacking
            && *there != here
        {
            return Err(refuse(format!("its columns differ from those of {first}; give files of one kind")));
        }
        lacking.get_or_insert((harmless(path), here));
        paths.push(text.to_owned());
    }
    let mut lacks = lacks.to_vec();
    lacks.extend(lacking.map(|(_, here)| here).unwrap_or_default());
    lacks.sort();
    lacks.dedup();
    Ok((paths, lacks))
}

/// The columns of a Parquet file, or of the first one of a folder.
fn local_header(path: &Path) -> Result<Vec<String>, String> {
    let of = |file: &Path| parquet_header(file).map_err(|error: CatalogueError| error.to_string());
    if !path.is_dir() {
        return of(path);
    }
    let entries = std::fs::read_dir(path).map_err(|error| error.to_string())?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| file.extension().is_some_and(|ending| ending == "parquet"))
        .collect();
    files.sort();
    of(files.first().ok_or("there is no Parquet file in the folder")?)
}
