//! The third question: which outputs there are, and what is on each.
//! Invariant: one output alone needs no name, so that its cable can be put into another socket.

use super::{
    super::{
        answers::{self, Answers, ScreenAnswer},
        ask::{Asker, Stopped, pick},
        given::{of_output, shape},
        machine::{CARD_SECONDS, Machine, NoCard},
        outputs::Output,
    },
    Before,
};
use crate::config::LAYOUTS;

/// How far viewers stand where nobody says.
const DISTANCE: f64 = 4.0;

/// Asks it.
pub(super) fn ask(
    asker: &mut Asker<'_>,
    machine: &dyn Machine,
    before: &Before<'_>,
    answers: &mut Answers,
) -> Result<(), Stopped> {
    let title = asker.t("3/5  Layar", "3/5  Screens").to_owned();
    asker.heading(&title);
    let outputs = machine.outputs();
    list(asker, &outputs);
    if before.given.screens.is_none() {
        loop {
            answers.screens = screens(asker, before, &outputs, &answers.screens)?;
            if !before.test || card(asker, machine, &answers.screens)? {
                break;
            }
        }
    } else if before.test {
        card(asker, machine, &answers.screens)?;
    }
    Ok(())
}

fn list(asker: &mut Asker<'_>, outputs: &[Output]) {
    if outputs.iter().all(|o| !o.connected) {
        asker.tell(
            "Tidak ada monitor yang tercolok sekarang. Jawaban berikut berlaku untuk yang dicolokkan nanti.",
            "No monitor is plugged in now. The answers are for the one that will be.",
        );
        return;
    }
    for output in outputs {
        let mode = output.mode.map(|(w, h)| format!("{w}x{h}")).unwrap_or_default();
        let size = output.size_mm.map(|(w, h)| format!(", {} x {} cm", w / 10, h / 10)).unwrap_or_default();
        let what = match (output.connected, &output.monitor) {
            (false, _) => asker.t("(tidak tercolok)", "(nothing plugged in)").to_owned(),
            (true, Some(name)) => format!("{mode}  {name}{size}"),
            (true, None) => format!("{mode}{size}"),
        };
        let line = format!("     {:10}  {what}", output.name);
        asker.who.show(line.trim_end());
    }
}

fn screens(
    asker: &mut Asker<'_>,
    before: &Before<'_>,
    outputs: &[Output],
    present: &[ScreenAnswer],
) -> Result<Vec<ScreenAnswer>, Stopped> {
    let connected: Vec<&Output> = outputs.iter().filter(|o| o.connected).collect();
    let elsewhere: Vec<&ScreenAnswer> = present
        .iter()
        .filter(|s| s.output.as_ref().is_some_and(|name| connected.iter().all(|o| o.name != *name)))
        .collect();
    if connected.len() + elsewhere.len() <= 1 {
        // The only one: it keeps the name that it has, and gets none.
        let known = present.first().cloned().unwrap_or_default();
        let output = connected.first().copied();
        return Ok(vec![details(asker, before, output, known)?]);
    }
    let mut chosen = Vec::new();
    while chosen.is_empty() {
        for output in &connected {
            let known = of_output(present, Some(&output.name)).cloned();
            let label =
                pick(asker.language, &format!("Pakai {}?", output.name), &format!("Use {}?", output.name))
                    .to_owned();
            if asker.yes(&label, true)? {
                let known = ScreenAnswer { output: Some(output.name.clone()), ..known.unwrap_or_default() };
                chosen.push(details(asker, before, Some(output), known)?);
            }
        }
        for screen in &elsewhere {
            let name = screen.output.clone().unwrap_or_default();
            let label = pick(
                asker.language,
                &format!("{name} ada di konfigurasi, tetapi tidak tercolok. Tetap pakai?"),
                &format!("{name} is in the config, yet not plugged in. Keep it?"),
            )
            .to_owned();
            if asker.yes(&label, true)? {
                chosen.push((*screen).clone());
            }
        }
        if chosen.is_empty() {
            asker.tell("! Paling sedikit satu layar.", "! At least one screen.");
        }
    }
    Ok(chosen)
}

fn details(
    asker: &mut Asker<'_>,
    before: &Before<'_>,
    output: Option<&Output>,
    mut screen: ScreenAnswer,
) -> Result<ScreenAnswer, Stopped> {
    let language = asker.language;
    let mode = output.and_then(|o| o.mode);
    screen.layout = Some(layout(asker, before, &screen, mode)?);
    let label =
        asker.t("Diputar (0, 90, 180, 270 derajat)", "Turned by (0, 90, 180, 270 degrees)").to_owned();
    screen.rotation =
        asker.text(&label, &screen.rotation.to_string(), |typed| answers::rotation(typed, language))?;
    if screen.layout.as_deref() == Some("videotron") || screen.region.is_some() {
        asker.tell(
            "Bagian output untuk prosesor LED: lebar x tinggi + kiri + atas, dalam piksel; - untuk seluruhnya.",
            "The part of the output for the LED processor: width x height + left + top, in pixels; - for all of it.",
        );
        let shown = screen.region.map_or_else(|| "-".to_owned(), answers::region_text);
        let label = asker.t("Bagian", "Region").to_owned();
        screen.region = asker.text(&label, &shown, |typed| match typed {
            "-" => Ok(None),
            typed => answers::region(typed, language).map(Some),
        })?;
    }
    let shape = shape(&screen, mode);
    let by_itself = output
        .and_then(|o| o.size_mm)
        .filter(|_| screen.region.is_none())
        .map(|(w, h)| f64::from(if screen.rotation % 180 == 90 { w } else { h }));
    let shown = screen.height_mm.or(by_itself).map(|mm| format!("{mm} mm")).unwrap_or_default();
    let label = asker
        .t(
            "Tinggi gambar (680 mm) atau diagonal (55 inci)",
            "Picture's height (680 mm) or diagonal (55 inch)",
        )
        .to_owned();
    screen.height_mm = asker.text(&label, &shown, |typed| match typed {
        "" => Ok(None),
        typed => answers::height(typed, shape, language).map(Some),
    })?;
    let shown = screen.viewing_distance_m.unwrap_or(DISTANCE);
    let label = asker.t("Jarak penonton paling jauh, meter", "Farthest viewer, in metres").to_owned();
    if screen.height_mm.is_some() {
        screen.viewing_distance_m =
            Some(asker.text(&label, &shown.to_string(), |typed| answers::distance(typed, language))?);
    }
    Ok(screen)
}

fn layout(
    asker: &mut Asker<'_>,
    before: &Before<'_>,
    screen: &ScreenAnswer,
    mode: Option<(u32, u32)>,
) -> Result<String, Stopped> {
    let what = [
        asker.t("lebar: prosedur di kiri, loket di kanan", "wide: procedures left, counters right"),
        asker.t("tegak: loket di atas, prosedur di bawah", "tall: counters above, procedures below"),
        asker.t("dinding LED, terlihat dari jalan", "an LED wall, seen from the street"),
    ]
    .map(str::to_owned);
    let mut choices: Vec<(String, String)> = LAYOUTS.iter().map(|l| (*l).to_owned()).zip(what).collect();
    let own = asker.t("milik sendiri", "your own").to_owned();
    choices.extend(before.config.layouts.keys().map(|name| (name.clone(), own.clone())));
    let tall = mode.is_some_and(|(w, h)| h > w) || screen.rotation % 180 == 90;
    let by_shape = if tall { "portrait" } else { "landscape" };
    let wanted = screen.layout.as_deref().unwrap_or(by_shape);
    let at = choices.iter().position(|(name, _)| name == wanted).unwrap_or_default();
    let label = match &screen.output {
        Some(name) => {
            pick(asker.language, &format!("Tata letak di {name}"), &format!("Layout on {name}")).to_owned()
        }
        None => asker.t("Tata letak", "Layout").to_owned(),
    };
    let at = asker.choose(&label, &choices, at)?;
    Ok(choices.swap_remove(at).0)
}

/// Shows the test card; whether the answers stand.
fn card(asker: &mut Asker<'_>, machine: &dyn Machine, screens: &[ScreenAnswer]) -> Result<bool, Stopped> {
    let label = pick(
        asker.language,
        &format!("Tampilkan gambar uji di layar, {CARD_SECONDS} detik?"),
        &format!("Show the test card on the screens, for {CARD_SECONDS} s?"),
    )
    .to_owned();
    if !asker.yes(&label, true)? {
        return Ok(true);
    }
    match machine.card(screens) {
        Ok(()) => {
            let label = asker.t("Apakah setiap layar menampilkannya dengan benar?", "Was it right on each screen?").to_owned();
            return asker.yes(&label, true);
        }
        Err(NoCard::NoDisplay) => asker.tell(
            "Di sini tidak ada server tampilan; lihat gambar uji nanti dengan: papan testcard",
            "There is no display server here; see the test card later with: papan testcard",
        ),
        Err(NoCard::OwnTerminal) => asker.tell(
            "Layar akan memakai terminal ini (tty1), jadi gambar uji tidak dapat tampil sekarang. Pakai ssh atau Alt+F2 untuk mencobanya.",
            "The screen will take this terminal (tty1), so the test card cannot be shown now. Use ssh or Alt+F2 to try it.",
        ),
        Err(NoCard::Failed(why)) => {
            let (id, en) = (format!("! Gambar uji gagal: {why}"), format!("! The test card failed: {why}"));
            asker.tell(&id, &en);
        }
    }
    Ok(true)
}
