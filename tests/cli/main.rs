//! The program as its users run it, on good and bad input.

mod apply;
mod apply_bad;
mod apply_whole;
mod attackers;
mod bad_arguments;
mod bad_csv;
mod bad_parquet;
mod bad_place;
mod elsewhere;
mod free;
mod groups;
mod hierarchy;
mod hostile;
mod ledger;
mod legal;
mod measure;
mod policies;
mod preview;
mod program;
mod recommend;
mod repeatable;
mod row_groups;
mod study;
mod sweep;
mod tool;
mod verify;
