//! The file that a body goes to (`-o`).
//! In: a path. Out: a file that can be written, known before anything is sent; it keeps what it has until a body comes.

use std::fs::{File, OpenOptions};
use std::io::{Error, Write};
use std::path::{Path, PathBuf};

use crate::ending::Refusal;
use crate::request_description::Mistakes;

/// A file that is open, and as it was until [`begin`](Self::begin). If it was not there and nothing comes, it goes again.
pub(crate) struct OutputFile {
    path: PathBuf,
    file: File,
    place: Place,
}

/// What is at the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A file that was made by opening it.
    New,
    /// What was there before, or a body.
    Kept,
}

impl OutputFile {
    /// Opens, and makes if need be, a file.
    pub(crate) fn open(path: &Path) -> Result<Self, Mistakes> {
        let mut options = OpenOptions::new();
        options.write(true);
        // Only what this makes may go again, and a link that leads nowhere is there already.
        let (file, place) = match options.clone().create_new(true).open(path) {
            Ok(file) => (Ok(file), Place::New),
            Err(_) => (options.create(true).open(path), Place::Kept),
        };
        Ok(Self {
            path: path.to_owned(),
            file: file.map_err(|error| Mistakes::one("-o", cannot_write(path, &error)))?,
            place,
        })
    }

    /// A body comes, which may be empty: nothing stays of what was there.
    pub(crate) fn begin(&mut self) -> Result<(), Error> {
        self.place = Place::Kept;
        // A device or a pipe has no length to set.
        if self.file.metadata()?.is_file() {
            self.file.set_len(0)?;
        }
        Ok(())
    }

    /// Why it could not be written, if so.
    pub(crate) fn refusal(&self, error: &Error) -> Refusal {
        Refusal::System(cannot_write(&self.path, error))
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.file.flush()
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        if self.place == Place::New {
            // It is empty; that it stays is no harm.
            drop(std::fs::remove_file(&self.path));
        }
    }
}

fn cannot_write(path: &Path, error: &Error) -> String {
    format!("the file {} cannot be written ({error})", path.display())
}
