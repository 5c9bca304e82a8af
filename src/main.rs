//! The program: completes a word for the shell if the shell asks, or runs one command.

use std::process::ExitCode;

fn main() -> ExitCode {
    chanlife::complete();
    chanlife::run(std::env::args_os()).into()
}
