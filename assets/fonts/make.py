#!/usr/bin/env python3
"""Make the static TTF fonts in this folder from the variable web fonts on npm.

Needs npm, and from PyPI: fonttools, brotli.  usage: python3 make.py
fontdue reads no variable fonts and the packages keep latin and latin-ext apart, so each weight is
instanced from both and merged. fontdue loads only glyphs that some character maps to (of those that
features put in, such as tabular digits, it misses the last of a range: the 9), so every other glyph gets a
private-use character. Reserved names are kept: neither family reserves any (see OFL-*.txt).
"""
import pathlib, subprocess, tarfile, tempfile
from fontTools import merge
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

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
                for subset in ("latin", "latin-ext"):
                    font = TTFont(root / "files" / f"{package}-{subset}-wght-normal.woff2")
                    font.flavor = None
                    instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True, overlap=instancer.OverlapMode.KEEP_AND_SET_FLAGS)
                    for table in ("STAT", "DSIG", "gasp"):
                        if table in font: del font[table]
                    part = tmp / f"{name}-{subset}.ttf"
                    font.save(part); parts.append(str(part))
                merged = merge.Merger().merge(parts)
                family = " ".join(__import__("re").findall("[A-Z][a-z]+", name))
                for record in list(merged["name"].names):
                    if record.nameID in (16, 17, 21, 22, 25): merged["name"].removeNames(nameID=record.nameID)
                for nid, text in ((1, family), (2, style), (3, f"{name}-{style}"), (4, f"{family} {style}"), (6, f"{name}-{style}")):
                    merged["name"].setName(text, nid, 3, 1, 0x409); merged["name"].removeNames(nameID=nid, platformID=1)
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
