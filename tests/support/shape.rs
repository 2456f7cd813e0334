//! Checks a message against the JSON Schema of its type, with the keywords that the schemas use.
//! Invariant: a keyword that is not known here fails the check, so none is passed over.

use serde_json::Value;

/// Whether a message has the shape of its type; the error says where and why not.
#[allow(dead_code, reason = "each test file uses its part")]
pub fn check(schemas: &Value, message: &str) -> Result<(), String> {
    let value: Value = serde_json::from_str(message).map_err(|e| e.to_string())?;
    let kind = value["type"].as_str().ok_or("no type")?;
    let schema = schemas.get(kind).ok_or("a type without a schema")?;
    matches(schema, schema, &value).map_err(|(path, why)| format!("at {path}: {why}"))
}

/// Whether a value has the shape of one schema.
#[allow(dead_code, reason = "each test file uses its part")]
pub fn matches_schema(schema: &Value, value: &Value) -> Result<(), String> {
    matches(schema, schema, value).map_err(|(path, why)| format!("at {path}: {why}"))
}

type Wrong = (String, String);

fn matches(root: &Value, schema: &Value, value: &Value) -> Result<(), Wrong> {
    let wrong = |why: String| Err((String::new(), why));
    if let Some(all) = schema.as_bool() {
        return if all { Ok(()) } else { wrong("nothing is allowed here".into()) };
    }
    for (keyword, wanted) in schema.as_object().expect("a schema is an object") {
        let length = value.as_str().map(|s| s.chars().count() as u64);
        let count = value.as_array().map(|a| a.len() as u64);
        let right = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" | "default" => true,
            "$ref" => {
                let pointer = wanted.as_str().and_then(|r| r.strip_prefix('#')).expect("a local reference");
                return matches(root, root.pointer(pointer).expect("a definition"), value);
            }
            "type" => match wanted {
                Value::Array(types) => types.iter().any(|t| has_type(value, t)),
                one => has_type(value, one),
            },
            "const" => value == wanted,
            "enum" => wanted.as_array().expect("a list").contains(value),
            "pattern" => {
                assert_eq!(wanted, "^[0-9]+$");
                value.as_str().is_none_or(|s| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit()))
            }
            "minLength" => length.is_none_or(|n| n >= wanted.as_u64().expect("a number")),
            "maxLength" => length.is_none_or(|n| n <= wanted.as_u64().expect("a number")),
            "maxItems" => count.is_none_or(|n| n <= wanted.as_u64().expect("a number")),
            "minimum" => value.as_f64().is_none_or(|n| n >= wanted.as_f64().expect("a number")),
            "maximum" => value.as_f64().is_none_or(|n| n <= wanted.as_f64().expect("a number")),
            "required" => {
                let missing = wanted.as_array().expect("a list").iter().find(|k| {
                    let key = k.as_str().expect("a name");
                    value.is_object() && value.get(key).is_none()
                });
                match missing {
                    Some(key) => return wrong(format!("{key} is missing")),
                    None => true,
                }
            }
            "properties" => {
                for (key, inner) in wanted.as_object().expect("an object") {
                    if let Some(member) = value.get(key) {
                        matches(root, inner, member).map_err(|(path, why)| (format!("/{key}{path}"), why))?;
                    }
                }
                true
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    matches(root, wanted, item).map_err(|(path, why)| (format!("/{index}{path}"), why))?;
                }
                true
            }
            "anyOf" | "oneOf" => {
                wanted.as_array().expect("a list").iter().any(|s| matches(root, s, value).is_ok())
            }
            other => panic!("the keyword {other} is not known here"),
        };
        if !right {
            return wrong(format!("{value} is against {keyword} {wanted}"));
        }
    }
    Ok(())
}

fn has_type(value: &Value, name: &Value) -> bool {
    match name.as_str().expect("a type's name") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not known here"),
    }
}
