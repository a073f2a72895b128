//! What `/proc` says of processes: who descends from whom, and what they have used.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// Of a process and all its descendants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usage {
    /// Of those that have ended, too.
    pub(super) processor_time: Duration,
    /// In bytes, each page that several share divided among them.
    pub(super) memory: u64,
}

/// A process that lives: what ended and waits to be asked for its status is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) id: u32,
    parent: u32,
    /// Processors' time, also of its children that have ended, in ticks.
    ticks: u64,
    /// In ticks since the machine started: tells processes of the same number apart.
    started: u64,
}

/// The process and all that descend from it.
pub(super) fn tree(root: u32) -> Vec<Process> {
    let mut all = all();
    let mut found: Vec<Process> = all.remove(&root).into_iter().collect();
    let mut next = 0;
    while let Some(parent) = found.get(next).map(|process| process.id) {
        found.extend(all.values().filter(|process| process.parent == parent));
        next += 1;
    }
    found
}

pub(super) fn usage(root: u32) -> Usage {
    let tree = tree(root);
    let ticks: u64 = tree.iter().map(|process| process.ticks).sum();
    let memory = tree.iter().filter_map(|process| {
        let file = format!("/proc/{}/smaps_rollup", process.id);
        proportional_kib(&fs::read_to_string(file).ok()?)
    });
    Usage {
        processor_time: Duration::from_millis(ticks * MILLISECONDS_OF_A_TICK),
        memory: memory.sum::<u64>() * 1024,
    }
}

/// Those of the processes that still live.
pub(super) fn still_there(processes: &[Process]) -> Vec<Process> {
    let now = all();
    let lives = |process: &&Process| {
        now.get(&process.id)
            .is_some_and(|other| other.started == process.started)
    };
    processes.iter().filter(lives).copied().collect()
}

/// Over the last minute, five and fifteen.
pub(super) fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().take(3).collect();
    words.join(" ")
}

/// Linux tells every program a hundred ticks a second, whatever its own clock does.
const MILLISECONDS_OF_A_TICK: u64 = 10;

fn all() -> BTreeMap<u32, Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            let process = living_process(&stat)?;
            Some((process.id, process))
        })
        .collect()
}

/// From `/proc/PID/stat`, whose fields are numbered from 1 in proc(5).
fn living_process(stat: &str) -> Option<Process> {
    let (id, _) = stat.split_once(' ')?;
    // The name may have spaces and parentheses.
    let (_, rest) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3).copied();
    if matches!(field(3)?, "Z" | "X") {
        return None;
    }
    let number = |of: usize| field(of)?.parse::<u64>().ok();
    Some(Process {
        id: id.parse().ok()?,
        parent: field(4)?.parse().ok()?,
        ticks: number(14)? + number(15)? + number(16)? + number(17)?,
        started: number(22)?,
    })
}

/// From `/proc/PID/smaps_rollup`.
fn proportional_kib(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_look_like_the_fields_after_it() {
        let stat = "4711 (a) S 1 (b)) S 4700 4700 4700 0 -1 4194560 9 8 0 0 70 30 5 4 20 0 9 0 88123 1000 200 1 1";
        let process = Process {
            id: 4711,
            parent: 4700,
            ticks: 109,
            started: 88123,
        };
        assert_eq!(living_process(stat), Some(process));
        assert_eq!(living_process(&stat.replace(") S 47", ") Z 47")), None);
        assert_eq!(living_process("4711 (cut) S 4700"), None);
    }

    #[test]
    fn the_proportional_share_is_told_from_its_parts() {
        let rollup = "00400000-7ffe000 ---p 00000000 00:00 0    [rollup]\n\
                      Rss:      6084 kB\nPss:      1234 kB\nPss_Anon:  800 kB\n";
        assert_eq!(proportional_kib(rollup), Some(1234));
        assert_eq!(proportional_kib("Pss_Anon:  800 kB\n"), None);
    }

    #[test]
    fn this_process_is_a_tree_that_uses_something() {
        let own = std::process::id();
        let tree = tree(own);
        assert_eq!(tree.first().map(|process| process.id), Some(own));
        assert!(usage(own).memory > 0);
        assert_eq!(still_there(&tree[..1]), tree[..1]);
    }
}
