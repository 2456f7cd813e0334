//! Text from outside, made safe to show.
//! Invariant: what is returned holds no character that is invisible or changes the direction of others.

/// Text as it may be shown: every run of white space (line breaks too) is one space, none stands at an
/// end, and what cannot be seen is gone. Cleaning twice changes nothing.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut gap = false;
    for character in text.chars() {
        if character.is_whitespace() {
            gap = true;
        } else if !is_hidden(character) {
            if gap && !cleaned.is_empty() {
                cleaned.push(' ');
            }
            gap = false;
            cleaned.push(character);
        }
    }
    cleaned
}

/// Whether a character is a control, or draws nothing by itself. Beside the controls these are Unicode's
/// `Default_Ignorable_Code_Point` (bidi overrides and isolates, zero-width joiners and spaces, fillers,
/// variation selectors, tags), the interlinear annotations, and U+FFFE and U+FFFF, which are none.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(u32::from(character),
            0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
            | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164
            | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xFFFE..=0xFFFF
            | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

/// Text as it may be shown, with its spaces and line breaks (as `\n`); what cannot be seen is gone.
pub fn clean_lines(text: &str) -> String {
    let shown = |character: char| match character {
        '\n' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' => Some(' '),
        c if is_hidden(c) => None,
        c => Some(c),
    };
    text.chars().filter_map(shown).collect()
}
