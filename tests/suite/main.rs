//! Tests of the whole: the real binary, and the core under random histories.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::format_collect,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic, and plays the world around the program"
)]

mod analysis;
mod announcements;
mod applies;
mod asked_before;
mod assessments;
mod audit;
mod backups;
mod calendars_and_messages;
mod cents;
mod commands;
mod compare;
mod corrected_sales;
mod counted_once;
mod criteria;
mod daily_answers;
mod daily_work;
mod doubts;
mod draw;
mod dropped_parts;
mod estimates;
mod examples;
mod export_and_import_all;
mod facts;
mod faults;
mod files;
mod fiscal_moves;
mod fiscal_years;
mod fold;
mod forget;
mod formats;
mod fund_balances;
mod fuzzed;
mod growth;
mod help;
mod hostile;
mod imported_again;
mod imports;
mod in_use;
mod in_vain;
mod interviews;
mod kept_rules;
mod kept_work;
mod kit;
mod lead_days;
mod ledger;
mod logs;
mod manual;
mod merged_conflicts;
mod merged_stages;
mod milestones;
mod moved_days;
mod needs;
mod on_a_screen;
mod only_what_is_named;
mod overlap_ways;
mod overlaps;
mod parents;
mod partner_operations;
mod people;
mod plans_at_work;
mod plans_counted;
mod planted;
mod priorities;
mod prompts;
mod readers;
mod ready_programs;
mod reasons;
mod references;
mod repeated;
mod report_words;
mod reported;
mod reported_again;
mod rescue;
mod rhythms;
mod search;
mod several_values;
mod shell;
mod support;
mod term_checks;
mod terminal;
mod tidy;
mod tiers;
mod time_travel;
mod today;
mod toward;
mod two_counts;
mod typed;
mod typed_hints;
mod typed_steps;
mod unknown_before;
mod usage;
mod values;
