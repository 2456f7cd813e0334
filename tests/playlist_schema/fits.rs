//! A validator of what the schema of `playlist.toml` uses of JSON Schema, and no more.
//! Invariant: a keyword that is not known here ends the test, so that none is passed over.

use regex_lite::Regex;
use serde_json::{Map, Number, Value};

/// TOML as the values that a validator of JSON sees; a date is a text.
pub fn toml_as_json(text: &str) -> Value {
    fn value(of: &toml::Value) -> Value {
        match of {
            toml::Value::String(text) => text.as_str().into(),
            toml::Value::Integer(number) => (*number).into(),
            toml::Value::Float(number) => Number::from_f64(*number).map(Value::Number).expect("finite"),
            toml::Value::Boolean(is) => (*is).into(),
            toml::Value::Datetime(at) => at.to_string().into(),
            toml::Value::Array(all) => all.iter().map(value).collect(),
            toml::Value::Table(all) => {
                Value::Object(all.iter().map(|(key, of)| (key.clone(), value(of))).collect::<Map<_, _>>())
            }
        }
    }
    value(&toml::from_str::<toml::Value>(text).expect("TOML"))
}

/// Whether a value fits a schema, a part of `root`; what does not.
pub fn fits(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    for (keyword, rule) in schema.as_object().expect("a schema is an object") {
        let wrong = || Err(format!("{value} is not as {keyword}: {rule} says"));
        let is = match (keyword.as_str(), value) {
            ("$schema" | "$id" | "title" | "description" | "$defs" | "examples", _) => true,
            ("$ref", _) => {
                let at = rule.as_str().and_then(|at| at.strip_prefix('#')).expect("within");
                fits(root, root.pointer(at).expect("there"), value)?;
                true
            }
            ("type", _) => match rule.as_str().expect("one type") {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_i64(),
                "number" => value.is_number(),
                other => panic!("the type {other} is not known here"),
            },
            ("const", _) => value == rule,
            ("enum", _) => rule.as_array().expect("a list").contains(value),
            ("anyOf", _) => each(rule).any(|one| fits(root, one, value).is_ok()),
            ("oneOf", _) => each(rule).filter(|one| fits(root, one, value).is_ok()).count() == 1,
            ("required", Value::Object(of)) => {
                each(rule).all(|key| of.contains_key(key.as_str().expect("a key")))
            }
            ("dependentRequired", Value::Object(of)) => {
                let mut rules =
                    rule.as_object().expect("keys").iter().filter(|(key, _)| of.contains_key(*key));
                rules.all(|(_, needed)| each(needed).all(|key| of.contains_key(key.as_str().expect("a key"))))
            }
            ("properties", Value::Object(of)) => {
                for (key, rule) in rule.as_object().expect("keys") {
                    of.get(key).map_or(Ok(()), |value| fits(root, rule, value))?;
                }
                true
            }
            ("additionalProperties", Value::Object(of)) => {
                let known = schema.get("properties").and_then(Value::as_object);
                let mut others =
                    of.iter().filter(|(key, _)| known.is_none_or(|known| !known.contains_key(*key)));
                match rule {
                    Value::Bool(may) => *may || others.next().is_none(),
                    rule => others.all(|(_, value)| fits(root, rule, value).is_ok()),
                }
            }
            ("items", Value::Array(all)) => {
                all.iter().try_for_each(|value| fits(root, rule, value))?;
                true
            }
            ("minItems", Value::Array(all)) => all.len() as u64 >= rule.as_u64().expect("a number"),
            ("minLength", Value::String(text)) => {
                text.chars().count() as u64 >= rule.as_u64().expect("a number")
            }
            ("maxLength", Value::String(text)) => {
                text.chars().count() as u64 <= rule.as_u64().expect("a number")
            }
            ("minimum", Value::Number(of)) => of.as_f64() >= rule.as_f64(),
            ("maximum", Value::Number(of)) => of.as_f64() <= rule.as_f64(),
            ("format", Value::String(text)) if rule == "date" => {
                text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10
            }
            ("pattern", Value::String(text)) => {
                Regex::new(rule.as_str().expect("a text")).expect("a pattern").is_match(text)
            }
            (
                "required"
                | "dependentRequired"
                | "properties"
                | "additionalProperties"
                | "items"
                | "minItems"
                | "minLength"
                | "maxLength"
                | "minimum"
                | "maximum"
                | "format"
                | "pattern",
                _,
            ) => true,
            (other, _) => panic!("the keyword {other} is not known here"),
        };
        if !is {
            return wrong();
        }
    }
    Ok(())
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().expect("a list").iter()
}
