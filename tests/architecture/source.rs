//! Reads Rust source just well enough to tell which paths it names.
//! Invariant: comments, strings and test modules count for nothing.

/// A path that a source names, such as `std::fs::read`, and the line it stands on, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub path: Vec<String>,
    pub line: usize,
}

impl Named {
    /// Whether the path holds these segments in a row.
    pub fn holds(&self, wanted: &str) -> bool {
        let wanted: Vec<_> = wanted.split("::").collect();
        self.path.windows(wanted.len()).any(|w| w.iter().zip(&wanted).all(|(a, b)| a == b))
    }

    /// Whether the path begins with this segment.
    pub fn begins(&self, with: &str) -> bool {
        self.path.first().is_some_and(|p| p == with)
    }
}

/// The code without comments, and with nothing in its strings; lines stay where they are.
pub fn code(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => find(&chars, at, "\n").saturating_sub(1),
            ('/', Some('*')) => block_comment(&chars, at),
            ('"', _) => quoted(&chars, at),
            ('r', Some('"' | '#')) if at == 0 || !is_name(chars[at - 1]) && chars[at - 1] != '\'' => {
                raw_string(&chars, at)
            }
            ('\'', Some('\\')) => find(&chars, at + 3, "'"),
            ('\'', _) if chars.get(at + 2) == Some(&'\'') => at + 3,
            _ => at,
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end.min(chars.len())].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// The code up to its first test module.
pub fn without_tests(code: &str) -> &str {
    &code[..code.find("#[cfg(test)]").unwrap_or(code.len())]
}

/// Every path that the code names; `use` trees are written out, and `crate`, `self` and `super` are resolved
/// for a file whose module is `module`, so that a path within the crate begins with `crate`.
pub fn paths(code: &str, module: &[&str]) -> Vec<Named> {
    let tokens = tokens(code);
    let mut named = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].0 == "use" {
            at += 1;
            tree(&tokens, &mut at, &[], &mut named);
        } else if tokens[at].0.starts_with(is_name) {
            let line = tokens[at].1;
            let mut path = vec![tokens[at].0.clone()];
            at += 1;
            while at + 1 < tokens.len() && tokens[at].0 == "::" && tokens[at + 1].0.starts_with(is_name) {
                path.push(tokens[at + 1].0.clone());
                at += 2;
            }
            named.push(Named { path, line });
        } else {
            at += 1;
        }
    }
    named.into_iter().map(|n| Named { path: resolve(n.path, module), line: n.line }).collect()
}

fn tree(tokens: &[(String, usize)], at: &mut usize, before: &[String], named: &mut Vec<Named>) {
    let mut path = before.to_vec();
    let mut line = tokens.get(*at).map_or(0, |t| t.1);
    while let Some((token, on)) = tokens.get(*at) {
        match token.as_str() {
            "{" => {
                *at += 1;
                while tokens.get(*at).is_some_and(|t| t.0 != "}") {
                    tree(tokens, at, &path, named);
                    if tokens.get(*at).is_some_and(|t| t.0 == ",") {
                        *at += 1;
                    }
                }
                *at += 1;
                return;
            }
            "," | "}" | ";" => break,
            "as" => *at += 2,
            "::" => *at += 1,
            name => {
                path.push(name.to_owned());
                line = *on;
                *at += 1;
            }
        }
    }
    named.push(Named { path, line });
}

fn resolve(path: Vec<String>, module: &[&str]) -> Vec<String> {
    let ups = path.iter().take_while(|p| *p == "super").count();
    let own = path.first().is_some_and(|p| p == "self");
    if ups == 0 && !own {
        return path;
    }
    let kept = &module[..module.len().saturating_sub(ups)];
    let rest = &path[ups.max(usize::from(own))..];
    std::iter::once("crate")
        .chain(kept.iter().copied())
        .map(str::to_owned)
        .chain(rest.iter().cloned())
        .collect()
}

fn tokens(code: &str) -> Vec<(String, usize)> {
    let mut all = Vec::new();
    for (line, text) in code.lines().enumerate() {
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if is_name(first) {
                rest.find(|c| !is_name(c)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            all.push((rest[..length].to_owned(), line + 1));
            rest = rest[length..].trim_start();
        }
    }
    all
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Just after the next `what` from `from` on, or the end.
fn find(chars: &[char], from: usize, what: &str) -> usize {
    let what: Vec<char> = what.chars().collect();
    (from..chars.len()).find(|&i| chars[i..].starts_with(&what)).map_or(chars.len(), |i| i + what.len())
}

fn block_comment(chars: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from + 2, 1);
    while at < chars.len() && depth > 0 {
        if chars[at..].starts_with(&['/', '*']) {
            (at, depth) = (at + 2, depth + 1);
        } else if chars[at..].starts_with(&['*', '/']) {
            (at, depth) = (at + 2, depth - 1);
        } else {
            at += 1;
        }
    }
    at
}

fn quoted(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn raw_string(chars: &[char], from: usize) -> usize {
    let hashes = chars[from + 1..].iter().take_while(|&&c| c == '#').count();
    if chars.get(from + 1 + hashes) != Some(&'"') {
        return from;
    }
    find(chars, from + 2 + hashes, &format!("\"{}", "#".repeat(hashes)))
}
