//! Tests of the whole: the real binary, and the core under random histories.

mod manual;
