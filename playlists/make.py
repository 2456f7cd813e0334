#!/usr/bin/env python3
"""Draws lobi/images/alur-pelayanan.png with papan's own fonts and colours. Needs Pillow: pip install pillow."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "assets" / "fonts"
OUT = HERE / "lobi" / "images" / "alur-pelayanan.png"

# The stage of the landscape layout has this shape; drawn larger so that a 4K screen shows it sharp.
WIDTH, HEIGHT = 1920, 1350
PAPER, INK, TEAL, DEEP, SUN, WHITE = "#f6f3ec", "#0c2230", "#0b5c56", "#0b3142", "#ffc73d", "#ffffff"

STEPS = [
    ("Ambil nomor antrean", "Pilih layanan di mesin dekat pintu masuk"),
    ("Tunggu panggilan", "Lihat nomor Anda di layar dan dengarkan nada"),
    ("Datang ke loket", "Serahkan berkas dan periksa data Anda"),
    ("Terima hasil", "Periksa kembali sebelum meninggalkan loket"),
]


def font(name, size):
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size)


def main():
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((90, 96), "Mal Pelayanan Publik", font=font("PlusJakartaSans-Bold", 44), fill=TEAL)
    draw.text((86, 150), "Empat langkah dilayani", font=font("PlusJakartaSans-ExtraBold", 104), fill=INK)

    top, row, gap = 330, 215, 30
    for index, (title, text) in enumerate(STEPS):
        y = top + index * (row + gap)
        if index:
            # An arrow from the step above.
            x = 90 + 110
            draw.polygon([(x - 26, y - gap - 8), (x + 26, y - gap - 8), (x, y - 2)], fill=DEEP)
        draw.rounded_rectangle((90, y, WIDTH - 90, y + row - 6), radius=28, fill=WHITE)
        draw.rounded_rectangle((90, y, 90 + 220, y + row - 6), radius=28, fill=DEEP)
        number = font("AtkinsonHyperlegibleNext-ExtraBold", 132)
        draw.text((200, y + row / 2 - 3), str(index + 1), font=number, fill=SUN, anchor="mm")
        draw.text((370, y + 72), title, font=font("PlusJakartaSans-Bold", 68), fill=INK, anchor="lm")
        body = font("AtkinsonHyperlegibleNext-Regular", 50)
        draw.text((370, y + 146), text, font=body, fill=INK, anchor="lm")

    # Few colours: a palette keeps the file small.
    picture.quantize(colors=64, dither=Image.Dither.NONE).save(OUT, optimize=True)


if __name__ == "__main__":
    main()
