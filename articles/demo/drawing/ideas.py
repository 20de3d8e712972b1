"""Ideas: one plain emblem each, with a good deal of empty paper around it."""

from .canvas import Canvas
from .geometry import arc, box, curve, oval, polar, rounded, sector, smooth
from .motifs import Dress, Scene, panes, person
from .palette import BONE, INK, MIST, MOSS, NIGHT, OCHRE, PLUM, ROSE, RUST, SAND, TEAL, Colour, mix


def priced_view(art: Canvas) -> None:
    """A horizon in a frame with a ticket on it, and a chair that has turned its back."""
    art.ground(mix(RUST, ROSE, 0.35))
    art.fill(box(-20, 640, 1220, 820), mix(PLUM, RUST, 0.3))
    art.fill([(350, 640), (900, 640), (640, 820), (-40, 820)], mix(ROSE, RUST, 0.5))
    art.fill(box(380, 70, 960, 560), PLUM)
    art.fill(box(396, 86, 944, 544), BONE)
    glass = box(424, 114, 916, 516)
    art.fill(glass, mix(MIST, BONE, 0.4))
    with art.within(glass):
        art.fill(oval(780, 260, 62), OCHRE)
        art.fill(rounded(380, 196, 640, 214, 9), BONE)
        for y, ink in ((340, TEAL), (392, mix(TEAL, INK, 0.4)), (452, INK)):
            art.fill(box(380, y, 960, 560), ink)
        art.fill([(560, 340), (584, 270), (584, 340)], BONE)
        art.fill([(550, 342), (616, 342), (604, 356), (562, 356)], RUST)
    art.fill(box(662, 114, 678, 516), BONE)
    art.fill(box(424, 296, 916, 310), BONE)
    art.fill(box(356, 544, 984, 574), BONE)
    art.fill(box(356, 574, 984, 584), PLUM)
    art.stroke(curve([(908, 92), (940, 150), (1000, 180)]), INK, 5)
    with art.posed(1000, 180, turn=16):
        art.fill([(-56, 56), (0, -12), (56, 56), (56, 226), (-56, 226)], OCHRE)
        art.fill(oval(0, 32, 15), PLUM)
        art.fill(box(-32, 96, 32, 112), PLUM)
        art.fill(box(-32, 134, 10, 150), PLUM)
        art.stroke([(-38, 190), (36, 172)], RUST, 10)
    with art.posed(220, 770):
        _armchair(art)


def _armchair(art: Canvas) -> None:
    for x in (-92, 118):
        art.stroke([(x, -40), (x - 10, 20)], NIGHT, 14)
    art.fill(rounded(-130, -330, 20, -40, 56), INK)
    art.fill(rounded(-60, -180, 150, -40, 26), TEAL)
    art.fill(rounded(-90, -214, 140, -150, 30), INK)
    art.hatch(rounded(-130, -330, -30, -40, 50), NIGHT, 13, 4, 90)


def idle_square(art: Canvas) -> None:
    art.ground(mix(ROSE, BONE, 0.35))
    art.fill(box(-20, -20, 1220, 176), PLUM)
    for left, width, height, wall in (
        (-30, 250, 150, RUST),
        (250, 180, 120, mix(PLUM, RUST, 0.5)),
        (460, 330, 160, OCHRE),
        (820, 170, 128, ROSE),
        (1010, 230, 170, RUST),
    ):
        art.fill(box(left, 176 - height, left + width, 182), wall)
        panes(art, left + 22, 196 - height, (int(width // 48), 2), (22, 38), mix(wall, NIGHT, 0.5))
    joints = mix(ROSE, PLUM, 0.18)
    for i in range(-8, 18):
        art.stroke([(480 + i * 62, 182), (480 + (i - 4) * 240 + 300, 830)], joints, 2.6)
    y, step = 182.0, 22.0
    while y < 820:
        art.stroke([(-20, y), (1220, y)], joints, 2.6)
        y, step = y + step, step * 1.32
    art.fill([(796, 624), (836, 634), (240, 800), (150, 790)], mix(PLUM, ROSE, 0.25))
    art.fill(oval(170, 796, 66, 22), mix(PLUM, ROSE, 0.25))
    person(art, 816, 634, 310, Dress(TEAL, legs=INK, skin=SAND, hair=NIGHT), stride=2, flip=True)
    with art.posed(816, 634, scale=3.1, flip=True):
        art.stroke(curve([(-8, -70), (-13, -54), (-6, -42)]), mix(TEAL, INK, 0.5), 5)
    for x, floor, flip in ((420, 470, False), (474, 494, True), (980, 720, False)):
        with art.posed(x, floor, scale=1.1, flip=flip):
            _pigeon(art)


def _pigeon(art: Canvas) -> None:
    art.fill(oval(-6, 8, 34, 6), mix(PLUM, ROSE, 0.25))
    art.stroke([(-2, -8), (-2, 6)], RUST, 3)
    art.fill(smooth([(-48, -14), (-10, -34), (14, -52), (24, -62), (32, -54), (24, -36), (14, -8), (-16, -4)]), INK)
    art.fill([(26, -58), (42, -54), (28, -50)], OCHRE)


def caretaker_keys(art: Canvas) -> None:
    art.ground(TEAL)
    art.fill([(-20, 560), (1220, 300), (1220, 820), (-20, 820)], mix(TEAL, INK, 0.35))
    art.stroke([(500, -20), (500, 60)], NIGHT, 34)
    art.fill(oval(500, 92, 46), NIGHT)
    art.fill(oval(500, 92, 20), mix(TEAL, INK, 0.2))
    ring = (506, 206)
    art.stroke(arc(*ring, 132, 20, 160), NIGHT, 30)
    for angle, length, ink, bow in (
        (14, 440, mix(TEAL, MIST, 0.6), 0),
        (138, 420, ROSE, 1),
        (48, 500, OCHRE, 2),
        (106, 470, BONE, 0),
        (78, 520, RUST, 1),
    ):
        with art.posed(*polar(*ring, 92, angle), turn=angle - 90):
            _key(art, length, ink, bow)
    art.stroke(arc(*ring, 132, 172, 368), NIGHT, 30)
    for angle in (14, 48, 78, 106, 138):
        art.stroke(arc(*ring, 132, angle - 9, angle + 9), NIGHT, 30)
    art.stroke(arc(*ring, 138, 190, 262), MIST, 6)
    art.fill(rounded(478, 88, 526, 150, 20), NIGHT)


def _key(art: Canvas, length: float, ink: Colour, bow: int) -> None:
    """Hanging down from the origin; the bow tells the doors apart."""
    dark = mix(ink, NIGHT, 0.35)
    art.fill(box(-17, 60, 17, length), ink)
    art.fill(box(4, 60, 17, length), dark)
    teeth = ((0, 34, 74), (48, 26, 56), (86, 34, 84)) if bow else ((0, 44, 84), (58, 40, 60))
    for up, height, reach in teeth:
        art.fill(box(10, length - up - height, reach, length - up), ink)
    art.fill(rounded(-30, 130, 30, 152, 8), dark)
    if bow == 0:
        art.outline(oval(0, 48, 62), ink, 30)
    elif bow == 1:
        for x, y in ((-42, 62), (42, 62), (0, 6)):
            art.outline(oval(x, y, 34), ink, 24)
    else:
        art.outline(rounded(-58, -10, 58, 104, 24), ink, 28)


def queue(art: Canvas) -> None:
    """Seven people and a dog, none of whom invented this."""
    art.ground(mix(OCHRE, SAND, 0.35))
    art.fill(box(-20, 640, 1220, 820), mix(RUST, OCHRE, 0.15))
    art.fill(box(-20, 640, 1220, 652), PLUM)
    art.fill(box(1062, 130, 1240, 642), INK)
    art.fill(box(1092, 180, 1240, 642), BONE)
    art.fill([(1040, 120), (1240, 60), (1240, 190), (1040, 190)], RUST)
    for x in range(1040, 1240, 60):
        art.fill(sector(x + 30, 190, 30, 0, 180), RUST if x % 120 else BONE)
    for x, height, coat, legs, skin, hat in (
        (70, 470, TEAL, NIGHT, SAND, "flat"), (216, 400, PLUM, PLUM, ROSE, "bun"),
        (364, 500, INK, NIGHT, mix(RUST, PLUM, 0.5), "none"),
        (516, 420, RUST, PLUM, ROSE, "tall"), (648, 270, BONE, INK, SAND, "bun"), (776, 460, MOSS, NIGHT, SAND, "flat"),
        (930, 490, mix(PLUM, RUST, 0.6), NIGHT, mix(RUST, PLUM, 0.3), "tall"),
    ):  # fmt: skip
        art.fill([(x - 34, 690), (x + 44, 690), (x - 60, 760), (x - 190, 760)], mix(RUST, PLUM, 0.35))
        person(art, x, 700, height, Dress(coat, legs, skin, NIGHT), stride=2)
        with art.posed(x, 700, scale=height / 100):
            art.stroke(curve([(-5, -70), (-8, -54), (0, -44)]), mix(coat, NIGHT, 0.35), 5.5)
            _headgear(art, hat)
    with art.posed(1010, 700):
        _dog(art)


def _headgear(art: Canvas, kind: str) -> None:
    if kind == "flat":
        art.fill(smooth([(-10, -94), (-6, -102), (6, -102), (16, -94), (4, -93)]), RUST)
    elif kind == "tall":
        art.fill(box(-7, -108, 8, -94), NIGHT)
        art.fill(rounded(-14, -96, 15, -92, 2), NIGHT)
    elif kind == "bun":
        art.fill(oval(-8, -97, 6), NIGHT)


def _dog(art: Canvas) -> None:
    art.stroke(curve([(-44, -66), (-64, -86), (-60, -104)]), BONE, 10)
    art.fill(rounded(-52, -84, 40, -40, 20), BONE)
    for x in (-42, -24, 20, 36):
        art.stroke([(x, -46), (x, -4)], BONE, 12)
    art.fill(smooth([(20, -84), (28, -120), (64, -122), (86, -98), (60, -84), (40, -62)]), BONE)
    art.fill(smooth([(26, -118), (42, -120), (40, -84), (28, -82)]), PLUM)
    art.fill(oval(-14, -70, 20, 13), PLUM)
    art.fill(oval(84, -99, 6), NIGHT)


def editors_letter(art: Canvas) -> None:
    art.ground(mix(PLUM, RUST, 0.22))
    art.fill([(-20, 470), (1220, 180), (1220, 820), (-20, 820)], mix(PLUM, INK, 0.25))
    with art.posed(500, 420, turn=-9):
        art.fill([(-300, -300), (300, -300), (310, 340), (-290, 340)], NIGHT)
        art.fill(box(-310, -320, 290, -110), BONE)
        art.fill([(-310, -110), (290, -110), (276, 110), (-296, 110)], mix(BONE, SAND, 0.65))
        art.fill([(-296, 110), (276, 110), (290, 320), (-310, 320)], BONE)
        art.halftone([(-310, -110), (290, -110), (276, 110), (-296, 110)], SAND, (0, 130), (0, -150), 11)
        for i, (y, end) in enumerate(
            (
                (-262, -60),
                (-206, 220),
                (-160, 236),
                (-70, 200),
                (-22, 226),
                (26, 216),
                (72, 90),
                (160, 220),
                (206, 190),
                (252, 20),
            )
        ):
            art.stroke([(-240, y), (end, y)], INK if i else RUST, 13 if i else 20)
        art.stroke(curve([(-40, -30), (40, -14), (120, -32), (206, -16)]), RUST, 11)
        art.stroke(curve([(60, -46), (84, -74), (104, -50)]), RUST, 8)
        art.fill([(200, 320), (290, 320), (284, 244)], ROSE)
    with art.posed(915, 470, turn=33):
        _fountain_pen(art)
    for x, y, turn, size, ink in (
        (990, 150, 30, 1.2, OCHRE),
        (1110, 290, -40, 0.8, RUST),
        (80, 150, 80, 0.9, RUST),
        (1060, 700, 110, 1.0, MOSS),
        (90, 690, -20, 1.1, OCHRE),
        (250, 60, 150, 0.6, ROSE),
    ):
        with art.posed(x, y, turn=turn, scale=size):
            _leaf(art, ink)


def _fountain_pen(art: Canvas) -> None:
    art.fill(rounded(-27, -300, 27, 60, 24), TEAL)
    art.fill(rounded(6, -300, 27, 60, 10), mix(TEAL, INK, 0.5))
    art.fill(box(-28, -70, 28, -52), OCHRE)
    art.fill([(-22, 60), (22, 60), (16, 110), (-16, 110)], INK)
    art.fill(smooth([(-17, 108), (17, 108), (12, 150), (0, 188), (-12, 150)]), OCHRE)
    art.stroke([(0, 128), (0, 180)], INK, 3)


def _leaf(art: Canvas, ink: Colour) -> None:
    blade = smooth([(0, -80), (34, -40), (40, 8), (0, 70), (-40, 8), (-34, -40)])
    art.fill(blade, ink)
    with art.within(blade):
        art.fill(box(0, -100, 60, 100), mix(ink, NIGHT, 0.3))
    art.stroke([(0, -70), (0, 110)], BONE, 4)
    for y in (-36, 0, 34):
        for side in (-1, 1):
            art.stroke([(0, y + 12), polar(0, y, 26, -90 + side * 62)], BONE, 3)


SCENES = (
    Scene("against-the-view", priced_view, (60, 44)),
    Scene("the-right-to-be-bored-in-public", idle_square, (64, 58)),
    Scene("what-we-owe-the-caretaker", caretaker_keys, (44, 50)),
    Scene("a-short-history-of-the-queue", queue, (46, 58)),
    Scene("letter-from-the-editor-autumn", editors_letter, (50, 52)),
)
