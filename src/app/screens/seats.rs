//! Which screen lies where in the window. Pure. Invariant: two screens never share a pixel, and a screen whose output
//! is not there lies nowhere.

use crate::{
    config::Screen,
    picture::{Rect, place::Place},
    state::{Output, Outputs},
    words::Language,
};

/// Where a screen is.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Seat {
    /// The output that it is on.
    pub output: Option<String>,
    /// Where it lies in the window; `None` where it cannot be seen.
    pub place: Option<Place>,
    /// What is wrong with it, for staff.
    pub trouble: Option<String>,
}

/// A seat for each screen, in the config's order, in a window of `size` pixels.
pub(super) fn seats(
    screens: &[Screen],
    outputs: &Outputs,
    size: (u32, u32),
    language: Language,
) -> Vec<Seat> {
    let window = Rect::new(0, 0, size.0, size.1);
    if !outputs.known {
        // The window is no wall of outputs: the first screen has all of it, the others have no place.
        let alone = |(at, screen): (usize, &Screen)| {
            let place =
                (at == 0 && !window.is_empty()).then_some(Place { at: window, turn: screen.rotation });
            let trouble = place.is_none().then(|| match language {
                Language::Indonesian => "layar ini tidak tampil: jendela ini hanya memuat layar pertama, sebab output tidak diketahui (X11, atau --windowed); jalankan di sway, atau tulis satu [[screen]] saja".to_owned(),
                Language::English => "this screen is not shown: this window holds the first screen alone, as the outputs are not known (X11, or --windowed); run it in sway, or write one [[screen]] only".to_owned(),
            });
            Seat { output: None, place, trouble: trouble.filter(|_| !window.is_empty()) }
        };
        return screens.iter().enumerate().map(alone).collect();
    }
    let mut taken: Vec<(Rect, String)> = Vec::new();
    screens.iter().map(|screen| seat(screen, screens, outputs, window, &mut taken, language)).collect()
}

fn seat(
    screen: &Screen,
    all: &[Screen],
    outputs: &Outputs,
    window: Rect,
    taken: &mut Vec<(Rect, String)>,
    language: Language,
) -> Seat {
    let is = |output: &Output, name: &str| output.name.eq_ignore_ascii_case(name);
    let named = |output: &&Output| {
        !all.iter().any(|other| other.output.as_deref().is_some_and(|name| is(output, name)))
    };
    let output = match &screen.output {
        Some(name) => outputs.all.iter().find(|output| is(output, name)),
        None => outputs.all.iter().find(named),
    };
    let say = |id: String, en: String| {
        Some(match language {
            Language::Indonesian => id,
            Language::English => en,
        })
    };
    let Some(output) = output else {
        return Seat { trouble: absent(screen, outputs, language), ..Seat::default() };
    };
    let whole =
        Rect::new(output.x - outputs.origin.0, output.y - outputs.origin.1, output.width, output.height);
    let (asked, cut) = match screen.region {
        None => (whole, whole),
        Some(region) => {
            let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
            let (x, y) = (whole.x.saturating_add(side(region.x)), whole.y.saturating_add(side(region.y)));
            let asked = Rect::new(x, y, region.width, region.height);
            (asked, asked.intersect(whole))
        }
    };
    let there = format!("{} × {}", output.width, output.height);
    let trouble = if cut.is_empty() {
        say(
            format!(
                "`region` berada di luar output {} ({there} piksel), jadi layar ini tidak tampil; periksa `region`, atau mode output itu",
                output.name
            ),
            format!(
                "`region` lies outside of the output {} ({there} pixels), so this screen is not shown; check `region`, or that output's mode",
                output.name
            ),
        )
    } else if cut != asked {
        say(
            format!(
                "`region` melewati tepi output {} ({there} piksel), jadi gambarnya dipersempit; periksa `region`, atau mode output itu",
                output.name
            ),
            format!(
                "`region` reaches beyond the edge of the output {} ({there} pixels), so the picture is made smaller; check `region`, or that output's mode",
                output.name
            ),
        )
    } else {
        None
    };
    let at = cut.intersect(window);
    // Outputs that mirror one another lie on the same pixels: what comes first has them.
    let covers = taken.iter().find(|(other, _)| !other.intersect(at).is_empty());
    let covered = covers.and_then(|(_, other)| {
        say(
            format!("layar ini tidak tampil: output {} dan {other} menempati tempat yang sama; pisahkan dengan `output NAMA position X Y` di /etc/papan/sway.d, atau periksa `region` keduanya", output.name),
            format!("this screen is not shown: the outputs {} and {other} take the same place; part them by `output NAME position X Y` in /etc/papan/sway.d, or look at both their `region`", output.name),
        )
    });
    let free = !at.is_empty() && covers.is_none();
    if free {
        taken.push((at, output.name.clone()));
    }
    let place = free.then_some(Place { at, turn: screen.rotation });
    let trouble = covered.or(trouble);
    Seat { output: Some(output.name.clone()), place, trouble }
}

/// What staff are told of an output that is not there.
fn absent(screen: &Screen, outputs: &Outputs, language: Language) -> Option<String> {
    let there: Vec<&str> = outputs.all.iter().map(|output| output.name.as_str()).collect();
    Some(match (language, &screen.output, there.is_empty()) {
        (Language::Indonesian, _, true) => {
            "tidak ada output yang menyala; periksa kabel dan daya layar".into()
        }
        (Language::English, _, true) => "no output is on; check the screens' cables and power".into(),
        (Language::Indonesian, Some(name), _) => format!(
            "output {name} tidak ada atau tidak menyala; yang ada: {}; periksa kabel dan daya layar, atau tulis salah satunya di [[screen]] output",
            there.join(", ")
        ),
        (Language::English, Some(name), _) => format!(
            "the output {name} is not there or not on; there are: {}; check the screen's cable and power, or write one of them in [[screen]] output",
            there.join(", ")
        ),
        (Language::Indonesian, None, _) => format!(
            "tidak ada output yang tersisa untuk layar ini; yang ada: {}; periksa kabel dan daya layar",
            there.join(", ")
        ),
        (Language::English, None, _) => format!(
            "no output is left for this screen; there are: {}; check the screens' cables and power",
            there.join(", ")
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Region, picture::turn::Turn};

    fn output(name: &str, x: i32, y: i32, width: u32, height: u32) -> Output {
        Output { name: name.into(), x, y, width, height, rate: 60.0 }
    }

    fn two() -> Outputs {
        let all = vec![output("HDMI-A-1", 0, 0, 1920, 1080), output("HDMI-A-2", 1920, 0, 1280, 720)];
        Outputs { known: true, all, origin: (0, 0), under: None }
    }

    fn screen(output: Option<&str>, region: Option<[u32; 4]>, rotation: Turn) -> Screen {
        let region = region.map(|[x, y, width, height]| Region { x, y, width, height });
        Screen { output: output.map(str::to_owned), region, rotation, ..Screen::default() }
    }

    fn places(screens: &[Screen], outputs: &Outputs, size: (u32, u32)) -> Vec<Option<Rect>> {
        let seats = seats(screens, outputs, size, Language::English);
        seats.into_iter().map(|seat| seat.place.map(|place| place.at)).collect()
    }

    const WINDOW: (u32, u32) = (3200, 1080);

    #[test]
    fn each_screen_lies_on_its_output_and_in_its_region() {
        let screens = [
            screen(Some("HDMI-A-1"), None, Turn::Quarter),
            screen(Some("hdmi-a-2"), Some([64, 32, 1152, 576]), Turn::None),
        ];
        let seats = seats(&screens, &two(), WINDOW, Language::English);
        assert_eq!(seats[0].place.map(|place| place.size()), Some((1080, 1920)));
        assert_eq!(seats[1].place.map(|place| place.at), Some(Rect::new(1984, 32, 1152, 576)));
        assert!(seats.iter().all(|seat| seat.trouble.is_none()), "{seats:?}");
        // The layout's left top corner may be anywhere.
        let mut moved = two();
        moved.origin = (-100, -50);
        assert_eq!(places(&screens, &moved, (3300, 1130))[0], Some(Rect::new(100, 50, 1920, 1080)));
    }

    #[test]
    fn a_screen_without_output_takes_the_first_that_nobody_names() {
        let screens = [screen(None, None, Turn::None), screen(Some("HDMI-A-1"), None, Turn::None)];
        let all = places(&screens, &two(), WINDOW);
        assert_eq!(all, [Some(Rect::new(1920, 0, 1280, 720)), Some(Rect::new(0, 0, 1920, 1080))]);
        // A lone one takes the first.
        assert_eq!(places(&screens[..1], &two(), WINDOW), [Some(Rect::new(0, 0, 1920, 1080))]);
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is() {
        let screens = [screen(Some("DP-1"), None, Turn::None), screen(Some("HDMI-A-2"), None, Turn::None)];
        for language in [Language::Indonesian, Language::English] {
            let seats = seats(&screens, &two(), WINDOW, language);
            let told = seats[0].trouble.as_deref().unwrap();
            assert!(["DP-1", "HDMI-A-1, HDMI-A-2"].iter().all(|name| told.contains(name)), "{told}");
            assert_eq!((seats[0].place, seats[1].trouble.as_ref()), (None, None));
        }
        let none = Outputs { known: true, ..Outputs::default() };
        assert_eq!(places(&screens, &none, WINDOW), [None, None]);
        // Three screens, two outputs.
        let three = [Some("HDMI-A-1"), Some("HDMI-A-2"), None].map(|name| screen(name, None, Turn::None));
        let seats = seats(&three, &two(), WINDOW, Language::English);
        assert!(seats[2].place.is_none() && seats[2].trouble.is_some());
    }

    #[test]
    fn a_region_is_cut_to_its_output() {
        let seat = |region| {
            let screens = [screen(Some("HDMI-A-2"), Some(region), Turn::None)];
            let seat = seats(&screens, &two(), WINDOW, Language::English).remove(0);
            (seat.place.map(|place| place.at), seat.trouble.is_some())
        };
        assert_eq!(seat([0, 0, 1280, 720]), (Some(Rect::new(1920, 0, 1280, 720)), false));
        assert_eq!(seat([1000, 700, 1152, 576]), (Some(Rect::new(2920, 700, 280, 20)), true));
        assert_eq!(seat([1280, 0, 10, 10]), (None, true));
        assert_eq!(seat([u32::MAX, u32::MAX, u32::MAX, u32::MAX]).0, None);
    }

    #[test]
    fn two_regions_share_an_output_and_mirrored_outputs_show_one_screen() {
        let halves = [[0, 0, 960, 1080], [960, 0, 960, 1080]];
        let screens = halves.map(|region| screen(Some("HDMI-A-1"), Some(region), Turn::None));
        let all = places(&screens, &two(), WINDOW);
        assert_eq!(all, [Some(Rect::new(0, 0, 960, 1080)), Some(Rect::new(960, 0, 960, 1080))]);
        let mut mirrored = two();
        mirrored.all[1].x = 0;
        let screens = [Some("HDMI-A-1"), Some("HDMI-A-2")].map(|name| screen(name, None, Turn::None));
        assert_eq!(places(&screens, &mirrored, (1920, 1080)), [Some(Rect::new(0, 0, 1920, 1080)), None]);
        // What is not shown is told, with what lies there.
        let told = seats(&screens, &mirrored, (1920, 1080), Language::English);
        assert!(
            told[0].trouble.is_none() && told[1].trouble.as_ref().is_some_and(|t| t.contains("HDMI-A-1"))
        );
    }

    #[test]
    fn a_window_among_others_is_the_first_screens() {
        let screens = [screen(Some("X"), Some([5, 5, 5, 5]), Turn::Quarter), screen(None, None, Turn::None)];
        let seats = seats(&screens, &Outputs::default(), (640, 360), Language::English);
        assert_eq!(seats[0].place.map(|place| place.size()), Some((360, 640)));
        assert!(seats[0].trouble.is_none() && seats[1].place.is_none() && seats[1].trouble.is_some());
        assert_eq!(places(&screens, &Outputs::default(), (0, 0)), [None, None]);
    }
}
