//! A process that is measured: it and all that it started end when this is dropped, and its profile goes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::processes::{self, Usage};
use crate::Failure;

#[derive(Debug)]
pub(super) struct Running {
    pub(super) name: String,
    child: Child,
    /// Dropped after the processes have ended, which write to it.
    _profile: Option<Profile>,
}

impl Running {
    pub(super) fn start(mut command: Command, profile: Option<Profile>) -> Result<Self, Failure> {
        let name = command.get_program().display().to_string();
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| Failure::finding(format!("{name} cannot be started: {error}")))?;
        Ok(Self {
            name,
            child,
            _profile: profile,
        })
    }

    pub(super) fn check_alive(&mut self) -> Result<(), Failure> {
        let problem = match self.child.try_wait() {
            Ok(None) => return Ok(()),
            Ok(Some(status)) => format!("{} ended too early: {status}", self.name),
            Err(error) => format!("{} cannot be asked: {error}", self.name),
        };
        Err(Failure::finding(problem))
    }

    pub(super) fn usage(&self) -> Usage {
        processes::usage(self.child.id())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let tree = processes::tree(self.child.id());
        // It may have ended by itself.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
        // A browser's helpers notice that it is gone and end by themselves, mostly.
        for _ in 0..ATTEMPTS {
            if processes::still_there(&tree).is_empty() {
                return;
            }
            std::thread::sleep(PAUSE);
        }
        for process in processes::still_there(&tree) {
            // One that ended just now is as good.
            let _gone = Command::new("kill")
                .args(["-KILL", &process.id.to_string()])
                .status();
        }
    }
}

/// A folder of its own for a browser's settings and caches.
#[derive(Debug)]
pub(super) struct Profile(PathBuf);

impl Profile {
    pub(super) fn fresh() -> Result<Self, Failure> {
        let name = format!("vetch-against-{}", std::process::id());
        let profile = Self(std::env::temp_dir().join(name));
        // Of a run that was ended hard.
        let _left = fs::remove_dir_all(&profile.0);
        let made = fs::create_dir(&profile.0);
        let path = profile.0.display().to_string();
        made.map_err(|error| Failure::finding(format!("{path} cannot be made: {error}")))?;
        Ok(profile)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        for _ in 0..ATTEMPTS {
            if fs::remove_dir_all(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            std::thread::sleep(PAUSE);
        }
    }
}

/// How often one looks whether something is over.
const ATTEMPTS: u32 = 40;
const PAUSE: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outlives_it() {
        let profile = Profile::fresh().unwrap();
        let path = profile.path().to_owned();
        let mut command = Command::new("sh");
        // The shell's child does not notice that the shell is gone.
        command.args(["-c", "sleep 600; true"]);
        let running = Running::start(command, Some(profile)).unwrap();
        let root = running.child.id();
        let tree = loop {
            let tree = processes::tree(root);
            if tree.len() == 2 {
                break tree;
            }
            std::thread::sleep(PAUSE);
        };
        drop(running);
        assert!(!path.exists());
        let over = || processes::still_there(&tree).is_empty();
        assert!((0..ATTEMPTS).any(|_| {
            std::thread::sleep(PAUSE);
            over()
        }));
    }

    #[test]
    fn an_early_end_is_told() {
        let mut running = Running::start(Command::new("true"), None).unwrap();
        let ended = loop {
            if let Err(Failure::Findings(findings)) = running.check_alive() {
                break findings;
            }
        };
        assert_eq!(ended, ["true ended too early: exit status: 0"]);
    }
}
