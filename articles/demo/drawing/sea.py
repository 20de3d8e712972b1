"""Coast: boats, beaches, wells and a lighthouse, in navy, teal and bone."""

from .canvas import Canvas
from .geometry import Point, arc, below, box, curve, oval, polar, ribbon, rounded, sector, smooth, wave
from .motifs import Dress, Scene, gull, house, person, swell
from .palette import BONE, INK, MIST, MOSS, NIGHT, OCHRE, PLUM, ROSE, RUST, SAND, TEAL, mix

DEEP = mix(INK, TEAL, 0.45)
SHALLOW = mix(TEAL, MIST, 0.5)


def pilot_boat(art: Canvas) -> None:
    art.gradient(NIGHT, DEEP, 0, 480)
    art.fill(oval(875, 245, 150), BONE)
    art.halftone(oval(875, 245, 150), SAND, (800, 130), (960, 420), 12)
    for top, left, right in ((205, 560, 800), (318, 830, 1240), (372, 690, 930)):
        art.fill(rounded(left, top, right, top + 20, 10), mix(NIGHT, DEEP, 0.55))
    art.fill(below(curve([(-20, 440), (160, 428), (340, 452), (520, 462)]), 490), NIGHT)
    for x in (64, 118, 236):
        art.fill(oval(x, 446, 4), OCHRE)
    swell(art, 470, INK, 5, 300)
    for i, width in enumerate((190, 130, 215, 110, 160, 70)):
        middle, y = 875 + (-1) ** i * 18, 492 + i * 27
        art.fill(rounded(middle - width / 2, y, middle + width / 2, y + 9, 4), mix(SAND, BONE, 0.5))
    art.fill([(452, 372), (1230, 452), (1230, 560)], mix(OCHRE, INK, 0.35))
    swell(art, 545, DEEP, 14, 340, 0.1)
    with art.posed(380, 560, turn=-4):
        _launch(art)
    swell(art, 592, INK, 16, 380, 0.55)
    swell(art, 660, mix(INK, NIGHT, 0.5), 18, 460, 0.2)
    swell(art, 735, NIGHT, 16, 400, 0.7)
    for x, y in ((620, 600), (150, 672), (760, 690), (1010, 640), (420, 748)):
        art.stroke(arc(x, y + 60, 70, 235, 305), SHALLOW, 4)


def _launch(art: Canvas) -> None:
    """A pilot launch seen from the side, bow to the right, its waterline at the origin."""
    art.fill(smooth([(-190, -62), (-60, -52), (90, -58), (215, -92), (170, 40), (-170, 50)]), RUST)
    art.fill([(-196, -10), (190, -30), (180, 60), (-190, 60)], mix(RUST, PLUM, 0.7))
    art.stroke(curve([(-188, -62), (-60, -53), (90, -59), (212, -92)]), BONE, 8)
    art.fill([(-70, -58), (-60, -160), (66, -160), (92, -62)], BONE)
    art.fill([(-70, -58), (-60, -160), (-22, -160), (-26, -58)], SAND)
    art.fill([(-6, -146), (58, -146), (70, -108), (-6, -108)], OCHRE)
    art.fill(box(-52, -146, -26, -108), NIGHT)
    art.fill(box(-74, -172, 82, -158), RUST)
    art.stroke([(-10, -170), (-10, -250)], NIGHT, 7)
    art.stroke([(-10, -246), (-150, -66)], NIGHT, 2.5)
    art.stroke([(66, -172), (66, -192)], NIGHT, 6)
    art.fill(oval(72, -196, 17), OCHRE)
    art.fill(oval(72, -196, 9), BONE)


def foreshore(art: Canvas) -> None:
    """The beach from straight above: each tide leaves a line, none of them a boundary."""
    art.ground(SAND)
    inks = (
        MOSS,
        mix(OCHRE, SAND, 0.3),
        SAND,
        mix(SAND, ROSE, 0.55),
        mix(SAND, MIST, 0.5),
        BONE,
        MIST,
        SHALLOW,
        TEAL,
        DEEP,
    )
    for i, ink in enumerate(inks):
        art.fill(below(_tide_line(i * 112 - 130), 2200), ink)
    art.hatch(below(_tide_line(992 - 230), 2200), INK, 16, 3, 24)
    art.halftone(below(_tide_line(-20), -900), mix(MOSS, INK, 0.5), (250, 260), (-150, -80), 20)
    for x, y in _tide_line(430)[30::3]:
        art.fill(oval(x, y, 5, 9), PLUM)
    survey = [(x, 30 + x * 0.64) for x in range(320, 900, 34)]
    for start, end in zip(survey[::2], survey[1::2], strict=False):
        art.stroke([start, end], RUST, 6)
    for x, y in (survey[0], survey[8], survey[-1]):
        art.fill(oval(x, y, 13), RUST)
        art.fill(oval(x, y, 5), BONE)
    with art.posed(700, 330, scale=1.7):
        art.fill([(-8, 4), (8, -6), (-120, 128), (-138, 118)], PLUM)
        art.fill(oval(0, 0, 24, 15), RUST)
        art.fill(oval(2, -2, 10), INK)


def _tide_line(offset: float) -> list[Point]:
    """A line across the sheet from lower left to upper right, scalloped as a spent wave leaves it."""
    knots = (
        (-1100, 1180),
        (-480, 760),
        (-120, 560),
        (120, 410),
        (330, 395),
        (540, 205),
        (780, 190),
        (960, 10),
        (1340, -120),
    )
    return curve([(x + offset * 0.55, y + offset * 0.62) for x, y in knots])


def salted_well(art: Canvas) -> None:
    art.ground(mix(MIST, BONE, 0.55))
    art.fill(oval(250, 120, 52), OCHRE)
    art.fill(below(curve([(-20, 250), (300, 262), (640, 252), (900, 282), (1220, 356)])), OCHRE)
    art.fill(below(curve([(-20, 372), (320, 400), (700, 366), (1220, 438)])), RUST)
    art.fill(below(curve([(-20, 560), (380, 520), (800, 560), (1220, 540)])), PLUM)
    art.hatch(below(curve([(-20, 372), (320, 400), (700, 366), (1220, 438)]), 540), mix(RUST, PLUM, 0.45), 22, 3, 8)
    wedge = smooth([(1400, 330), (1130, 345), (900, 470), (640, 590), (520, 700), (640, 790), (1000, 900), (1400, 900)])
    art.fill([(x - 46, y - 14) for x, y in wedge], MIST)
    art.fill([(x - 20, y - 4) for x, y in wedge], SHALLOW)
    art.fill(wedge, TEAL)
    art.halftone(wedge, INK, (620, 560), (1250, 900), 20)
    art.stroke(curve([(-20, 250), (300, 262), (640, 252), (900, 282), (1110, 330)]), MOSS, 16)
    art.fill(below([(1082, 326), (1230, 326)], 362), TEAL)
    house(art, 90, 258, (150, 96), BONE, RUST, INK)
    house(art, 770, 276, (110, 70), ROSE, PLUM, INK)
    _well(art)


def _well(art: Canvas) -> None:
    art.fill(box(452, 240, 588, 742), BONE)
    art.hatch(box(452, 240, 588, 742), SAND, 26, 4, 0)
    art.fill(box(470, 240, 570, 730), INK)
    art.fill(box(470, 520, 570, 730), MIST)
    art.fill(below(wave(620, 5, 60, span=(470, 570)), 730), TEAL)
    art.fill(rounded(440, 200, 600, 256, 6), SAND)
    art.hatch(box(444, 204, 596, 254), RUST, 13, 2.4, 0)
    art.stroke([(456, 204), (456, 112)], INK, 9)
    art.stroke([(584, 204), (584, 112)], INK, 9)
    art.fill([(424, 124), (520, 62), (616, 124)], RUST)
    art.stroke([(520, 124), (520, 430)], BONE, 4)
    art.fill([(498, 430), (542, 430), (536, 478), (504, 478)], OCHRE)


def lighthouse(art: Canvas) -> None:
    """Every band a different committee member's choice."""
    art.gradient(ROSE, mix(ROSE, BONE, 0.75), 0, 600)
    art.fill(oval(300, 320, 105), mix(BONE, OCHRE, 0.25))
    for y, left, right in ((250, -40, 230), (352, 250, 560), (165, 850, 1260)):
        art.fill(rounded(left, y, right, y + 24, 12), BONE)
    swell(art, 560, TEAL, 4, 240)
    art.hatch(box(-20, 585, 520, 800), DEEP, 24, 4, 0)
    art.fill(below(curve([(240, 860), (380, 690), (560, 610), (760, 588), (1000, 600), (1240, 560)])), MOSS)
    art.fill(below(curve([(420, 860), (640, 730), (900, 690), (1240, 700)])), mix(MOSS, INK, 0.6))
    house(art, 880, 604, (130, 78), BONE, PLUM, INK)
    _painted_tower(art)
    for x, y, height, coat in ((585, 705, 78, RUST), (622, 698, 72, INK), (512, 730, 82, OCHRE)):
        person(art, x, y, height, Dress(coat, legs=PLUM), flip=x < 550)
    gull(art, 430, 235, 34, INK)
    gull(art, 500, 180, 22, INK)


def _painted_tower(art: Canvas) -> None:
    """The tower in nine bands, one still wet under the painter's cradle."""
    inks = (RUST, BONE, TEAL, BONE, OCHRE, PLUM, BONE, RUST, BONE)
    top, floor = 175, 612
    step = (floor - top) / len(inks)
    for i, ink in enumerate(inks):
        upper, lower = 50 + i * 5.2, 50 + (i + 1) * 5.2
        y = top + i * step
        art.fill([(740 - upper, y), (740 + upper, y), (740 + lower, y + step + 1), (740 - lower, y + step + 1)], ink)
    art.overprint([(764, top), (790, top), (837, floor), (782, floor)], mix(ROSE, PLUM, 0.2))
    art.fill(rounded(672, 160, 808, 180, 6), INK)
    art.fill(box(704, 96, 776, 162), OCHRE)
    for x in (704, 728, 752, 776):
        art.stroke([(x, 96), (x, 160)], INK, 5)
    art.fill(sector(740, 98, 48, 180, 360), INK)
    art.stroke([(740, 52), (740, 22)], INK, 5)
    for x in (640, 700):
        art.stroke([(x, 172), (x, 402)], INK, 3)
    art.fill(box(622, 398, 716, 410), INK)
    person(art, 664, 400, 84, Dress(PLUM, legs=INK))
    art.fill(box(696, 378, 712, 398), TEAL)


def dredger(art: Canvas) -> None:
    """Most of the picture is under water, where most of the cost is."""
    art.gradient(mix(OCHRE, BONE, 0.2), mix(BONE, OCHRE, 0.15), 0, 330)
    art.fill(oval(1010, 250, 74), RUST)
    art.fill(below(curve([(-20, 290), (200, 262), (420, 300), (1220, 300)]), 340), mix(ROSE, PLUM, 0.25))
    for i, ink in enumerate((MIST, SHALLOW, TEAL, DEEP, INK)):
        swell(art, 322 + i * 92 + i * i * 4, ink, 7, 420 - i * 20, i * 0.3)
    bed = [(-20, 560), (250, 548), (420, 566), (470, 640), (760, 655), (812, 742), (1240, 730)]
    art.fill(below(bed), RUST)
    art.fill(below([(x, y + 46) for x, y in bed]), PLUM)
    art.hatch(below(bed), mix(RUST, PLUM, 0.6), 18, 3, -12)
    for i in range(9):
        art.stroke([(486 + i * 30, 566 + i), (500 + i * 30, 566 + i)], BONE, 5)
    _dredging_ship(art)
    for x, y, radius in ((850, 690, 26), (800, 640, 18), (880, 628, 13), (770, 700, 12), (905, 680, 9)):
        art.fill(oval(x, y, radius), OCHRE)


def _dredging_ship(art: Canvas) -> None:
    art.fill(ribbon([(430, 330), (640, 500), (822, 690)], 26, 20), NIGHT)
    art.fill(ribbon([(440, 330), (640, 494), (812, 676)], 6, 6), OCHRE)
    art.fill(sector(832, 698, 52, -170, 40), NIGHT)
    art.fill([(120, 250), (740, 250), (808, 232), (768, 356), (160, 356)], NIGHT)
    art.fill([(136, 306), (786, 306), (768, 356), (160, 356)], RUST)
    art.fill(box(170, 130, 300, 250), BONE)
    art.fill(box(258, 130, 300, 250), SAND)
    for y in (148, 186):
        art.fill(box(184, y, 286, y + 18), NIGHT)
    art.fill(box(200, 70, 246, 132), RUST)
    art.fill(box(200, 70, 246, 88), NIGHT)
    art.stroke([(400, 250), (470, 80), (540, 250)], NIGHT, 12)
    art.stroke([(432, 170), (508, 170)], NIGHT, 8)
    art.stroke([(470, 80), (720, 226)], NIGHT, 5)
    art.stroke([(470, 80), (300, 160)], NIGHT, 4)
    art.stroke([(640, 250), (640, 96), (760, 60)], NIGHT, 9)
    art.stroke([(760, 60), (760, 170)], NIGHT, 3)
    for x in range(330, 620, 58):
        art.fill(sector(x, 250, 26, 180, 360), OCHRE)


def frozen_harbour(art: Canvas) -> None:
    art.gradient(mix(MIST, BONE, 0.2), mix(ROSE, BONE, 0.45), 0, 400)
    art.fill(oval(250, 250, 66), RUST)
    _snowed_quay(art)
    art.fill(box(-20, 400, 1220, 820), TEAL)
    art.fill(box(-20, 400, 1220, 424), INK)
    art.hatch(box(-20, 424, 1220, 520), DEEP, 12, 3, 0)
    _floes(art)
    with art.posed(760, 590, scale=1.25):
        _trawler(art)
    for x, y, reach in ((905, 640, 150), (560, 640, 130), (735, 664, 170)):
        plate = [
            (x - reach, y + 12),
            (x - reach * 0.6, y - 34),
            (x + reach * 0.5, y - 40),
            (x + reach, y - 4),
            (x + reach * 0.4, y + 40),
        ]
        art.fill([(px, py + 10) for px, py in plate], SHALLOW)
        art.fill(plate, BONE)


def _snowed_quay(art: Canvas) -> None:
    for left, width, height, wall in (
        (-30, 130, 130, PLUM), (110, 90, 190, INK), (330, 150, 110, RUST), (490, 120, 160, PLUM),
        (620, 170, 120, INK), (880, 130, 190, RUST), (1015, 210, 140, PLUM),
    ):  # fmt: skip
        top = 400 - height
        art.fill(box(left, top, left + width, 404), wall)
        art.fill([(left - 8, top), (left + width / 2, top - width * 0.36), (left + width + 8, top)], BONE)
        for x in range(int(left) + 22, int(left + width) - 20, 38):
            art.fill(box(x, top + 30, x + 16, top + 54), OCHRE if (x + height) % 3 == 0 else SAND)


def _floes(art: Canvas) -> None:
    """Angular plates, larger towards the viewer, so the water has a floor to lie on."""
    for row, (y, reach) in enumerate(((452, 60), (510, 95), (590, 150), (700, 220), (800, 260))):
        for x in range(-60 + row * 37, 1280, int(reach * 1.9)):
            middle = x + art.rng.uniform(-20, 20)
            turn = art.rng.uniform(0, 50)
            plate = [
                (middle + dx * reach * art.rng.uniform(0.75, 1), y + dy * reach * 0.34)
                for dx, dy in (polar(0, 0, 1, turn + angle) for angle in (0, 62, 118, 180, 250, 305))
            ]
            art.fill([(px, py + 9) for px, py in plate], SHALLOW)
            art.fill(plate, mix(MIST, BONE, 0.35) if (row + x) % 3 == 0 else BONE)


def _trawler(art: Canvas) -> None:
    art.fill(smooth([(-170, -70), (-40, -48), (90, -62), (200, -112), (150, 40), (-150, 40)]), RUST)
    art.fill([(-176, 0), (170, -14), (150, 60), (-160, 60)], INK)
    art.stroke(curve([(-166, -70), (-40, -48), (90, -62), (196, -110)]), BONE, 9)
    art.fill(box(-120, -150, -30, -56), SAND)
    art.fill(box(-130, -162, -20, -146), BONE)
    for x in (-110, -80, -52):
        art.fill(box(x, -136, x + 16, -112), INK)
    art.stroke([(50, -60), (50, -240)], INK, 8)
    art.stroke([(50, -232), (180, -104)], INK, 3)
    art.stroke([(50, -232), (-120, -150)], INK, 3)
    art.stroke([(50, -90), (-10, -200)], INK, 6)
    art.fill([(50, -226), (50, -190), (8, -208)], OCHRE)


SCENES = (
    Scene("the-last-pilot-boat", pilot_boat, (48, 54)),
    Scene("who-owns-the-foreshore", foreshore, (56, 40)),
    Scene("salt-in-the-wells", salted_well, (46, 45)),
    Scene("a-lighthouse-by-committee", lighthouse, (60, 48)),
    Scene("the-dredgers-bargain", dredger, (42, 42)),
    Scene("the-harbour-at-minus-ten", frozen_harbour, (62, 62)),
)
