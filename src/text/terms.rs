//! Agreed terms.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text::{counted, listed, phrase};
use crate::lifecycle::program::Program;
use crate::lifecycle::terms::{
    AgreedAlready, Agreement, HeldTerm, RegionFault, TermBreach, TermFault, TermRefusal, TermUnknown,
    TermValueFault, TermsAgreed, dated_end,
};
use crate::text::events::{Described, ReceiptContext};

impl Sentence for TermRefusal {
    fn sentence(&self) -> String {
        let TermRefusal::EndsBeforeItBegins { from, until } = self;
        format!("the term would end on {until}, before it starts on {from}")
    }
}

impl Sentence for AgreedAlready {
    fn sentence(&self) -> String {
        format!("{} is already agreed with {}", self.terms.join(", "), self.partner)
    }
}

impl Sentence for TermFault {
    fn sentence(&self) -> String {
        match self {
            TermFault::OtherType { term, kind, .. } => format!("term `{term}` is a {kind}"),
            TermFault::Unknown { term, .. } => format!("unknown term `{term}`"),
            TermFault::Twice { term } => format!("[sales] names the term `{term}` twice"),
            TermFault::NoSaleTerm => "[sales] names no term".to_owned(),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            TermFault::OtherType { settings, .. } => format!("give it {settings}, or name another term"),
            TermFault::Unknown { terms, settings, .. } if terms.is_empty() => {
                format!("add a [[term]] with this key, {settings}")
            }
            TermFault::Unknown { terms, .. } => format!("use one of {}", listed(terms)),
            TermFault::Twice { .. } => "name another term, or remove one of the lines".to_owned(),
            TermFault::NoSaleTerm => {
                "add margin, return_window or territory with the key of a [[term]], or remove [sales]"
                    .to_owned()
            }
        };
        vec![remedy.into()]
    }
}

impl Sentence for TermValueFault {
    fn sentence(&self) -> String {
        match self {
            TermValueFault::Field(fault) => fault.sentence(),
            TermValueFault::Days { term, typed, most } => {
                format!("{term} is `{typed}`, expected whole days from 0 to {most}")
            }
            TermValueFault::Margin { term, typed } => {
                format!("{term} is `{typed}`, expected a percentage from 0 to 100")
            }
            TermValueFault::Territory { term, typed, regions } => {
                let regions = if regions.is_empty() {
                    "regions of the program ([[region]])".to_owned()
                } else {
                    format!("regions of the program ({})", listed(regions))
                };
                format!(
                    "{term} is `{typed}`, expected countries by ISO 3166, such as DE or Germany, or {regions}, separated \
                     by commas, or `worldwide`"
                )
            }
        }
    }
}

impl Described for TermsAgreed {
    fn described(&self, _: &Program) -> String {
        let by = self.by.as_ref().map_or_else(String::new, |by| format!(", by {by}"));
        format!("agreed: {}{by}", terms_in_words(self))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        if self.values.values().all(Option::is_none) {
            let withdrawn: Vec<String> = self.values.keys().cloned().collect();
            let mut parts =
                vec![format!("Withdrew the {} agreed with {}", phrase(&withdrawn), about.partner)];
            parts.extend(span_in_words(self));
            return parts.join(", ");
        }
        let past = self.values.iter().filter_map(|(key, value)| {
            let end = dated_end(about.program.term(key)?, value.as_deref()?)?;
            (end < about.day).then(|| format!("; {end} is in the past: {key} counts as expired"))
        });
        let past: String = past.collect();
        format!("Agreed with {}: {}{past}", about.partner, terms_in_words(self))
    }
}

/// Says what is agreed, term by term, and for how long.
fn terms_in_words(agreed: &TermsAgreed) -> String {
    let in_words = |(term, value): (&String, &Option<String>)| match value {
        Some(value) => format!("{term} {value}"),
        None => format!("{term} withdrawn"),
    };
    let mut parts: Vec<String> = agreed.values.iter().map(in_words).collect();
    parts.extend(span_in_words(agreed));
    parts.join(", ")
}

/// Says from when and until when, if that was said.
fn span_in_words(agreed: &TermsAgreed) -> impl Iterator<Item = String> {
    let in_words = |word: &str, day: Option<Day>| day.map(|day| format!("{word} {day}"));
    [in_words("from", agreed.from), in_words("until", agreed.until)].into_iter().flatten()
}

impl Sentence for RegionFault {
    fn sentence(&self) -> String {
        match self {
            RegionFault::NoCountries { section } => format!("{section} has no countries"),
            RegionFault::Unknown { country } => format!("unknown country `{country}`"),
            RegionFault::MeansOther { word, country: Some(country) } => {
                format!("`{word}` cannot be a region: it means {country} in territories and `ship-to`")
            }
            RegionFault::MeansOther { word, country: None } => {
                format!("`{word}` cannot be a region: it means all countries in territories")
            }
            RegionFault::SameWord { word } => format!("two regions have the key or the name `{word}`"),
            RegionFault::Separator { word } => {
                format!("`{word}` has a sign that separates the parts of a territory")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            RegionFault::NoCountries { .. } | RegionFault::Unknown { .. } => {
                "write countries = [\"DE\", \"AT\", \"CH\"], codes or English names of ISO 3166"
            }
            RegionFault::MeansOther { .. } => "choose another key and name, such as `dach` for DE, AT and CH",
            RegionFault::SameWord { .. } => "choose another key or name",
            RegionFault::Separator { .. } => "write it without comma and semicolon",
        };
        vec![remedy.into()]
    }
}

/// Returns what sales are held against, as people read it.
pub(crate) fn held_term_in_words(term: HeldTerm) -> &'static str {
    match term {
        HeldTerm::Margin => "margin",
        HeldTerm::ReturnWindow => "return window",
        HeldTerm::Territory => "territory",
    }
}

/// Returns what was agreed and what is, of a term that a sale breaks.
pub(crate) fn breach_in_words(breach: &TermBreach, currency: Currency) -> [String; 2] {
    match breach {
        TermBreach::Margin { agreed, given } => [format!("{agreed} %"), format!("{given} %")],
        TermBreach::ReturnWindow { agreed, days, reference } => {
            [format!("{agreed} days"), format!("{} after {reference}", counted(*days, "day"))]
        }
        TermBreach::Territory { agreed, country } => {
            [agreed.clone(), format!("{} ({})", country.name(), country.code())]
        }
        TermBreach::ReturnedTooMuch { reference, sold_minor, returned_minor } => [
            format!("{} sold", currency.amount(*sold_minor)),
            format!("{} of {reference} returned", currency.amount(*returned_minor)),
        ],
    }
}

/// Says why it is not known whether a sale keeps a term.
pub(crate) fn unknown_in_words(why: TermUnknown) -> &'static str {
    match why {
        TermUnknown::NotAgreed => "nothing agreed on the day of the sale",
        TermUnknown::NoListAmount => "no list amount",
        TermUnknown::NoReturnedSale => "return without the sale returned",
        TermUnknown::SaleNotRecorded => "returned sale not recorded",
        TermUnknown::NoShipTo => "no ship-to",
        TermUnknown::NoCountry => "ship-to names no country",
        TermUnknown::TerritoryUnread => "agreed territory is not made of countries and regions",
    }
}

/// Says what is agreed for later: `margin 20 from 2027-01-01`.
pub(crate) fn agreed_for_later(agreement: &Agreement) -> String {
    let value = agreement.value.as_deref().unwrap_or_default();
    let until = agreement.until.map_or_else(String::new, |until| format!(" until {until}"));
    format!("{} {value} from {}{until}", agreement.term, agreement.from)
}
