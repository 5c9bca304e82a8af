use std::process::ExitCode;

fn main() -> ExitCode {
    chanlife::cli::complete();
    chanlife::cli::run(std::env::args_os()).into()
}
