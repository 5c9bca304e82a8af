//! From the settings of a question to its type, and to what its answers are worth.

use rust_decimal::Decimal;

use crate::lifecycle::base::located::{Located, Numbered, Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::criteria::answer::{AnswerKind, Measure, NONE_OF_THEM, decimal};
use crate::lifecycle::criteria::fault::{AgainstFault, CriteriaFault, OptionFault};
use crate::lifecycle::criteria::questionnaire::Question;
use crate::lifecycle::criteria::scoring::{Band, Scoring};

const OPTION_LIMIT: usize = 50;

/// Reads the type of a question with all its settings.
pub(crate) fn read_kind(
    section: &mut Section,
    reader: &mut TomlReader,
    currency: Currency,
    earlier: &[Question],
) -> Option<AnswerKind> {
    let word = section.required_text(reader, "type")?;
    match word.value.as_str() {
        "yes-no" => {
            let good = section.text(reader, "good");
            match good.as_ref().map(|good| good.value.as_str()) {
                None | Some("yes") => Some(AnswerKind::YesNo { good: true }),
                Some("no") => Some(AnswerKind::YesNo { good: false }),
                Some(other) => {
                    let span = good.as_ref().map_or_else(|| word.span.clone(), |good| good.span.clone());
                    reader.fault(&span, CriteriaFault::Good { word: other.to_owned() });
                    None
                }
            }
        }
        "choice" => read_options(section, reader).map(AnswerKind::Choice),
        "multi-choice" => read_options(section, reader).map(AnswerKind::MultiChoice),
        "scale" => {
            let least = section.whole(reader, "min", -1000..=1000);
            let most = section.whole(reader, "max", -1000..=1000);
            let (least, most) = (least.map_or(0, |least| least.value), most.map_or(5, |most| most.value));
            if least >= most {
                reader.fault(&word.span, CriteriaFault::EmptyScale { least, most });
                return None;
            }
            Some(AnswerKind::Scale { least, most })
        }
        "number" => Some(AnswerKind::Number(read_measure(section, reader, Number::Plain, earlier))),
        "percent" => Some(AnswerKind::Percent(read_measure(section, reader, Number::Percent, earlier))),
        "money" => Some(AnswerKind::Money(read_measure(section, reader, Number::Money(currency), earlier))),
        "date" => Some(AnswerKind::Date),
        "text" => Some(AnswerKind::Text),
        other => {
            reader.fault(&word.span, CriteriaFault::Kind { word: other.to_owned() });
            None
        }
    }
}

fn read_options(section: &mut Section, reader: &mut TomlReader) -> Option<Vec<(String, Decimal)>> {
    let Some(found) = section.numbered(reader, "options") else {
        let fault = CriteriaFault::NoOptions { section: section.title().to_owned() };
        reader.fault(section.span(), fault);
        return None;
    };
    let mut options: Vec<(String, Decimal)> = Vec::new();
    for Numbered { name: option, number: worth } in found {
        let name = option.value;
        let clash = options.iter().any(|(known, _)| known.to_lowercase() == name.to_lowercase());
        let fault = match &name {
            _ if clash => Some(OptionFault::Twice),
            name if name.to_lowercase() == NONE_OF_THEM => Some(OptionFault::NoneOfThem),
            name if name.contains(',') => Some(OptionFault::Comma),
            name if name.starts_with(['=', '<', '>', '!', ':']) => Some(OptionFault::Sign),
            _ => None,
        };
        if let Some(fault) = fault {
            reader.fault(&option.span, CriteriaFault::Option { option: name.clone(), fault });
        }
        let worth = match worth {
            None => Some(Decimal::ZERO),
            Some(written) => {
                let worth = decimal(&written.value).filter(is_score);
                if worth.is_none() {
                    let (option, written_score) = (name.clone(), written.value.clone());
                    let fault = CriteriaFault::OptionScore { option, written: written_score };
                    reader.fault(&written.span, fault);
                }
                worth
            }
        };
        options.push((name, worth.unwrap_or_default()));
    }
    if !(2..=OPTION_LIMIT).contains(&options.len()) {
        let fault = CriteriaFault::OptionCount { options: options.len(), limit: OPTION_LIMIT };
        reader.fault(section.span(), fault);
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
            reader.fault(&written.span, CriteriaFault::Limit { key, written: written.value.clone() });
        }
        Some(Located { value: value?, span: written.span })
    };
    let (least, most) = (limit("min"), limit("max"));
    if let (Some(least), Some(most)) = (&least, &most)
        && least.value >= most.value
    {
        let fault = CriteriaFault::LimitsReversed { least: least.value, most: most.value };
        reader.fault(&least.span, fault);
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
        None => Some(AgainstFault::Later),
        Some(other) if other.kind.measure().is_none() => Some(AgainstFault::WithoutNumber),
        Some(other) if !other.ask_if.is_empty() => Some(AgainstFault::AskedSometimes),
        Some(_) => None,
    };
    if let Some(fault) = fault {
        reader.fault(&key.span, CriteriaFault::Against { key: key.value.clone(), fault });
    }
    Some(key.value)
}

/// Reads what a number is worth, from 0 to 100: `linear`, or `bands`; none if neither is given or valid.
pub(crate) fn read_worth(section: &mut Section, reader: &mut TomlReader) -> Option<Scoring> {
    let linear = section.table(reader, "linear");
    let line = linear.as_ref().map(|linear| linear.span().clone());
    let linear = linear.and_then(|linear| read_linear(linear, reader));
    let bands = section.tables(reader, "bands");
    match (line, bands.is_empty()) {
        (Some(span), false) => {
            reader.fault(&span, CriteriaFault::TwoScores { section: section.title().to_owned() });
            None
        }
        (Some(_), true) => linear,
        (None, true) => None,
        (None, false) => read_bands(bands, reader),
    }
}

fn read_linear(mut section: Section, reader: &mut TomlReader) -> Option<Scoring> {
    let worst = section.decimal(reader, "worst");
    let best = section.decimal(reader, "best");
    let span = section.span().clone();
    section.finish(reader);
    let read = |end: &Option<Located<String>>| end.as_ref().and_then(|end| decimal(&end.value));
    match (read(&worst), read(&best)) {
        (Some(worst), Some(best)) if worst != best => Some(Scoring::Linear { worst, best }),
        _ => {
            reader.fault(&span, CriteriaFault::Linear);
            None
        }
    }
}

fn read_bands(sections: Vec<Section>, reader: &mut TomlReader) -> Option<Scoring> {
    let mut bands: Vec<Band> = Vec::new();
    let mut sound = true;
    for (at, mut section) in sections.into_iter().enumerate() {
        let written = section.decimal(reader, "from");
        let from = written.as_ref().and_then(|from| decimal(&from.value));
        let score = score(&mut section, reader, "score");
        let rises = bands
            .last()
            .is_none_or(|before| before.from.is_none_or(|before| from.is_some_and(|from| before < from)));
        // What cannot be read of it is reported already.
        let lacks_score = !section.has("score");
        if (at == 0) != from.is_none() || !rises || lacks_score {
            reader.fault(section.span(), CriteriaFault::Band { number: at + 1 });
        }
        sound &= (at == 0) == from.is_none() && rises && score.is_some();
        section.finish(reader);
        bands.push(Band { from, score: score.map_or(Decimal::ZERO, |score| score.value) });
    }
    Some(Scoring::Bands(bands)).filter(|_| sound)
}

/// Reads a score from 0 to 100.
pub(crate) fn score(
    section: &mut Section,
    reader: &mut TomlReader,
    key: &'static str,
) -> Option<Located<Decimal>> {
    let written = section.decimal(reader, key)?;
    let value = decimal(&written.value).filter(is_score);
    if value.is_none() {
        reader.fault(&written.span, CriteriaFault::Score { key, written: written.value.clone() });
    }
    Some(Located { value: value?, span: written.span })
}

fn is_score(score: &Decimal) -> bool {
    (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(score)
}
