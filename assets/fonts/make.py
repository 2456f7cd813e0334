#!/usr/bin/env python3
"""Make the static TTF fonts in this folder from the variable web fonts on npm.

Needs npm, and from PyPI: fonttools, brotli.  usage: python3 make.py
fontdue reads no variable fonts and the packages keep latin and latin-ext apart, so each weight is
instanced from both and merged. fontdue loads only glyphs that some character maps to (of those that
features put in, such as tabular digits, it misses the last of a range: the 9), so every other glyph gets a
private-use character. Reserved names are kept: neither family reserves any (see OFL-*.txt).
"""
import pathlib, subprocess, tarfile, tempfile
from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# What halls write: Basic Latin, Latin-1, Latin Extended-A, punctuation and a few signs. fontdue keeps every
# glyph's outline in memory, so a glyph that nobody writes costs as much as one that everybody does.
LATIN_1 = [*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2028), 0x2030, 0x2039, 0x203A, 0x20AC, 0x2212]
LATIN = [*LATIN_1, *range(0x100, 0x180), 0x2044, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2260, 0x2264, 0x2265]
# Only a called ticket is set in this one; other letters come from the Bold.
CALL = "AtkinsonHyperlegibleNext-ExtraBold"

HERE = pathlib.Path(__file__).parent
FAMILIES = {
    "AtkinsonHyperlegibleNext": ("atkinson-hyperlegible-next", "5.3.0", {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700, "ExtraBold": 800}),
    "PlusJakartaSans": ("plus-jakarta-sans", "5.3.0", {"SemiBold": 600, "Bold": 700, "ExtraBold": 800}),
}

def main():
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        for name, (package, version, weights) in FAMILIES.items():
            subprocess.run(["npm", "pack", "--silent", f"@fontsource-variable/{package}@{version}"], cwd=tmp, check=True)
            tarfile.open(tmp / f"fontsource-variable-{package}-{version}.tgz").extractall(tmp / package, filter="data")
            root = tmp / package / "package"
            (HERE / f"OFL-{name}.txt").write_bytes((root / "LICENSE").read_bytes())
            for style, weight in weights.items():
                parts = []
                for part_of in ("latin", "latin-ext"):
                    font = TTFont(root / "files" / f"{package}-{part_of}-wght-normal.woff2")
                    font.flavor = None
                    instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True, overlap=instancer.OverlapMode.KEEP_AND_SET_FLAGS)
                    for table in ("STAT", "DSIG", "gasp"):
                        if table in font: del font[table]
                    part = tmp / f"{name}-{part_of}.ttf"
                    font.save(part); parts.append(str(part))
                merged = merge.Merger().merge(parts)
                family = " ".join(__import__("re").findall("[A-Z][a-z]+", name))
                for record in list(merged["name"].names):
                    if record.nameID in (16, 17, 21, 22, 25): merged["name"].removeNames(nameID=record.nameID)
                for nid, text in ((1, family), (2, style), (3, f"{name}-{style}"), (4, f"{family} {style}"), (6, f"{name}-{style}")):
                    merged["name"].setName(text, nid, 3, 1, 0x409); merged["name"].removeNames(nameID=nid, platformID=1)
                options = subset.Options(layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "tnum"], notdef_outline=True, name_IDs=["*"])
                subsetter = subset.Subsetter(options)
                subsetter.populate(unicodes=LATIN_1 if f"{name}-{style}" == CALL else LATIN)
                subsetter.subset(merged)
                named, private = set(merged.getBestCmap().values()), 0xE000
                for glyph in merged.getGlyphOrder():
                    if glyph not in named and glyph != ".notdef":
                        for table in merged["cmap"].tables:
                            if table.isUnicode(): table.cmap[private] = glyph
                        private += 1
                merged["OS/2"].usWeightClass = weight
                merged.save(HERE / f"{name}-{style}.ttf")
                print(name, style, merged["maxp"].numGlyphs, "glyphs")
main()
