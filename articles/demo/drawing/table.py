"""Table: bread, weed, fruit and jars, large and close, in moss, ochre and rust."""

from collections.abc import Callable

from .canvas import Canvas
from .geometry import arc, below, box, curve, oval, polar, ribbon, rounded, smooth
from .motifs import Scene
from .palette import BONE, INK, MIST, MOSS, NIGHT, OCHRE, PLUM, ROSE, RUST, SAND, TEAL, Colour, mix

CRUST = mix(RUST, PLUM, 0.55)
CRUMB = mix(OCHRE, PLUM, 0.32)
CLOTH = mix(MIST, TEAL, 0.15)


def rye_loaf(art: Canvas) -> None:
    """Seven moons over it, for the seven nights it takes."""
    art.ground(mix(OCHRE, BONE, 0.3))
    art.fill(box(-20, 560, 1220, 820), mix(RUST, ROSE, 0.2))
    art.fill([(60, 600), (1110, 560), (1180, 720), (30, 770)], mix(PLUM, NIGHT, 0.3))
    art.fill([(60, 586), (1110, 546), (1180, 700), (30, 750)], mix(OCHRE, RUST, 0.35))
    for y in (622, 664, 706):
        art.stroke(curve([(70, y), (400, y - 22), (700, y - 16), (1130, y - 46)]), mix(OCHRE, RUST, 0.65), 4)
    for i in range(7):
        moon_x, moon_y = polar(520, 640, 560, 213 + i * 19)
        moon = oval(moon_x, moon_y, 25)
        art.fill(moon, BONE)
        with art.within(moon):
            art.fill(oval(moon_x - 50 + i * 9, moon_y, 27), mix(OCHRE, RUST, 0.3))
    art.fill(
        smooth([(250, 640), (200, 420), (330, 260), (620, 210), (880, 270), (1010, 440), (980, 620), (640, 670)]), CRUST
    )
    art.halftone(
        smooth([(560, 660), (700, 400), (880, 270), (1010, 440), (980, 620)]), NIGHT, (640, 420), (1060, 700), 14
    )
    for x, y in ((640, 262), (740, 288), (830, 340), (900, 420)):
        art.stroke(curve([(x - 30, y + 70), (x + 12, y + 26), (x + 26, y - 20)]), SAND, 12)
    _cut_face(art)
    art.fill(ribbon([(820, 690), (1240, 560)], 30, 44), INK)
    art.fill([(822, 676), (420, 812), (400, 842), (830, 704)], MIST)


def _cut_face(art: Canvas) -> None:
    face = [(232, 650), (170, 470), (232, 330), (390, 262), (550, 330), (612, 470), (570, 640), (400, 686)]
    art.fill(smooth(face), mix(CRUST, NIGHT, 0.3))
    crumb = smooth([(394 + (x - 394) * 0.89, 476 + (y - 476) * 0.9) for x, y in face])
    art.fill(crumb, CRUMB)
    with art.within(crumb):
        for _ in range(46):
            x, y = art.rng.uniform(210, 590), art.rng.uniform(300, 660)
            radius = art.rng.uniform(5, 17)
            art.fill(oval(x, y, radius * 1.3, radius * 0.8), CRUST)
        for _ in range(60):
            x, y = art.rng.uniform(190, 600), art.rng.uniform(290, 670)
            art.fill(oval(x, y, 4.5), SAND)


def seaweeds(art: Canvas) -> None:
    """Five kinds, each with its own way of standing in the water."""
    art.gradient(mix(MIST, BONE, 0.55), mix(MIST, TEAL, 0.2))
    for y, left, right in ((70, -40, 420), (128, 760, 1260), (214, -40, 160)):
        art.fill(rounded(left, y, right, y + 14, 7), BONE)
    art.fill(below(curve([(-20, 720), (260, 690), (560, 730), (900, 700), (1220, 726)])), mix(SAND, ROSE, 0.4))
    _sea_lettuce(art, 1020, 730)
    _sugar_kelp(art, 560, 740)
    _dulse(art, 250, 736)
    _wrack(art, 812, 744)
    for x, sway in ((48, 40), (100, -30), (400, 34), (1150, -40)):
        frond = curve([(x, 770), (x + sway, 600), (x - sway, 470), (x + sway * 0.6, 350)])
        art.fill(ribbon(frond, 13, 4), INK)
    art.fill(below(curve([(-20, 776), (300, 744), (620, 784), (1220, 760)])), SAND)
    for x, y, radius in ((170, 772, 22), (214, 780, 13), (700, 778, 20), (960, 780, 26), (1006, 784, 14)):
        art.fill(oval(x, y, radius, radius * 0.7), PLUM)


def _sugar_kelp(art: Canvas, x: float, floor: float) -> None:
    for sway, top, ink in ((150, 120, mix(MOSS, OCHRE, 0.35)), (-130, 60, MOSS)):
        spine = curve(
            [(x, floor), (x + sway * 0.1, 600), (x + sway * 0.75, 430), (x + sway * 0.4, 260), (x + sway, top)]
        )
        left = [(px - 12, py) for px, py in spine]
        blade = ribbon(left, 8, 4, belly=124)
        frilled = [(px + 7 * (1 if i // 3 % 2 else -1), py) for i, (px, py) in enumerate(blade)]
        art.fill(smooth(frilled[::3]), ink)
        art.stroke(left, mix(ink, INK, 0.45), 7)


def _dulse(art: Canvas, x: float, floor: float) -> None:
    for angle, length in ((-128, 300), (-108, 390), (-88, 450), (-66, 380), (-46, 270)):
        tip_x, tip_y = polar(x, floor, length, angle)
        middle = polar(x, floor, length * 0.55, (angle - 90) / 2)
        art.fill(
            ribbon(curve([(x, floor), middle, (tip_x, tip_y)]), 10, 44), PLUM if angle % 4 else mix(PLUM, RUST, 0.4)
        )
        for lean in (-32, 0, 34):
            end = polar(tip_x, tip_y, 74, angle + lean)
            art.fill(ribbon([(tip_x, tip_y), end], 34, 16), PLUM if angle % 4 else mix(PLUM, RUST, 0.4))
            art.fill(oval(*end, 8), PLUM if angle % 4 else mix(PLUM, RUST, 0.4))


def _wrack(art: Canvas, x: float, floor: float) -> None:
    for sway, height in ((-90, 300), (10, 420), (96, 330)):
        stem = curve(
            [
                (x, floor),
                (x + sway * 0.3, floor - height * 0.4),
                (x + sway, floor - height * 0.7),
                (x + sway * 0.8, floor - height),
            ]
        )
        art.fill(ribbon(stem, 16, 26), RUST)
        for i in range(8, len(stem), 7):
            px, py = stem[i]
            art.fill(oval(px - 16, py, 12, 17), OCHRE)
            art.fill(oval(px + 16, py - 8, 12, 17), OCHRE)
        art.fill(oval(*stem[-1], 18, 26), OCHRE)


def _sea_lettuce(art: Canvas, x: float, floor: float) -> None:
    for dx, dy, size, ink in (
        (70, -210, 1.1, TEAL),
        (-40, -170, 0.95, mix(TEAL, MOSS, 0.5)),
        (20, -90, 0.8, mix(TEAL, MIST, 0.4)),
    ):
        radii = [150 * size * (1 if i % 2 else 0.84) * art.rng.uniform(0.92, 1.08) for i in range(18)]
        leaf = smooth([polar(x + dx, floor + dy, radius, i * 20) for i, radius in enumerate(radii)])
        art.fill(leaf, ink)
        for angle in (-130, -95, -60):
            art.stroke(
                [(x + dx * 0.3, floor + dy * 0.2), polar(x + dx, floor + dy, 96 * size, angle)], mix(ink, INK, 0.3), 4
            )


def crossing_cafe(art: Canvas) -> None:
    art.gradient(mix(OCHRE, ROSE, 0.4), mix(BONE, ROSE, 0.2), 0, 420)
    art.fill(oval(860, 180, 66), BONE)
    art.fill(below(curve([(-20, 330), (300, 300), (700, 360), (1220, 320)])), mix(MOSS, MIST, 0.35))
    art.fill(box(-20, 410, 1220, 820), MOSS)
    track = [(900, 400), (960, 400), (1240, 640), (1240, 830), (1010, 830)]
    art.fill(track, mix(OCHRE, PLUM, 0.4))
    for i in range(9):
        y = 412 + i * i * 5.4
        share = (y - 400) / 430
        art.stroke([(896 + share * 100, y), (966 + share * 330, y)], PLUM, 5 + share * 22)
    for far, near in ((914, 1070), (948, 1230)):
        art.fill(ribbon([(far, 400), (near, 840)], 4, 16), BONE)
    _keepers_hut(art)
    _barrier(art)
    _laid_table(art)


def _keepers_hut(art: Canvas) -> None:
    art.fill(box(110, 200, 560, 560), BONE)
    art.hatch(box(110, 200, 560, 560), SAND, 26, 4, 90)
    art.fill([(70, 212), (190, 70), (490, 70), (600, 212)], PLUM)
    art.fill(box(230, 20, 276, 110), RUST)
    art.fill(box(160, 270, 300, 420), INK)
    art.fill(box(172, 282, 288, 408), OCHRE)
    art.fill(box(226, 282, 234, 408), INK)
    art.fill(box(172, 340, 288, 348), INK)
    art.fill(box(382, 280, 500, 560), TEAL)
    art.fill(box(400, 300, 482, 410), MIST)
    art.fill(oval(486, 452, 8), OCHRE)
    for i in range(7):
        art.fill(
            [(330 + i * 34, 226), (364 + i * 34, 226), (370 + i * 38, 272), (332 + i * 38, 272)],
            RUST if i % 2 else BONE,
        )


def _barrier(art: Canvas) -> None:
    """The raised arm that gives the café its lulls."""
    art.fill(box(800, 440, 850, 590), INK)
    art.fill(oval(826, 446, 40), RUST)
    with art.posed(826, 446, turn=-64):
        art.fill(rounded(-90, -15, 470, 15, 6), BONE)
        for x in range(-20, 440, 104):
            art.fill([(x, -15), (x + 52, -15), (x + 66, 15), (x + 14, 15)], RUST)
    art.fill(oval(826, 446, 14), BONE)


def _laid_table(art: Canvas) -> None:
    art.fill(oval(470, 720, 470, 170), PLUM)
    cloth = oval(470, 696, 470, 170)
    art.fill(cloth, BONE)
    with art.within(cloth):
        for x in range(-400, 1300, 92):
            art.overprint([(x, 520), (x + 40, 520), (x - 120, 880), (x - 176, 880)], CLOTH)
        for i, y in enumerate((548, 596, 656, 732)):
            art.overprint(box(-20, y, 980, y + 18 + i * 8), CLOTH)
    art.fill(oval(430, 690, 190, 72), mix(PLUM, BONE, 0.4))
    art.fill(oval(430, 680, 190, 72), BONE)
    art.outline(oval(430, 680, 150, 54), TEAL, 6)
    art.fill(smooth([(330, 684), (380, 640), (470, 634), (540, 668), (500, 710), (390, 716)]), OCHRE)
    for x, y in ((390, 668), (440, 656), (486, 672), (430, 692)):
        art.fill(oval(x, y, 15, 10), RUST)
    art.fill(smooth([(470, 640), (520, 620), (540, 650), (500, 664)]), MOSS)
    art.fill(smooth([(664, 606), (764, 606), (752, 690), (714, 704), (676, 690)]), RUST)
    art.outline(oval(776, 644, 22, 24), RUST, 11)
    art.fill(oval(714, 606, 51, 16), INK)
    art.stroke([(180, 650), (190, 744)], INK, 9)


def wild_apple(art: Canvas) -> None:
    art.ground(mix(MIST, BONE, 0.3))
    art.fill(oval(250, 220, 128), mix(BONE, OCHRE, 0.2))
    art.fill(below(curve([(-20, 690), (300, 660), (800, 700), (1220, 650)])), mix(MOSS, MIST, 0.35))
    art.fill(below(curve([(-20, 730), (400, 742), (1220, 712)])), mix(MOSS, INK, 0.35))
    art.stroke(curve([(-20, 740), (400, 752), (1220, 722)]), BONE, 5)
    for x in range(-10, 1220, 44):
        art.stroke([(x, 740), (x, 764)], PLUM, 7)
    for i, x in enumerate((60, 132, 204)):
        art.fill(rounded(x, 690, x + 64, 740, 6), PLUM if i else RUST)
        art.fill(box(x + 10, 700, x + 54, 716), OCHRE)
    branch = curve([(1240, 40), (980, 90), (800, 70), (640, 130), (470, 120)])
    art.fill(ribbon(branch, 60, 12), PLUM)
    art.fill(ribbon(curve([(900, 80), (1010, 200), (1120, 250)]), 26, 8), PLUM)
    for x, y, turn, size in (
        (800, 130, 40, 1.5),
        (480, 130, -60, 1.3),
        (1090, 210, 30, 1.2),
        (960, 60, 160, 1.0),
        (590, 100, 200, 1.1),
        (1130, 60, 80, 1.1),
    ):
        with art.posed(x, y, turn=turn, scale=size):
            _apple_leaf(art)
    with art.posed(690, 420):
        _apple(art, RUST, mix(RUST, PLUM, 0.55))
    with art.posed(1070, 400, scale=0.5, turn=6):
        _apple(art, OCHRE, mix(OCHRE, RUST, 0.5))


def _apple(art: Canvas, skin: Colour, shade: Colour) -> None:
    art.stroke(curve([(0, -170), (6, -230), (-18, -310)]), NIGHT, 14)
    shape = smooth(
        [
            (0, -172),
            (96, -214),
            (206, -150),
            (220, 10),
            (140, 180),
            (36, 214),
            (0, 204),
            (-40, 214),
            (-150, 176),
            (-224, 0),
            (-204, -150),
            (-98, -212),
        ]
    )
    art.fill(shape, skin)
    with art.within(shape):
        art.fill(smooth([(120, -260), (60, -40), (110, 120), (-60, 240), (300, 300), (320, -200)]), shade)
        art.halftone(oval(-60, -20, 200, 230), mix(skin, OCHRE, 0.6), (20, 40), (-230, -150), 15)
        for x, y in ((-120, 60), (-70, 120), (-150, -20), (20, 100), (-20, 10), (-90, -90)):
            art.fill(oval(x, y, 5), SAND)
        art.fill(oval(0, -190, 62, 26), mix(shade, NIGHT, 0.35))
    art.stroke(arc(-30, -10, 150, 160, 220), BONE, 13)


def _apple_leaf(art: Canvas) -> None:
    """Growing out of the origin to the right."""
    blade = smooth([(0, 0), (40, -34), (104, -34), (160, 0), (104, 32), (40, 28)])
    art.fill(blade, MOSS)
    with art.within(blade):
        art.fill(box(0, 0, 170, 50), mix(MOSS, INK, 0.45))
    art.stroke([(-6, 0), (150, 0)], BONE, 3.5)


def winter_pantry(art: Canvas) -> None:
    art.ground(mix(INK, TEAL, 0.2))
    art.hatch(box(-20, -20, 1220, 820), mix(INK, TEAL, 0.4), 54, 4, 90)
    for y in (392, 764):
        art.fill(box(-20, y, 1220, y + 26), mix(OCHRE, RUST, 0.4))
        art.fill(box(-20, y + 26, 1220, y + 44), mix(RUST, PLUM, 0.6))
    for x, floor, width, height, ink, filling in (
        (70, 392, 150, 220, RUST, _halves), (250, 392, 120, 280, OCHRE, _slices), (400, 392, 190, 180, PLUM, _berries),
        (870, 392, 160, 250, MOSS, _slices), (1060, 392, 170, 200, ROSE, _halves), (30, 764, 190, 230, MOSS, _berries),
        (430, 764, 240, 310, OCHRE, _halves), (700, 764, 150, 250, ROSE, _slices), (880, 764, 130, 180, RUST, _berries),
    ):  # fmt: skip
        with art.posed(x, floor):
            _jar(art, width, height, ink, filling)
    for i, (dx, radius) in enumerate(((0, 52), (88, 46), (46, 44))):
        art.fill(oval(690 + dx, 340 - (i == 2) * 66, radius, radius * 0.96), mix(OCHRE, RUST, 0.3 + i * 0.2))
    art.fill(smooth([(250, 762), (244, 660), (310, 610), (390, 660), (386, 762)]), SAND)
    art.stroke([(270, 640), (360, 640)], RUST, 9)
    art.fill(smooth([(276, 630), (290, 580), (310, 606), (334, 576), (352, 630)]), SAND)
    for x in (1080, 1124, 1168):
        art.stroke(curve([(x, 420), (x + 8, 460), (x, 500)]), SAND, 5)
        art.fill(
            smooth([(x - 20, 520), (x, 490), (x + 20, 520), (x + 14, 574), (x - 14, 574)]), BONE if x % 3 else ROSE
        )


def _jar(
    art: Canvas, width: float, height: float, ink: Colour, filling: Callable[[Canvas, float, float, Colour], None]
) -> None:
    """A preserving jar standing on the origin, its contents drawn through the glass."""
    glass = rounded(0, -height, width, 0, 24)
    art.fill(glass, MIST)
    contents = rounded(9, -height * 0.8, width - 9, -9, 18)
    art.fill(contents, ink)
    with art.within(contents):
        filling(art, width, height, mix(ink, NIGHT, 0.35))
    art.fill(rounded(16, -height - 34, width - 16, -height + 8, 8), BONE)
    art.fill(box(16, -height - 12, width - 16, -height - 4), RUST)
    art.fill(box(width * 0.28, -height * 0.5, width * 0.72, -height * 0.5 + 50), BONE)
    art.stroke([(width * 0.36, -height * 0.5 + 25), (width * 0.62, -height * 0.5 + 25)], INK, 4)
    art.stroke([(22, -height * 0.84), (22, -34)], BONE, 7)


def _halves(art: Canvas, width: float, height: float, shade: Colour) -> None:
    for row in range(int(height // 60) + 1):
        for column in range(int(width // 62) + 1):
            art.fill(oval(column * 62 + row % 2 * 31, -row * 54 - 24, 26, 22), shade)


def _slices(art: Canvas, width: float, height: float, shade: Colour) -> None:
    for y in range(20, int(height), 34):
        art.stroke(curve([(0, -y), (width / 2, -y - 18), (width, -y)]), shade, 11)


def _berries(art: Canvas, width: float, height: float, shade: Colour) -> None:
    for row in range(int(height // 26) + 1):
        for column in range(int(width // 30) + 1):
            art.fill(oval(column * 30 + row % 2 * 15, -row * 26 - 12, 10), shade)


SCENES = (
    Scene("the-bread-that-needs-a-week", rye_loaf, (50, 54)),
    Scene("seaweed-for-beginners", seaweeds, (50, 52)),
    Scene("lunch-at-the-crossing-keepers", crossing_cafe, (44, 58)),
    Scene("the-apple-nobody-planted", wild_apple, (58, 50)),
    Scene("a-winter-pantry", winter_pantry, (48, 60)),
)
