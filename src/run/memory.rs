//! Peak memory of this process, as the kernel counts it.

/// The most memory that was in use at a time so far, in MiB; none where the kernel does not tell.
pub(super) fn peak_mib() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib >> 10)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_process_uses_memory() {
        assert!(super::peak_mib().is_some_and(|mib| (1..1 << 20).contains(&mib)));
    }
}
