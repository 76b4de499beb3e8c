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

/// How much less often something happens, by how often with the pathway over how often without.
pub(super) fn fall(ratio: f64) -> String {
    match (100.0 * (1.0 - ratio)).round() as i64 {
        0 => "no change".to_owned(),
        fall if fall > 0 => format!("a fall of {fall} in 100"),
        rise => format!("a rise of {} in 100", -rise),
    }
}

/// Words as a sentence begins.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A count or a rate: whole from ten on, else with one decimal.
pub(super) fn about(number: f64) -> String {
    if number >= 9.95 { crate::error::grouped(number.round() as u64) } else { format!("{:.1}", number.max(0.0)) }
}

/// A number without what follows from six places on.
pub(super) fn number(value: f64) -> String {
    format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
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
        assert_eq!([0.71, 1.02, 0.999].map(fall), ["a fall of 29 in 100", "a rise of 2 in 100", "no change"]);
        assert_eq!([1_234.4, 9.96, 0.25].map(about), ["1,234", "10", "0.2"]);
        assert_eq!([0.5, 200.0, 0.123_456_7].map(number), ["0.5", "200", "0.123457"]);
    }
}
