//! Pounds in words.

/// Pounds and pence.
pub(super) fn pence(pounds: f64) -> String {
    if pounds < 0.0 { "less than nothing".to_owned() } else { format!("£{pounds:.2}") }
}

/// Pounds and pence, whatever they are.
pub fn exactly(pounds: f64) -> String {
    let text = format!("{:.2}", pounds.abs());
    let (whole, pence) = text.split_once('.').unwrap_or((&text, "00"));
    let sign = if pounds < 0.0 { "-" } else { "" };
    format!("{sign}£{}.{pence}", crate::error::grouped(whole.parse().unwrap_or_default()))
}

/// Pounds to three figures.
pub(super) fn money(pounds: f64) -> String {
    let digits = if pounds >= 1.0 { pounds.log10().floor() as i32 } else { 0 };
    let scale = 10f64.powi((digits - 2).max(0));
    let rounded = ((pounds / scale).round() * scale) as u64;
    format!("£{}", crate::error::grouped(rounded))
}

/// How much more or less.
pub(super) fn signed(pounds: f64) -> String {
    if pounds < 0.0 { format!("{} less", money(-pounds)) } else { format!("{} more", money(pounds)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pounds_are_said_to_three_figures() {
        assert_eq!([78_676.24, 950.4, 0.2].map(money), ["£78,700", "£950", "£0"]);
        assert_eq!([78_676.244, -950.4].map(exactly), ["£78,676.24", "-£950.40"]);
        assert_eq!(signed(-12_345.0), "£12,300 less");
    }
}
