use std::process::ExitCode;

fn main() -> ExitCode {
    chanlife::complete();
    chanlife::run(std::env::args_os()).into()
}
