//! Files are written beside their place and renamed into it, so a killed run leaves the old one or the new one.
//!
//! What a killed run leaves beside it is called `.tmp-NAME-` and some letters, NAME being that of the place.

use std::io::{Result, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile, TempPath};

/// Characters of a place's name in the name beside it: the whole must not be longer than a disk allows.
const NAMED: usize = 40;

/// Writes the bytes beside their place; `persist` renames them into it, and dropping removes them.
///
/// # Errors
/// What the system says: no such folder, no permission, no space.
pub fn written_beside(path: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    let prefix = prefix(path);
    let mut builder = Builder::new();
    builder.prefix(&prefix);
    // As any other new file, not for its owner alone; the user's mask still applies.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder_of(path))?;
    file.write_all(bytes)?;
    Ok(file)
}

/// The file itself under another name beside it; dropping that removes the name alone.
///
/// # Errors
/// What the system says, also where the disk knows no hard links or the file may have none.
pub fn linked_beside(path: &Path) -> Result<TempPath> {
    let prefix = prefix(path);
    let link = |name: &Path| std::fs::hard_link(path, name);
    Ok(Builder::new().prefix(&prefix).make_in(folder_of(path), link)?.into_temp_path())
}

/// Writes the bytes beside their place and renames them into it.
///
/// # Errors
/// What the system says.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    written_beside(path, bytes)?.persist(path)?;
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!(".tmp-{}-", name.chars().take(NAMED).collect::<String>())
}
