//! Commands on the file as a whole: making, checking, copying, rescuing it, and writing it as text.
//!
//! What they do stands in `store` and `export`; here are the options and the sentences. To add a command, give it a
//! file here.

pub mod backup;
pub mod check;
pub mod export;
pub mod init;
pub mod rescue;
