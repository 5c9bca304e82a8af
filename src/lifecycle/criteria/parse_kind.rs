//! From the settings of a question to its type, and to what its answers are worth.

use rust_decimal::Decimal;

use crate::lifecycle::base::located::{Located, Numbered, Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::criteria::answer::{NONE_OF_THEM, decimal};
use crate::lifecycle::criteria::questionnaire::{Kind, Measure, Question};
use crate::lifecycle::criteria::worth::{Band, Worth};

const OPTION_LIMIT: usize = 50;
const KINDS: &str = "\"yes-no\", \"choice\", \"multi-choice\", \"scale\", \"number\", \"percent\", \"money\", \
                     \"date\" or \"text\"";

pub(crate) fn read_kind(
    section: &mut Section,
    reader: &mut TomlReader,
    currency: Currency,
    earlier: &[Question],
) -> Option<Kind> {
    let word = section.required_text(reader, "type")?;
    match word.value.as_str() {
        "yes-no" => {
            let good = section.text(reader, "good");
            match good.as_ref().map(|good| good.value.as_str()) {
                None | Some("yes") => Some(Kind::YesNo { good: true }),
                Some("no") => Some(Kind::YesNo { good: false }),
                Some(other) => {
                    let what = format!("good is `{other}`, expected yes or no");
                    let span = good.as_ref().map_or_else(|| word.span.clone(), |good| good.span.clone());
                    reader.report(&span, what, "write good = \"no\" where no is the better answer");
                    None
                }
            }
        }
        "choice" => read_options(section, reader).map(Kind::Choice),
        "multi-choice" => read_options(section, reader).map(Kind::MultiChoice),
        "scale" => {
            let least = section.whole(reader, "min", -1000..=1000);
            let most = section.whole(reader, "max", -1000..=1000);
            let (least, most) = (least.map_or(0, |least| least.value), most.map_or(5, |most| most.value));
            if least >= most {
                let what = format!("the scale goes from {least} to {most}");
                reader.report(&word.span, what, "give a min below max; without them it goes from 0 to 5");
                return None;
            }
            Some(Kind::Scale { least, most })
        }
        "number" => Some(Kind::Number(read_measure(section, reader, Number::Plain, earlier))),
        "percent" => Some(Kind::Percent(read_measure(section, reader, Number::Percent, earlier))),
        "money" => Some(Kind::Money(read_measure(section, reader, Number::Money(currency), earlier))),
        "date" => Some(Kind::Date),
        "text" => Some(Kind::Text),
        other => {
            reader.report(&word.span, format!("type is `{other}`"), format!("write {KINDS}"));
            None
        }
    }
}

fn read_options(section: &mut Section, reader: &mut TomlReader) -> Option<Vec<(String, Decimal)>> {
    let Some(found) = section.numbered(reader, "options") else {
        let what = format!("{} has no usable options", section.title());
        reader.report(section.span(), what, "add options = { good = 100, fair = 50, poor = 0 }");
        return None;
    };
    let mut options: Vec<(String, Decimal)> = Vec::new();
    for Numbered { name: option, number: worth } in found {
        let name = option.value;
        let clash = options.iter().any(|(known, _)| known.to_lowercase() == name.to_lowercase());
        let fault = match &name {
            _ if clash => Some("stands twice"),
            name if name.to_lowercase() == NONE_OF_THEM => Some("means that none of the options is chosen"),
            name if name.contains(',') => Some("has a comma, which separates options"),
            name if name.starts_with(['=', '<', '>', '!', ':']) => {
                Some("begins with a sign that means something else")
            }
            _ => None,
        };
        if let Some(fault) = fault {
            reader.report(&option.span, format!("option `{name}` {fault}"), "write it otherwise");
        }
        let worth = match worth {
            None => Some(Decimal::ZERO),
            Some(written) => {
                let worth = decimal(&written.value).filter(is_score);
                if worth.is_none() {
                    let what = format!(
                        "option `{name}` is worth `{}`, expected a score from 0 to 100",
                        written.value
                    );
                    reader.report(&written.span, what, "write options = { good = 100, fair = 50, poor = 0 }");
                }
                worth
            }
        };
        options.push((name, worth.unwrap_or_default()));
    }
    if !(2..=OPTION_LIMIT).contains(&options.len()) {
        let what = format!("there are {} options, expected from 2 to {OPTION_LIMIT}", options.len());
        reader.report(section.span(), what, "a question of one option is a yes-no");
    }
    Some(options)
}

/// What kind of number, which says how its limits are written.
#[derive(Clone, Copy)]
enum Number {
    Plain,
    Percent,
    Money(Currency),
}

fn read_measure(
    section: &mut Section,
    reader: &mut TomlReader,
    number: Number,
    earlier: &[Question],
) -> Measure {
    let mut limit = |key: &'static str| {
        let written = section.decimal(reader, key)?;
        let fits = match number {
            Number::Money(currency) => currency.parse(&written.value).is_ok(),
            _ => true,
        };
        let value = decimal(&written.value).filter(|_| fits);
        if value.is_none() {
            let what = format!("{key} is `{}`, expected a number", written.value);
            reader.report(&written.span, what, format!("write {key} = 10"));
        }
        Some(Located { value: value?, span: written.span })
    };
    let (least, most) = (limit("min"), limit("max"));
    if let (Some(least), Some(most)) = (&least, &most)
        && least.value >= most.value
    {
        let what = format!("min is {}, not below max, which is {}", least.value, most.value);
        reader.report(&least.span, what, "write the smaller one as min");
    }
    let against = read_against(section, reader, earlier);
    let worth = read_worth(section, reader);
    let within = |end: i64, limit: Option<Located<Decimal>>| match (limit, number) {
        (Some(limit), _) => Some(limit.value),
        (None, Number::Percent) => Some(Decimal::from(end)),
        (None, _) => None,
    };
    Measure { least: within(0, least), most: within(100, most), against, worth }
}

fn read_against(section: &mut Section, reader: &mut TomlReader, earlier: &[Question]) -> Option<String> {
    let key = section.text(reader, "against")?;
    let other = earlier.iter().find(|question| question.key == key.value);
    let fault = match other {
        None => Some("is no question before it"),
        Some(other) if other.kind.measure().is_none() => Some("is no number, percentage or amount"),
        Some(other) if !other.ask_if.is_empty() => Some("is not always asked"),
        Some(_) => None,
    };
    if let Some(fault) = fault {
        let what = format!("against is `{}`, which {fault}", key.value);
        reader.report(&key.span, what, "name an earlier question whose answer is taken off this one");
    }
    Some(key.value)
}

fn read_worth(section: &mut Section, reader: &mut TomlReader) -> Option<Worth> {
    let linear = section.table(reader, "linear");
    let line = linear.as_ref().map(|linear| linear.span().clone());
    let linear = linear.and_then(|linear| read_linear(linear, reader));
    let bands = section.tables(reader, "bands");
    match (line, bands.is_empty()) {
        (Some(span), false) => {
            reader.report(
                &span,
                format!("{} has both linear and bands", section.title()),
                "remove one of them",
            );
            None
        }
        (Some(_), true) => linear,
        (None, true) => None,
        (None, false) => read_bands(bands, reader),
    }
}

fn read_linear(mut section: Section, reader: &mut TomlReader) -> Option<Worth> {
    let worst = section.decimal(reader, "worst");
    let best = section.decimal(reader, "best");
    let span = section.span().clone();
    section.finish(reader);
    let read = |end: &Option<Located<String>>| end.as_ref().and_then(|end| decimal(&end.value));
    match (read(&worst), read(&best)) {
        (Some(worst), Some(best)) if worst != best => Some(Worth::Linear { worst, best }),
        _ => {
            let what = "linear needs two different numbers, worst and best".to_owned();
            reader.report(&span, what, "write linear = { worst = 0, best = 10 }: 0 at worst, 100 at best");
            None
        }
    }
}

fn read_bands(sections: Vec<Section>, reader: &mut TomlReader) -> Option<Worth> {
    let mut bands: Vec<Band> = Vec::new();
    let mut sound = true;
    for (at, mut section) in sections.into_iter().enumerate() {
        let written = section.decimal(reader, "from");
        let from = written.as_ref().and_then(|from| decimal(&from.value));
        let score = score(&mut section, reader, "score");
        let rises = bands
            .last()
            .is_none_or(|before| before.from.is_none_or(|before| from.is_some_and(|from| before < from)));
        if (at == 0) != from.is_none() || !rises || score.is_none() {
            let what = format!("band {} has no usable place", at + 1);
            let remedy =
                "write bands = [{ score = 0 }, { from = 1, score = 50 }, { from = 5, score = 100 }], upwards";
            reader.report(section.span(), what, remedy);
            sound = false;
        }
        section.finish(reader);
        bands.push(Band { from, score: score.map_or(Decimal::ZERO, |score| score.value) });
    }
    Some(Worth::Bands(bands)).filter(|_| sound)
}

/// A score from 0 to 100.
pub(crate) fn score(
    section: &mut Section,
    reader: &mut TomlReader,
    key: &'static str,
) -> Option<Located<Decimal>> {
    let written = section.decimal(reader, key)?;
    let value = decimal(&written.value).filter(is_score);
    if value.is_none() {
        let what = format!("{key} is `{}`, expected a score from 0 to 100", written.value);
        reader.report(&written.span, what, format!("write {key} = 60"));
    }
    Some(Located { value: value?, span: written.span })
}

fn is_score(score: &Decimal) -> bool {
    (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(score)
}
