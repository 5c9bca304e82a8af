//! A pseudo-terminal with the real binary in it: keys go in, a screen comes out.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::support::{BINARY, Desk};

/// A command at work in a terminal.
pub(crate) struct Terminal {
    screen: Arc<Mutex<vt100::Parser>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
}

/// Rows of a terminal, enough for all that a command says.
const ROWS: u16 = 120;

fn size(rows: u16, columns: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

impl Terminal {
    pub(crate) fn open(desk: &Desk, columns: u16, words: &[&str]) -> Terminal {
        let pair = native_pty_system().openpty(size(ROWS, columns)).expect("a terminal");
        let mut command = CommandBuilder::new(BINARY);
        command.args(words);
        command.cwd(desk.folder());
        command.env_clear();
        for (name, value) in
            [("TERM", "xterm-256color"), ("CHANLIFE_ACTOR", "ana"), ("CHANLIFE_TODAY", "2026-11-23")]
        {
            command.env(name, value);
        }
        command.env("CHANLIFE_DB", desk.db());
        let child = pair.slave.spawn_command(command).expect("it starts");
        let mut output = pair.master.try_clone_reader().expect("a reader");
        let (rows, columns) = (ROWS.try_into().expect("rows"), columns.try_into().expect("columns"));
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows, columns, 0)));
        let shared = Arc::clone(&screen);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                shared.lock().expect("the screen").process(&bytes[..count]);
            }
        });
        let keys = pair.master.take_writer().expect("a writer");
        Terminal { screen, keys, child, master: pair.master }
    }

    pub(crate) fn shown(&self) -> String {
        self.screen.lock().expect("the screen").screen().contents()
    }

    /// Waits until the screen shows a text.
    pub(crate) fn expect(&self, text: &str) -> &Terminal {
        let begun = Instant::now();
        while !self.shown().contains(text) {
            assert!(begun.elapsed() < Duration::from_secs(20), "`{text}` never came:\n{}", self.shown());
            thread::sleep(Duration::from_millis(5));
        }
        self
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("typed");
        self.keys.flush().expect("typed");
    }

    /// Waits for a question and answers it.
    pub(crate) fn answer(&mut self, question: &str, keys: &str) -> &mut Terminal {
        self.expect(question);
        self.press(keys);
        self
    }

    pub(crate) fn resize(&self, columns: u16) {
        self.master.resize(size(ROWS, columns)).expect("resized");
        let (rows, columns) = (ROWS.try_into().expect("rows"), columns.try_into().expect("columns"));
        self.screen.lock().expect("the screen").screen_mut().set_size(rows, columns);
    }

    /// Waits for the end; the cursor must be there again.
    pub(crate) fn end(mut self) -> (i32, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it runs") {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "it does not end:\n{}", self.shown());
            thread::sleep(Duration::from_millis(10));
        };
        thread::sleep(Duration::from_millis(100));
        let screen = self.screen.lock().expect("the screen");
        assert!(!screen.screen().hide_cursor(), "the cursor stayed hidden");
        (i32::try_from(status.exit_code()).expect("a code"), screen.screen().contents())
    }
}
