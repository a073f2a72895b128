//! Memory of this process, second by second.

/// Allocators keep what they had; a difference of less says nothing.
pub(crate) const NOISE_KIB: u64 = 8 << 10;

/// Resident memory, each time that it was measured, in KiB.
#[derive(Debug, Default)]
pub(crate) struct Memory(Vec<u64>);

impl Memory {
    /// Measure, where the system tells (Linux).
    pub(crate) fn measure(&mut self) {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        self.0.extend(number);
    }

    /// The peak of the second quarter, when caches are full, and that of the last.
    pub(crate) fn early_and_late(&self) -> (u64, u64) {
        let quarter = self.0.len() / 4;
        let peak = |part: &[u64]| part.iter().copied().max().unwrap_or_default();
        let early = peak(&self.0[quarter..quarter * 2]);
        (early, peak(&self.0[quarter * 3..]))
    }
}
