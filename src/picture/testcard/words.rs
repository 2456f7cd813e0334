//! The card's words. Invariant: both languages say the same.

use crate::words::Language;

pub(super) struct Words {
    pub title: &'static str,
    pub pixels: &'static str,
    pub rotation: &'static str,
    pub region: &'static str,
    pub whole: &'static str,
    pub edge: &'static str,
    pub sizes: &'static str,
    pub capitals: &'static str,
    pub distance: &'static str,
    pub sample: &'static str,
    pub tall: &'static str,
    pub inches: &'static str,
    pub pitch: &'static str,
    pub patches: &'static str,
    pub columns: &'static str,
    pub lines: &'static str,
    pub even: &'static str,
    pub decimal: char,
}

static ID: Words = Words {
    title: "Layar uji",
    pixels: "piksel",
    rotation: "Diputar {}°",
    region: "wilayah mulai {x}, {y}",
    whole: "seluruh output",
    edge: "Garis putih 1 piksel di tepi harus tampak utuh di keempat sisi, dan lingkaran bulat.",
    sizes: "Ukuran teks",
    capitals: "huruf besar",
    distance: "terbaca dari",
    sample: "Perekaman KTP-el",
    tall: "Layar setinggi {} mm.",
    inches: "Pada layar {} inci; tulis height_mm di [[screen]] agar pas.",
    pitch: "Pada modul P4 (4 mm per piksel); tulis height_mm di [[screen]] agar pas.",
    patches: "Piksel demi piksel",
    columns: "tegak",
    lines: "datar",
    even: "Dari jauh harus abu-abu rata. Bila bergelombang, gambar diperbesar atau diperkecil.",
    decimal: ',',
};

static EN: Words = Words {
    title: "Test card",
    pixels: "pixels",
    rotation: "Turned {}°",
    region: "region from {x}, {y}",
    whole: "whole output",
    edge: "The white line of 1 pixel at the edge must be there on all four sides, and the rings round.",
    sizes: "Text sizes",
    capitals: "capitals",
    distance: "read from",
    sample: "Identity card",
    tall: "The glass is {} mm high.",
    inches: "On a screen of {} inches; write height_mm in [[screen]] to be exact.",
    pitch: "On P4 modules (4 mm a pixel); write height_mm in [[screen]] to be exact.",
    patches: "Pixel by pixel",
    columns: "columns",
    lines: "rows",
    even: "From afar an even grey. Where there are waves, the picture is scaled.",
    decimal: '.',
};

impl Words {
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Indonesian => &ID,
            Language::English => &EN,
        }
    }

    /// A number with this many decimals.
    pub fn number(&self, number: f64, decimals: usize) -> String {
        format!("{number:.decimals$}").replace('.', &self.decimal.to_string())
    }
}
