//! Reads the values of import options.

use std::collections::BTreeMap;

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::revenue::is_rate;

/// Returns the exchange rates by currency.
pub(super) fn rates(typed: Vec<(String, String)>) -> anyhow::Result<BTreeMap<String, String>> {
    let mut rates = BTreeMap::new();
    for (code, rate) in typed {
        if Currency::from_code(&code).is_none() {
            return Err(Error::usage(format!("--rate {code}={rate}: unknown currency `{code}`"))
                .hint("write it as USD=0.92")
                .into());
        }
        if !is_rate(&rate) {
            let why = format!("--rate {code}={rate}: expected a number above 0 with at most 8 decimals");
            return Err(Error::usage(why).hint("write it as USD=0.92").into());
        }
        if let Some(other) = rates.insert(code.clone(), rate.clone()).filter(|other| *other != rate) {
            return Err(Error::usage(format!("--rate: {code} has two rates, {other} and {rate}")).into());
        }
    }
    Ok(rates)
}

/// Reads `USD=0.92`.
pub(super) fn rate(text: &str) -> Result<(String, String), String> {
    pair(text).map_err(|_| "write it as USD=0.92".to_owned())
}

/// Reads `HEADER=FIELD`.
pub(super) fn mapped(text: &str) -> Result<(String, String), String> {
    pair(text).map_err(|_| "write it as HEADER=FIELD".to_owned())
}

/// Reads `a=b`; the last equals sign counts, so that a header may have one.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((left, right)) if !left.trim().is_empty() && !right.trim().is_empty() => {
            Ok((left.trim().to_owned(), right.trim().to_owned()))
        }
        _ => Err("write it as THEIRS=OURS".to_owned()),
    }
}

/// Reads a delimiter: one character, or `\t`.
///
/// # Errors
/// Says how to write one.
pub(super) fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\"\r\n".contains(byte) => Ok(*byte),
        _ => Err(format!("`{text}` is not one character, such as ; or \\t")),
    }
}
