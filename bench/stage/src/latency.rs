//! Round trips, counted by their length.

use std::time::Duration;

/// Each power of two has so many bins, so a quantile is right to 1/64.
const BINS: u64 = 64;

/// A histogram of nanoseconds.
pub(crate) struct Latencies {
    bins: Vec<u64>,
    count: u64,
}

impl Latencies {
    pub(crate) fn new() -> Self {
        Self {
            bins: vec![0; 40 * BINS as usize],
            count: 0,
        }
    }

    pub(crate) fn clear(&mut self) {
        self.bins.fill(0);
        self.count = 0;
    }

    #[inline]
    pub(crate) fn record(&mut self, time: Duration) {
        let bin = bin(time.as_nanos() as u64).min(self.bins.len() - 1);
        self.bins[bin] += 1;
        self.count += 1;
    }

    /// In ns; `per_mille` of all are shorter.
    pub(crate) fn quantile(&self, per_mille: u64) -> u64 {
        let wanted = self.count * per_mille / 1000;
        let mut seen = 0;
        for (bin, count) in self.bins.iter().enumerate() {
            seen += count;
            if seen > wanted {
                return middle(bin as u64);
            }
        }
        0
    }

    /// For the harness.
    pub(crate) fn to_json(&self) -> String {
        format!(
            "\"count\":{},\"p50\":{},\"p99\":{},\"p999\":{}",
            self.count,
            self.quantile(500),
            self.quantile(990),
            self.quantile(999)
        )
    }
}

/// Values below [`BINS`] have a bin each; above, the leading bits choose.
#[inline]
fn bin(nanos: u64) -> usize {
    if nanos < BINS {
        return nanos as usize;
    }
    let shift = nanos.ilog2() - BINS.ilog2();
    (BINS * u64::from(shift) + (nanos >> shift)) as usize
}

fn middle(bin: u64) -> u64 {
    if bin < 2 * BINS {
        return bin;
    }
    let shift = bin / BINS - 1;
    ((bin - shift * BINS) << shift) + (1 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_is_where_its_middle_is() {
        for nanos in [
            0,
            1,
            63,
            64,
            127,
            128,
            129,
            1_000,
            6_400,
            123_456,
            9_876_543_210,
        ] {
            let found = middle(bin(nanos) as u64);
            assert!(
                found.abs_diff(nanos) * 64 <= nanos,
                "{nanos} became {found}"
            );
        }
    }
}
