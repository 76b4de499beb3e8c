//! Age bands of every breakdown, closed on the left.

/// First age of each band.
pub const STARTS: [u16; 8] = [0, 18, 25, 35, 45, 55, 65, 75];
/// The bands in order; the last one is for an age that is not known.
pub const NAMES: [&str; 9] = ["0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+", "not_known"];
/// Older ages are in the last band too.
pub const OLDEST: usize = 130;

/// The band of every age, so that a row's band is a look-up.
const OF_AGE: [u8; OLDEST + 1] = {
    let mut bands = [0; OLDEST + 1];
    let (mut age, mut band) = (0, 0);
    while age <= OLDEST {
        while band + 1 < STARTS.len() && age >= STARTS[band + 1] as usize {
            band += 1;
        }
        bands[age] = band as u8;
        age += 1;
    }
    bands
};

/// Position of an age's band in [`NAMES`].
pub fn of(age: Option<u16>) -> usize {
    age.map_or(NAMES.len() - 1, |age| usize::from(OF_AGE[usize::from(age).min(OLDEST)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_18_year_old_is_no_longer_17() {
        let band = |age| NAMES[of(age)];
        assert_eq!([band(Some(17)), band(Some(18)), band(Some(75)), band(Some(999))], ["0-17", "18-24", "75+", "75+"]);
        assert_eq!(band(None), "not_known");
    }
}
