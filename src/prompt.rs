//! Questions on a terminal.
//!
//! All of them draw on standard error. Interrupting a question leaves the terminal as it was.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Input, Select};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::exit::Failure;

/// Somebody to ask.
pub struct Prompt {
    /// False while a question waits: signals then end the question, not the process.
    at_rest: Arc<AtomicBool>,
}

impl Prompt {
    /// Whether questions can be asked: both ends are terminals that can move their cursor.
    #[expect(clippy::disallowed_methods, reason = "whether there is a terminal is part of asking")]
    pub fn possible() -> bool {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        io::stdin().is_terminal() && io::stderr().is_terminal() && !dumb
    }

    /// Prepares to ask.
    ///
    /// # Errors
    /// Where signals can't be watched.
    pub fn new() -> anyhow::Result<Prompt> {
        let at_rest = Arc::new(AtomicBool::new(true));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register_conditional_default(signal, Arc::clone(&at_rest))?;
        }
        Ok(Prompt { at_rest })
    }

    /// A text that `check` accepts; it says why not where it does not.
    ///
    /// # Errors
    /// [`Failure`] where the question was interrupted.
    pub fn text(
        &self,
        question: &str,
        initial: &str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> anyhow::Result<String> {
        let theme = ColorfulTheme::default();
        let mut start = initial.to_owned();
        loop {
            let input = Input::<String>::with_theme(&theme)
                .with_prompt(question)
                .with_initial_text(&start)
                .allow_empty(true);
            let answer = self.waiting(|| input.interact_text())?;
            match check(&answer) {
                Ok(()) => return Ok(answer),
                Err(why) => writeln!(io::stderr(), "{why}")?,
            }
            // What was typed is not lost; it can be mended.
            start = answer;
        }
    }

    /// One of `choices`, by its place; nothing where the question was passed over with Esc.
    ///
    /// # Errors
    /// [`Failure`] where the question was interrupted.
    pub fn choice(&self, question: &str, choices: &[&str]) -> anyhow::Result<Option<usize>> {
        let theme = ColorfulTheme::default();
        let width = usize::from(console_width().saturating_sub(6).max(10));
        let items: Vec<String> = choices.iter().map(|choice| shortened(choice, width)).collect();
        let select = Select::with_theme(&theme).with_prompt(question).items(&items).default(0);
        self.waiting(|| select.interact_opt())
    }

    /// Yes or no; Esc is no.
    ///
    /// # Errors
    /// [`Failure`] where the question was interrupted.
    pub fn confirm(&self, question: &str) -> anyhow::Result<bool> {
        let theme = ColorfulTheme::default();
        let confirm = Confirm::with_theme(&theme).with_prompt(question).default(false).wait_for_newline(true);
        Ok(self.waiting(|| confirm.interact_opt())?.unwrap_or(false))
    }

    /// Asks with signals held back, and shows the cursor again whatever happens.
    fn waiting<T>(&self, ask: impl FnOnce() -> dialoguer::Result<T>) -> anyhow::Result<T> {
        self.at_rest.store(false, Ordering::SeqCst);
        let answer = ask();
        self.at_rest.store(true, Ordering::SeqCst);
        match answer {
            Ok(answer) => Ok(answer),
            Err(dialoguer::Error::IO(error)) => {
                let _ = write!(io::stderr(), "\u{1b}[?25h\r\n");
                match error.kind() {
                    io::ErrorKind::Interrupted => Err(Failure::interrupted().into()),
                    _ => Err(anyhow::Error::new(error).context("the question could not be asked")),
                }
            }
        }
    }
}

fn console_width() -> u16 {
    terminal_width().unwrap_or(80)
}

/// Columns of the terminal that standard error is.
pub fn terminal_width() -> Option<u16> {
    let (_, columns) = dialoguer::console::Term::stderr().size_checked()?;
    Some(columns)
}

/// A text cut to so many columns of the terminal.
fn shortened(text: &str, width: usize) -> String {
    use unicode_width::UnicodeWidthChar;
    let mut short = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width.saturating_sub(1) {
            short.push('…');
            break;
        }
        short.push(c);
    }
    short
}
