//! Files are written beside their place and renamed into it, so a killed run leaves the old one or the new one.

use std::io::{Result, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Writes the bytes beside their place; `persist` renames them into it, and dropping removes them.
///
/// # Errors
/// What the system says: no such folder, no permission, no space.
pub fn written_beside(path: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // As any other new file, not for its owner alone; the user's mask still applies.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Writes the bytes beside their place and renames them into it.
///
/// # Errors
/// What the system says.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    written_beside(path, bytes)?.persist(path)?;
    Ok(())
}
