"""Shoulders and clothes, in the space of a portrait."""

from .canvas import Canvas
from .geometry import curve, smooth
from .palette import BONE, INK, NIGHT, RUST, SAND, TEAL, Colour, mix

TORSO = smooth(
    [(60, 900), (110, 690), (230, 610), (326, 572), (400, 640), (474, 572), (590, 620), (700, 700), (750, 900)]
)


def shoulders(art: Canvas, ink: Colour) -> None:
    art.fill(TORSO, ink)


def crew_neck(art: Canvas, ink: Colour) -> None:
    shoulders(art, ink)
    art.stroke(curve([(322, 578), (352, 628), (402, 648), (450, 628), (478, 578)]), mix(ink, NIGHT, 0.4), 18)
    art.hatch(smooth([(520, 600), (590, 620), (700, 700), (750, 900), (560, 900)]), mix(ink, NIGHT, 0.4), 15, 4, 70)


def jacket(art: Canvas, ink: Colour) -> None:
    art.fill([(322, 580), (478, 580), (440, 880), (350, 880)], BONE)
    art.fill(smooth([(50, 900), (110, 690), (230, 616), (318, 570), (330, 640), (400, 900)]), ink)
    art.fill(smooth([(400, 900), (470, 640), (482, 570), (590, 620), (700, 700), (760, 900)]), mix(ink, NIGHT, 0.35))
    art.fill([(318, 572), (270, 640), (310, 690), (286, 716), (396, 880), (352, 640)], mix(ink, BONE, 0.18))
    art.fill([(482, 572), (532, 640), (496, 690), (520, 716), (404, 880), (450, 640)], mix(ink, NIGHT, 0.1))
    art.fill([(326, 574), (400, 650), (352, 690)], BONE)
    art.fill([(474, 574), (400, 650), (450, 690)], SAND)


def roll_neck(art: Canvas, ink: Colour) -> None:
    shoulders(art, ink)
    art.fill(smooth([(326, 520), (400, 552), (476, 516), (492, 610), (400, 656), (310, 610)]), mix(ink, BONE, 0.14))
    for x in (348, 376, 404, 432, 458):
        art.stroke(curve([(x, 560), (x - 2, 596), (x - 4, 626)]), mix(ink, NIGHT, 0.3), 4)
    art.hatch(smooth([(520, 620), (600, 630), (700, 700), (750, 900), (560, 900)]), mix(ink, NIGHT, 0.35), 16, 4, 80)


def sailor_stripes(art: Canvas, ink: Colour) -> None:
    art.fill(TORSO, BONE)
    with art.within(TORSO):
        for y in range(650, 900, 44):
            art.stroke(curve([(40, y + 40), (230, y - 6), (400, y + 16), (590, y - 4), (760, y + 50)]), ink, 17)
    art.stroke(curve([(322, 578), (352, 628), (402, 648), (450, 628), (478, 578)]), ink, 14)


def apron(art: Canvas, ink: Colour) -> None:
    shoulders(art, ink)
    art.fill([(326, 574), (400, 652), (334, 700), (280, 610)], mix(ink, BONE, 0.3))
    art.fill([(474, 574), (400, 652), (470, 700), (522, 612)], mix(ink, NIGHT, 0.25))
    art.fill([(262, 740), (540, 740), (570, 900), (230, 900)], BONE)
    art.stroke([(276, 750), (250, 604)], BONE, 26)
    art.stroke([(526, 750), (548, 606)], BONE, 26)
    art.stroke([(280, 770), (522, 770)], RUST, 6)


def wound_scarf(art: Canvas, ink: Colour) -> None:
    shoulders(art, mix(INK, TEAL, 0.25))
    art.fill(smooth([(288, 540), (400, 586), (506, 530), (540, 606), (400, 690), (258, 620)]), ink)
    art.fill(smooth([(430, 640), (510, 610), (560, 860), (540, 900), (440, 900)]), mix(ink, NIGHT, 0.25))
    art.stroke(curve([(280, 580), (400, 634), (520, 572)]), mix(ink, NIGHT, 0.35), 7)
    for y in (740, 790, 840):
        art.stroke([(452, y), (540, y - 8)], BONE, 10)
