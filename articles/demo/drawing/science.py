"""Science: ice, moths, tides, lichen and smell, in teal, moss and night."""

import math
from collections.abc import Sequence

from .canvas import Canvas
from .geometry import arc, below, box, curve, oval, polar, ribbon, rounded, sector, smooth, wave, wobbled
from .motifs import Dress, Scene, panes, person
from .palette import BONE, INK, MIST, MOSS, NIGHT, OCHRE, PLUM, ROSE, RUST, SAND, TEAL, Colour, mix

ABYSS = mix(NIGHT, TEAL, 0.3)


def ice(art: Canvas) -> None:
    """Two people listen at a hole; what they hear fills the rest of the picture."""
    art.gradient(mix(MIST, BONE, 0.2), mix(BONE, ROSE, 0.25), 0, 220)
    art.fill(
        below([(-20, 196), (150, 150), (290, 184), (470, 128), (640, 190), (1220, 176)], 240), mix(MIST, TEAL, 0.3)
    )
    art.fill(box(-20, 300, 1220, 820), ABYSS)
    centre = (452, 560)
    for i, radius in enumerate(range(560, 60, -72)):
        with art.within(box(-20, 300, 1220, 820)):
            art.fill(oval(*centre, radius), mix(ABYSS, TEAL, 0.12 + i * 0.11))
    for i, radius in enumerate((96, 168, 240, 312, 384)):
        art.stroke(arc(*centre, radius, -62 + i * 3, 58 - i * 5), (OCHRE, RUST)[i % 2], 10 - i)
    _ice_sheet(art)
    art.stroke([(452, 190), (452, 520)], NIGHT, 5)
    art.fill(rounded(430, 512, 474, 604, 20), OCHRE)
    art.fill(box(430, 540, 474, 552), NIGHT)
    art.fill(box(430, 564, 474, 572), NIGHT)
    art.fill([(700, 222), (800, 104), (912, 222)], RUST)
    art.fill([(800, 104), (912, 222), (838, 222)], mix(RUST, PLUM, 0.5))
    art.fill([(778, 222), (800, 150), (820, 222)], NIGHT)
    for x, height, coat, flip in ((392, 150, OCHRE, False), (520, 142, PLUM, True)):
        person(art, x, 226, height, Dress(coat, legs=NIGHT, skin=SAND, hair=NIGHT), flip=flip)
        art.stroke(arc(x, 226 - height * 0.9, height * 0.1, 180, 360), RUST, 5)
        art.fill(oval(x, 226 - height * 0.88, 8, 10), RUST)


def _ice_sheet(art: Canvas) -> None:
    under = curve([(-20, 340), (120, 372), (250, 340), (380, 366), (428, 300), (428, 216)])
    far_under = curve([(476, 216), (476, 300), (560, 360), (720, 330), (860, 400), (1010, 350), (1220, 372)])
    art.fill([(-20, 214), *under], MIST)
    art.fill([(1220, 214), *far_under[::-1], (476, 214)][::-1], MIST)
    art.fill([(-20, 210), (428, 214), (428, 252), (300, 262), (120, 250), (-20, 268)], BONE)
    art.fill([(476, 214), (1220, 208), (1220, 258), (960, 274), (700, 252), (476, 256)], BONE)
    for crack in (
        [(96, 214), (130, 270), (104, 330)],
        [(968, 212), (940, 280), (990, 330)],
        [(620, 214), (640, 262), (612, 300)],
    ):
        art.stroke(crack, TEAL, 4)


def moths(art: Canvas) -> None:
    art.ground(NIGHT)
    for radius, ink in (
        (560, mix(NIGHT, MOSS, 0.22)),
        (430, mix(NIGHT, MOSS, 0.5)),
        (310, MOSS),
        (196, OCHRE),
        (112, mix(OCHRE, BONE, 0.6)),
    ):
        art.fill(oval(470, 330, radius), ink)
    art.halftone(oval(470, 330, 310), NIGHT, (470, 330), (470, 760), 20)
    art.stroke([(470, -20), (470, 190)], INK, 9)
    art.fill([(432, 236), (448, 178), (492, 178), (508, 236)], INK)
    art.fill(oval(470, 292, 58, 66), BONE)
    for x, floor in ((60, 560), (160, 640), (1120, 600), (1030, 700), (930, 760)):
        blades = curve([(x, 840), (x + 10, floor + 90), (x + 46 * (1 if x < 600 else -1), floor)])
        art.fill(ribbon(blades, 34, 3), INK)
    for x, y, turn, size, upper, lower in (
        (800, 440, 24, 1.5, RUST, OCHRE), (250, 470, -38, 0.95, SAND, ROSE), (610, 640, 200, 0.72, PLUM, ROSE),
        (300, 190, 130, 0.6, BONE, MIST), (690, 150, -70, 0.7, ROSE, PLUM), (1010, 170, -20, 0.6, MIST, TEAL),
        (110, 300, 60, 0.5, OCHRE, RUST), (390, 610, 12, 0.5, BONE, SAND), (1090, 400, 80, 0.46, SAND, OCHRE),
    ):  # fmt: skip
        with art.posed(x, y, turn=turn, scale=size):
            _moth(art, upper, lower)


def _moth(art: Canvas, upper: Colour, lower: Colour) -> None:
    """Seen from above with its wings spread, head towards the top."""
    for flip in (False, True):
        with art.posed(0, 0, flip=flip):
            art.fill(smooth([(4, 0), (70, 10), (112, 62), (84, 112), (36, 96), (6, 40)]), lower)
            art.fill(oval(74, 66, 15), NIGHT)
            art.fill(oval(74, 66, 6), upper)
            art.fill(smooth([(2, -30), (70, -92), (156, -104), (164, -50), (118, 14), (40, 22), (4, 14)]), upper)
            art.stroke(curve([(142, -98), (128, -50), (106, 10)]), lower, 9)
            art.stroke(curve([(88, -92), (84, -44), (64, 14)]), lower, 6)
            art.fill(oval(106, -56, 11), NIGHT)
            art.stroke(curve([(4, -50), (18, -78), (42, -96)]), BONE, 3.5)
    art.fill(oval(0, 12, 15, 58), mix(NIGHT, PLUM, 0.5))
    art.fill(oval(0, -44, 13), mix(NIGHT, PLUM, 0.5))
    for y in (10, 28, 46):
        art.stroke([(-11, y), (11, y)], upper, 4)


def tide_table(art: Canvas) -> None:
    """Simple swings of different lengths, added up by a brass wheel."""
    art.ground(BONE)
    for x in range(-20, 1240, 80):
        art.stroke([(x, -20), (x, 820)], mix(BONE, MIST, 0.5), 2.4)
    for y, height, length, phase, ink in (
        (250, 92, 620, 0.05, mix(MIST, BONE, 0.2)), (360, 116, 410, 0.4, mix(ROSE, BONE, 0.15)),
        (480, 84, 300, 0.15, mix(OCHRE, BONE, 0.25)), (590, 70, 520, 0.7, mix(TEAL, MIST, 0.35)),
    ):  # fmt: skip
        art.overprint(below(wave(y, height, length, phase)), ink)
    total = [
        (
            x,
            452
            + sum(
                h * math.sin(math.tau * (x / n + p)) for h, n, p in ((74, 620, 0.05), (60, 300, 0.4), (24, 140, 0.2))
            ),
        )
        for x in range(-20, 800, 6)
    ]
    art.fill(below(total[:136]), TEAL)
    art.hatch(below(total[:136]), INK, 16, 3, 0)
    art.stroke(total[:136], INK, 9)
    art.fill(box(788, -20, 1240, 820), INK)
    art.stroke(curve([(1110, -20), (1112, 150), (1098, 330)]), OCHRE, 5)
    art.stroke([(788, 430), (900, 380)], OCHRE, 5)
    _brass_dial(art)
    art.fill(oval(788, total[135][1], 18), RUST)


def _brass_dial(art: Canvas) -> None:
    for x, y, radius in ((1092, 112, 70), (872, 690, 62)):
        art.fill(oval(x, y, radius), TEAL)
        art.outline(oval(x, y, radius - 14), BONE, 5)
        for spoke in range(0, 180, 45):
            art.stroke([polar(x, y, radius - 14, spoke), polar(x, y, radius - 14, spoke + 180)], BONE, 4)
    art.fill(oval(936, 386, 214), mix(OCHRE, PLUM, 0.35))
    art.fill(oval(930, 380, 210), OCHRE)
    art.fill(oval(930, 380, 176), BONE)
    for tick in range(0, 360, 15):
        long = tick % 90 == 0
        art.stroke([polar(930, 380, 138 if long else 152, tick), polar(930, 380, 166, tick)], INK, 8 if long else 4)
    art.fill(sector(930, 380, 128, -90, 38), mix(TEAL, MIST, 0.5))
    art.hatch(sector(930, 380, 128, -90, 38), TEAL, 11, 2.6, 45)
    art.fill(ribbon([polar(930, 380, 46, 218), polar(930, 380, 150, 38)], 24, 4), RUST)
    art.fill(ribbon([polar(930, 380, 34, 90), polar(930, 380, 112, -90)], 18, 6), INK)
    art.fill(oval(930, 380, 18), INK)


def lichen(art: Canvas) -> None:
    art.ground(mix(INK, PLUM, 0.25))
    greys = (
        mix(MIST, SAND, 0.5),
        mix(MIST, PLUM, 0.25),
        mix(SAND, PLUM, 0.28),
        mix(MIST, INK, 0.3),
        mix(ROSE, MIST, 0.5),
    )
    for row, top in enumerate((-70, 86, 250, 396, 566, 710)):
        left = -120.0 - row % 2 * 110
        height = (146, 154, 136, 160, 134, 150)[row]
        while left < 1260:
            width = art.rng.uniform(170, 330)
            stone = rounded(left, top, left + width - 12, top + height, 26)
            ink = art.rng.choice(greys)
            art.fill(stone, ink)
            if art.rng.random() < 0.4:
                art.hatch(stone, mix(ink, INK, 0.25), 15, 2.6, 20)
            left += width
    for x, y, radius, inks in (
        (690, 400, 236, (MOSS, mix(OCHRE, BONE, 0.2), OCHRE, RUST)),
        (250, 220, 124, (BONE, mix(BONE, MOSS, 0.35), BONE)),
        (300, 600, 150, (mix(MOSS, INK, 0.35), MOSS, mix(MOSS, BONE, 0.5))), (1060, 180, 92, (RUST, OCHRE, RUST)),
        (1090, 650, 118, (BONE, MIST, TEAL)), (480, 110, 58, (OCHRE, RUST)), (90, 420, 62, (RUST, OCHRE)),
        (560, 720, 54, (OCHRE, BONE)), (930, 730, 40, (BONE, MOSS)), (880, 90, 44, (MOSS, BONE)),
    ):  # fmt: skip
        _rosette(art, x, y, radius, inks)


def _rosette(art: Canvas, x: float, y: float, radius: float, inks: Sequence[Colour]) -> None:
    """A lobed disc growing outwards, oldest in the middle, with fruiting cups."""
    for i, ink in enumerate(inks):
        share = 1 - i / (len(inks) + 0.3)
        art.fill(wobbled(x, y, [radius * share * art.rng.uniform(0.8, 1.12) for _ in range(21)]), ink)
    for i in range(int(radius / 7)):
        cup_x, cup_y = polar(x, y, radius * art.rng.uniform(0.25, 0.76), i * 137.5)
        size = radius * art.rng.uniform(0.025, 0.05)
        art.fill(oval(cup_x, cup_y, size * 1.5), inks[0])
        art.fill(oval(cup_x, cup_y, size * 0.8), NIGHT)


def smell(art: Canvas) -> None:
    art.gradient(mix(ROSE, BONE, 0.55), BONE, 0, 700)
    for x, sway, crest, width, ink in (
        (178, -110, 70, 150, mix(OCHRE, BONE, 0.3)), (318, -60, 170, 130, mix(ROSE, BONE, 0.1)),
        (462, -40, 270, 110, mix(MIST, TEAL, 0.25)), (640, 8, 376, 52, mix(MOSS, BONE, 0.35)),
    ):  # fmt: skip
        plume = curve(
            [
                (x, 640),
                (x + sway, crest / 2 + 340),
                (x + sway * 0.4, crest + 110),
                (min(x + 150, 690), crest),
                (756, 334),
            ]
        )
        art.overprint(ribbon(plume, 18, 2, belly=width), ink)
        art.stroke(plume[8:-8], mix(ink, PLUM, 0.3), 4)
    _town_roofs(art)
    profile = [
        (1240, -20), (930, -20), (858, 60), (836, 130), (828, 190), (806, 246), (752, 326), (764, 352), (806, 360),
        (800, 396), (784, 420), (800, 442), (788, 470), (804, 500), (816, 560), (880, 590), (960, 580), (976, 700),
        (940, 840), (1240, 840),
    ]  # fmt: skip
    art.fill(profile, RUST)
    art.halftone(profile, mix(RUST, PLUM, 0.6), (900, 300), (1300, 520), 14)
    art.fill(
        smooth([(925, -60), (880, 40), (960, 130), (1010, 250), (1010, 400), (1090, 520), (1300, 560), (1300, -60)]),
        PLUM,
    )
    art.stroke(curve([(850, 218), (884, 232), (916, 222)]), PLUM, 9)
    art.stroke(curve([(838, 168), (872, 150), (926, 160)]), PLUM, 12)
    art.fill(oval(790, 346, 13, 6), PLUM)
    art.fill(smooth([(1000, 300), (1040, 280), (1056, 330), (1034, 388), (1008, 372)]), RUST)
    art.fill(below(curve([(890, 850), (950, 730), (1080, 700), (1240, 690)])), INK)


def _town_roofs(art: Canvas) -> None:
    for left, width, top, wall, stack in (
        (-30, 150, 650, INK, 90), (110, 130, 690, mix(PLUM, INK, 0.4), 40), (230, 170, 640, PLUM, 100),
        (390, 130, 700, INK, 86), (510, 150, 660, mix(PLUM, INK, 0.4), 118), (650, 170, 710, PLUM, 30),
    ):  # fmt: skip
        art.fill(box(left, top, left + width, 830), wall)
        art.fill([(left - 8, top), (left + width / 2, top - 62), (left + width + 8, top)], wall)
        art.fill(box(left + stack - 12, top - 84, left + stack + 14, top), wall)
        art.fill(box(left + stack - 16, top - 92, left + stack + 18, top - 80), RUST)
        panes(art, left + 26, top + 30, (int(width // 50), 2), (22, 34), OCHRE)


SCENES = (
    Scene("listening-to-ice", ice, (42, 52)),
    Scene("the-moth-census", moths, (54, 48)),
    Scene("how-a-tide-table-is-made", tide_table, (66, 48)),
    Scene("the-patience-of-lichen", lichen, (56, 50)),
    Scene("the-measure-of-a-smell", smell, (64, 44)),
)
