//! What reports on growth have in common: whether anybody is below the rule.

use crate::lifecycle::facts::Facts;
use crate::lifecycle::performance::Performance;
use crate::report::channel::Channel;

/// Returns whether any partner is below what the program's rule asks for; the channel needs attributes, sales, growth and
/// terms.
pub fn any_underperforming(channel: &Channel) -> bool {
    let judged = channel.lines.iter().filter_map(|line| channel.facts(line).performance());
    judged.into_iter().any(|one| one.performance == Performance::Under)
}
