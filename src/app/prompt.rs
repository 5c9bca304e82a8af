//! Questions on a terminal.
//!
//! All of them draw on standard error. Interrupting a question leaves the terminal as it was.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dialoguer::theme::ColorfulTheme;
use dialoguer::{FuzzySelect, Input, Select};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::app::console::wrapped;
use crate::app::exit::interrupted;
use crate::app::terminal::terminal_width;
use crate::lifecycle::base::text::visible;

/// Whether the user has read how to cancel, be it before another prompt of the same command.
static GREETED: AtomicBool = AtomicBool::new(false);

/// Somebody to ask.
pub struct Prompt {
    /// False while a question waits: signals then end the question, not the process.
    at_rest: Arc<AtomicBool>,
}

impl Prompt {
    /// Returns whether questions can be asked: both ends are terminals that can move their cursor.
    #[expect(clippy::disallowed_methods, reason = "whether there is a terminal is part of asking")]
    pub fn possible() -> bool {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        io::stdin().is_terminal() && io::stderr().is_terminal() && !dumb
    }

    /// Prepares to ask.
    ///
    /// # Errors
    /// If signals cannot be watched.
    pub fn new() -> anyhow::Result<Prompt> {
        let at_rest = Arc::new(AtomicBool::new(true));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register_conditional_default(signal, Arc::clone(&at_rest))?;
        }
        Ok(Prompt { at_rest })
    }

    /// Asks for a text that `check` accepts; shows its reason if it does not.
    ///
    /// Enter alone takes `default`, if that is not empty; whatever is typed replaces it.
    ///
    /// # Errors
    /// [`Error`] if the question was interrupted.
    pub fn text(
        &self,
        question: &str,
        default: &str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> anyhow::Result<String> {
        Prompt::say_how_to_cancel()?;
        self.line(question, default, check)
    }

    /// Asks for one of `choices`, and returns its position.
    ///
    /// # Errors
    /// [`Error`] if the question was interrupted, also by Esc.
    pub fn choice(&self, question: &str, choices: &[&str]) -> anyhow::Result<usize> {
        Prompt::say_how_to_cancel()?;
        self.pick(question, choices, 0)?.ok_or_else(|| interrupted().into())
    }

    /// Asks for one of `choices`, beginning at `default`, and returns its position; nothing if Esc was pressed.
    ///
    /// # Errors
    /// [`Error`] if the question was interrupted.
    pub fn pick(&self, question: &str, choices: &[&str], default: usize) -> anyhow::Result<Option<usize>> {
        let theme = ColorfulTheme::default();
        let select =
            Select::with_theme(&theme).with_prompt(question).items(fitting(choices)).default(default);
        self.waiting(|| select.interact_opt())
    }

    /// Asks for one of `choices`, beginning at `default`, narrowed down by what is typed, and returns its position;
    /// nothing if Esc was pressed.
    ///
    /// # Errors
    /// [`Error`] if the question was interrupted.
    pub fn search(&self, question: &str, choices: &[&str], default: usize) -> anyhow::Result<Option<usize>> {
        let theme = ColorfulTheme::default();
        let select =
            FuzzySelect::with_theme(&theme).with_prompt(question).items(fitting(choices)).default(default);
        self.waiting(|| select.interact_opt())
    }

    /// Asks for a line that `check` accepts; Enter alone takes `default`, if that is not empty.
    ///
    /// # Errors
    /// [`Error`] if the question was interrupted.
    pub fn line(
        &self,
        question: &str,
        default: &str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> anyhow::Result<String> {
        let theme = ColorfulTheme::default();
        let mut input = Input::<String>::with_theme(&theme)
            .with_prompt(question)
            .allow_empty(true)
            .validate_with(|answer: &String| check(answer));
        if !default.is_empty() {
            input = input.default(default.to_owned());
        }
        self.waiting(|| input.interact_text())
    }

    /// Prints a text between questions, in lines no wider than the terminal.
    ///
    /// # Errors
    /// If standard error cannot be written.
    pub fn tell(text: &str) -> io::Result<()> {
        GREETED.store(true, Ordering::SeqCst);
        let width = usize::from(console_width());
        let mut err = io::stderr();
        for line in text.lines() {
            writeln!(err, "{}", wrapped(&visible(line), width))?;
        }
        Ok(())
    }

    /// Asks for yes or no, as a whole word; Enter alone is no.
    ///
    /// # Errors
    /// [`Error`] if the question was interrupted.
    pub fn confirm(&self, question: &str) -> anyhow::Result<bool> {
        let theme = ColorfulTheme::default();
        // A prompt that listens to keys would take the y in "maybe" for a yes.
        let input = Input::<String>::with_theme(&theme)
            .with_prompt(format!("{question} (y/N)"))
            .allow_empty(true)
            .validate_with(|answer: &String| yes_or_no(answer).map(|_| ()));
        Ok(yes_or_no(&self.waiting(|| input.interact_text())?) == Ok(true))
    }

    /// Says how to cancel, before the first question.
    fn say_how_to_cancel() -> io::Result<()> {
        if !GREETED.swap(true, Ordering::SeqCst) {
            writeln!(io::stderr(), "Press Ctrl-C to cancel; nothing is recorded until the end.")?;
        }
        Ok(())
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
                    io::ErrorKind::Interrupted => Err(interrupted().into()),
                    _ => Err(anyhow::Error::new(error).context("the prompt could not be shown")),
                }
            }
        }
    }
}

fn yes_or_no(answer: &str) -> Result<bool, &'static str> {
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "" | "n" | "no" => Ok(false),
        _ => Err("type y or n"),
    }
}

/// Choices cut to the width of the terminal, beyond which a list cannot be redrawn.
fn fitting(choices: &[&str]) -> Vec<String> {
    let width = choice_width();
    choices.iter().map(|choice| shortened(choice, width)).collect()
}

/// Returns how many columns a choice can have before it is cut.
pub(crate) fn choice_width() -> usize {
    usize::from(console_width().saturating_sub(6).max(10))
}

fn console_width() -> u16 {
    terminal_width().unwrap_or(80)
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
