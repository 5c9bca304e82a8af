//! Parts that stored events share: the number of a partner, and flags that are kept only if set.

/// The number of a partner within its file; never used again for another partner.
pub(crate) type PartnerId = i64;

/// Returns whether a flag is not set, and so need not be kept.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
pub(crate) fn is_false(flag: &bool) -> bool {
    !flag
}
