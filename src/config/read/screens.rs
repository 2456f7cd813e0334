//! What of a `[[screen]]` depends on the others, and how it is turned.
//! Invariant: two screens never share a pixel of an output.

use crate::{
    config::{Region, Screen},
    picture::turn::Turn,
    written::{Table, Value},
};

/// `rotation`: degrees clockwise.
pub(super) fn rotation(value: Value<'_>) -> Option<Turn> {
    let turn = value.as_number().and_then(|n| Turn::ALL.into_iter().find(|t| f64::from(t.degrees()) == n));
    if turn.is_none() {
        value.error(
            "`rotation` adalah putaran gambar searah jarum jam, dalam derajat; tulis 0, 90, 180, atau 270, misalnya: rotation = 90",
            "`rotation` is how far the picture is turned clockwise, in degrees; write 0, 90, 180 or 270, for example: rotation = 90",
        );
    }
    turn
}

/// Tells what is wrong with a screen beside those above it.
pub(super) fn beside(table: &Table<'_>, screen: &Screen, above: &[Screen]) {
    let output = |screen: &Screen| screen.output.as_ref().map(|name| name.to_lowercase());
    let own = output(screen);
    let same = |other: &&Screen| output(other) == own;
    if screen.sound == Some(true) && above.iter().any(|other| other.sound == Some(true)) {
        table.error(
            "suara film hanya boleh dari satu layar, dan layar di atas sudah memakainya; hapus `sound = true` dari salah satunya",
            "the films of one screen alone are heard, and a screen above has that already; remove `sound = true` from one of them",
        );
    }
    match &screen.output {
        None if above.iter().any(|other| same(&other)) => table.error(
            "layar ini belum punya `output`, begitu juga layar di atas; hanya satu layar boleh tanpa `output`; tulis misalnya: output = \"HDMI-A-1\"",
            "this screen has no `output`, and neither has one above; only one screen can be without; write for example: output = \"HDMI-A-1\"",
        ),
        None => {}
        Some(name) => {
            let Some(other) = above.iter().filter(same).find(|other| meet(screen.region, other.region)) else {
                return;
            };
            if screen.region.is_none() || other.region.is_none() {
                table.error(
                    format!("output \"{name}\" sudah dipakai layar di atas; tulis nama output yang lain, atau beri keduanya `region` yang terpisah"),
                    format!("the output \"{name}\" is a screen's above already; write another output's name, or give both a `region` apart from the other"),
                );
            } else {
                table.error(
                    format!("`region` layar ini menumpuk layar di atas pada output \"{name}\"; tulis `region` yang terpisah, misalnya: {}", free(above, &own)),
                    format!("this screen's `region` lies over that of a screen above on the output \"{name}\"; write a `region` apart from it, for example: {}", free(above, &own)),
                );
            }
        }
    }
}

/// Whether two regions of an output have a pixel in common; `None` is all of it.
fn meet(a: Option<Region>, b: Option<Region>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return true };
    let apart =
        |a: u32, long: u32, b: u32, wide: u32| a.saturating_add(long) <= b || b.saturating_add(wide) <= a;
    !apart(a.x, a.width, b.x, b.width) && !apart(a.y, a.height, b.y, b.height)
}

/// Where on the same output there is room at the right of all that is there.
fn free(above: &[Screen], output: &Option<String>) -> String {
    let on = |screen: &&Screen| screen.output.as_ref().map(|name| name.to_lowercase()) == *output;
    let ends = above.iter().filter(on).filter_map(|s| s.region).map(|r| r.x.saturating_add(r.width));
    format!("region = {{ x = {}, y = 0, width = 1152, height = 576 }}", ends.max().unwrap_or_default())
}
