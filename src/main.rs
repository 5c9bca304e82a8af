use std::process::ExitCode;

fn main() -> ExitCode {
    chanlife::commands::completions::complete();
    chanlife::cli::run(std::env::args_os()).into()
}
