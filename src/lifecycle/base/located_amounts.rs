//! Keys of a TOML document that take a number or a table.

use crate::lifecycle::base::located::{ExpectedType, Located, Section, TomlReader, written_number};

/// A decimal number as it was written, or a table.
pub(crate) enum DecimalOrTable<'t> {
    Decimal(Located<String>),
    Table(Section<'t>),
}

impl<'t> Section<'t> {
    /// Reads a decimal number as [`Section::decimal`] does, or the one table `[key]`.
    pub(crate) fn decimal_or_table(
        &mut self,
        reader: &mut TomlReader,
        key: &'static str,
    ) -> Option<DecimalOrTable<'t>> {
        if self.table.get(key).is_some_and(|value| value.get_ref().is_table()) {
            return self.table(reader, key).map(DecimalOrTable::Table);
        }
        self.decimal(reader, key).map(DecimalOrTable::Decimal)
    }

    /// Reads all names of the section, each with a decimal number as it was written or with a table, in the order of the file.
    pub(crate) fn decimals_or_tables(
        self,
        reader: &mut TomlReader,
    ) -> Vec<(Located<String>, DecimalOrTable<'t>)> {
        let mut all = Vec::new();
        for (name, value) in self.table {
            let name = Located { value: name.get_ref().to_string(), span: name.span() };
            if let Some(table) = value.get_ref().as_table() {
                let title = format!("{}.{}", self.title(), name.value);
                all.push((name, DecimalOrTable::Table(Section::new(table, value.span(), title))));
            } else if let Some(number) = written_number(value) {
                all.push((name, DecimalOrTable::Decimal(Located { value: number, span: value.span() })));
            } else {
                self.wrong_type(reader, &name.value, value, ExpectedType::Amount);
            }
        }
        all.sort_by_key(|(name, _)| name.span.start);
        all
    }

    /// Reads a table of texts, in the order of the file.
    pub(crate) fn pairs(self, reader: &mut TomlReader) -> Vec<(Located<String>, Located<String>)> {
        let mut all = Vec::new();
        for (name, value) in self.table {
            let name = Located { value: name.get_ref().to_string(), span: name.span() };
            match value.get_ref().as_str() {
                Some(text) => all.push((name, Located { value: text.to_owned(), span: value.span() })),
                None => self.wrong_type(reader, &name.value, value, ExpectedType::Text),
            }
        }
        all.sort_by_key(|(name, _)| name.span.start);
        all
    }
}
