//! Commands on the file as a whole: making, checking, copying, rescuing it, and writing it as text.
//!
//! What they do stands in `store` and `export`; here are the options and the sentences. To add a command, give it a
//! file here.

pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod export;
pub(crate) mod init;
pub(crate) mod rescue;
