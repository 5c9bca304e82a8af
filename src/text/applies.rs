//! To which partners a part of the program applies, in words.

use crate::lifecycle::program::Applies;

/// Says to which partners a part applies, behind its other settings; empty if to all.
pub(crate) fn for_partners(scope: &Applies) -> String {
    if scope.is_everyone() { String::new() } else { format!(", for {}", applies_in_words(scope)) }
}

/// Says to which partners a part applies: "reseller, msp; tier gold; region EMEA"; empty if to all.
pub(crate) fn applies_in_words(scope: &Applies) -> String {
    let parts = scope.named().map(|(key, values)| {
        let values = values.join(", ");
        match key {
            "types" => values,
            "tiers" => format!("tier {values}"),
            _ => format!("region {values}"),
        }
    });
    parts.collect::<Vec<String>>().join("; ")
}
