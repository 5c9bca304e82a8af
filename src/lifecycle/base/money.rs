//! Amounts of money: whole minor units of the program's currency, never a fraction in binary.

use std::fmt;

use iso_currency::Currency as Iso;

use crate::lifecycle::base::text::grouped;

/// A currency of ISO 4217 with the number of digits behind its decimal point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Currency {
    iso: Iso,
    digits: u32,
}

/// An amount in minor units (cents), with the number of digits behind the point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Money {
    pub minor: i128,
    pub digits: u32,
}

/// Why a text is not taken for an amount.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MoneyFault {
    /// Not written as an amount of this currency.
    NotAnAmount { text: String, currency: Currency },
    /// More than can be counted.
    TooLarge { text: String, currency: Currency },
}

/// An amount with its currency, written `230.00 EUR`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Amount {
    pub money: Money,
    currency: Currency,
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.money, self.currency.code())
    }
}

impl Money {
    /// Returns it in whole units, in groups of three: `1 234 568`.
    pub fn rounded(self) -> String {
        let unit = 10_i128.pow(self.digits);
        let whole = (self.minor.abs() + unit / 2) / unit;
        let text = grouped(&whole.to_string());
        if self.minor < 0 && whole > 0 { format!("-{text}") } else { text }
    }
}

impl Amount {
    /// Returns it in whole units, in groups of three: `1 234 EUR`.
    pub fn rounded(self) -> String {
        format!("{} {}", self.money.rounded(), self.currency.code())
    }

    /// Returns another amount of the same currency, in minor units.
    pub fn of(self, minor: i128) -> Amount {
        self.currency.amount(minor)
    }
}

impl Currency {
    /// Returns the currency with this code, such as `EUR`.
    pub fn from_code(code: &str) -> Option<Currency> {
        let iso = Iso::from_code(code)?;
        let digits = u32::from(iso.exponent()?);
        Some(Currency { iso, digits })
    }

    /// Returns the code, such as `EUR`.
    pub fn code(self) -> &'static str {
        self.iso.code()
    }

    /// Returns how many digits stand behind the decimal point.
    pub fn digits(self) -> u32 {
        self.digits
    }

    /// Returns an amount of minor units with this currency.
    pub fn amount(self, minor: i128) -> Amount {
        Amount { money: self.money(minor), currency: self }
    }

    /// Returns an amount of minor units.
    pub fn money(self, minor: i128) -> Money {
        Money { minor, digits: self.digits }
    }

    /// Reads `1234.56`, `1234` or `-5` into minor units.
    ///
    /// # Errors
    /// A thousands separator, a decimal comma, a currency sign, more decimals than the currency has, or an
    /// amount that is too large.
    pub fn parse(self, text: &str) -> Result<i64, MoneyFault> {
        let Some(minor) = self.read(text) else {
            return Err(MoneyFault::NotAnAmount { text: text.to_owned(), currency: self });
        };
        i64::try_from(minor).map_err(|_| MoneyFault::TooLarge { text: text.to_owned(), currency: self })
    }

    /// The amount in minor units, `i128::MAX` if it is larger.
    fn read(self, text: &str) -> Option<i128> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let ends_in_point = digits.ends_with('.');
        let places = usize::try_from(self.digits).ok()?;
        if whole.is_empty() || ends_in_point || fraction.len() > places {
            return None;
        }
        if !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let zeros = std::iter::repeat_n(b'0', places - fraction.len());
        let minor =
            whole.bytes().chain(fraction.bytes()).chain(zeros).try_fold(0_i128, |minor, digit| {
                minor.checked_mul(10)?.checked_add(i128::from(digit - b'0'))
            });
        Some(sign * minor.unwrap_or(i128::MAX))
    }
}

impl fmt::Display for Money {
    /// The exact amount, as it can be typed back: `1234.56`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let places = self.digits as usize;
        let text = format!("{:0>width$}", self.minor.unsigned_abs(), width = places + 1);
        let (whole, fraction) = text.split_at(text.len() - places);
        match fraction {
            "" => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euro(text: &str) -> Option<i64> {
        Currency::from_code("EUR").and_then(|euro| euro.parse(text).ok())
    }

    #[test]
    fn an_amount_is_read_to_the_minor_unit() {
        for (text, minor) in [
            ("1234.56", 123_456),
            ("1234.5", 123_450),
            ("1234", 123_400),
            ("-5", -500),
            ("0.01", 1),
            ("92233720368547758.07", i64::MAX),
        ] {
            assert_eq!(euro(text), Some(minor), "{text}");
        }
    }

    #[test]
    fn what_is_not_plainly_an_amount_is_refused() {
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1,234",
            "1 234",
            " 7",
            "1e3",
            "NaN",
            "0x10",
            "+1",
            "1.234",
            "--1",
            "€5",
            "92233720368547758.08",
            "١",
        ] {
            assert_eq!(euro(text), None, "{text}");
        }
    }

    #[test]
    fn a_currency_without_decimals_has_none() {
        let yen = Currency::from_code("JPY").expect("yen");
        assert_eq!(yen.parse("1500"), Ok(1500));
        assert!(yen.parse("1500.5").is_err());
        assert_eq!(yen.money(-1500).to_string(), "-1500");
    }

    #[test]
    fn what_is_shown_can_be_typed_back() {
        let euro_ = Currency::from_code("EUR").expect("euro");
        for minor in [0, 1, -1, 99, 100, -100, 123_456, i64::MIN, i64::MAX] {
            let shown = euro_.money(i128::from(minor)).to_string();
            assert_eq!(euro(&shown), Some(minor), "{shown}");
        }
    }
}
