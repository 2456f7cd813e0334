//! A page's tables: a bold head, a rule below each row; as paragraphs where the columns become too narrow.
//! Invariant: the columns and the gaps between them are together as wide as the table.

use super::{
    atom::{Atom, Op},
    body::Setter,
    measure::Measure,
};
use crate::{domain::playlist::Span, picture::text::Style};

type Row = Vec<Vec<Span>>;

/// The least width of a column as a multiple of the size.
const LEAST: f32 = 3.5;

/// A table's rows as atoms, in a column of `width` pixels.
pub(super) fn rows(setter: &mut Setter, m: &Measure, rows: &[Row], width: f32, into: &mut Vec<Atom>) {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    if count == 0 {
        return;
    }
    let gap = (m.body * 0.9).round();
    let room = width - gap * (count - 1) as f32;
    if room < LEAST * m.body * count as f32 {
        return paragraphs(setter, m, rows, width, into);
    }
    let widths = widths(setter, m.text(), rows, room, count, LEAST * m.body);
    let pad = (m.body * 0.28).round();
    for (number, row) in rows.iter().enumerate() {
        let head = number == 0;
        let (mut x, mut height, mut ops) = (0.0, m.body, Vec::new());
        for (cell, width) in row.iter().zip(&widths) {
            let lines = setter.lines(&bold(cell, head), m.text(), *width);
            height = height.max(lines.height);
            ops.push(Op::Text { block: lines, x, y: pad, colour: m.colours.ink });
            x += width + gap;
        }
        let thick = if head { m.rule } else { (m.rule / 2.0).round().max(1.0) };
        let colour = if head { m.colours.ink } else { m.colours.paper.mix(m.colours.ink, 0.22) };
        let rule = (height + 2.0 * pad).round();
        ops.push(Op::Box { at: [0.0, rule, width, thick], radius: 0.0, colour });
        into.push(Atom { gap: 0.0, height: rule + thick, keep: head && rows.len() > 1, ops });
    }
}

/// Each column as wide as its text where that fits; else the wide ones share what the narrow ones leave.
fn widths(setter: &mut Setter, style: Style, rows: &[Row], room: f32, count: usize, least: f32) -> Vec<f32> {
    let mut wants = vec![least; count];
    for (number, row) in rows.iter().enumerate() {
        for (want, cell) in wants.iter_mut().zip(row) {
            let wide = setter.lines(&bold(cell, number == 0), style, f32::MAX).width.ceil() + 1.0;
            *want = want.max(wide);
        }
    }
    let total: f32 = wants.iter().sum();
    if total <= room {
        // What is left over stands between the columns, so that the rules reach from edge to edge.
        let more = (room - total) / count as f32;
        return wants.iter().map(|w| w + more).collect();
    }
    // Columns under an even share keep their width; the others divide the rest by what they want.
    let mut fixed = vec![false; count];
    loop {
        let open = fixed.iter().filter(|f| !**f).count().max(1) as f32;
        let taken: f32 = wants.iter().zip(&fixed).filter(|(_, f)| **f).map(|(w, _)| w).sum();
        let share = (room - taken) / open;
        let more: Vec<usize> = (0..count).filter(|i| !fixed[*i] && wants[*i] <= share).collect();
        if more.is_empty() {
            return wants.iter().zip(&fixed).map(|(w, f)| if *f { *w } else { share }).collect();
        }
        more.into_iter().for_each(|i| fixed[i] = true);
    }
}

/// Rows as paragraphs, their cells divided by dots.
pub(super) fn paragraphs(setter: &mut Setter, m: &Measure, rows: &[Row], width: f32, into: &mut Vec<Atom>) {
    for (number, row) in rows.iter().enumerate() {
        let mut spans: Vec<Span> = Vec::new();
        for cell in row.iter().filter(|c| !c.is_empty()) {
            if !spans.is_empty() {
                spans.push(Span { text: " · ".into(), bold: false });
            }
            spans.extend(bold(cell, number == 0));
        }
        let lines = setter.lines(&spans, m.text(), width);
        into.push(Atom::text(lines, 0.0, m.colours.ink).below(m.item_gap));
    }
}

fn bold(cell: &[Span], head: bool) -> Vec<Span> {
    cell.iter().map(|s| Span { text: s.text.clone(), bold: s.bold || head }).collect()
}
