"""Work: ovens, cranes, timesheets and hands, in rust, ochre and navy."""

from .canvas import Canvas
from .geometry import (
    Point,
    arc,
    arch,
    below,
    box,
    curve,
    oval,
    polar,
    ribbon,
    ring_part,
    rounded,
    sector,
    smooth,
    wobbled,
)
from .motifs import Dress, Scene, person, swell
from .palette import BONE, INK, MIST, MOSS, NIGHT, OCHRE, PLUM, ROSE, RUST, SAND, TEAL, Colour, mix

EMBER = mix(RUST, OCHRE, 0.5)
CRUST = mix(RUST, PLUM, 0.35)


def bakery(art: Canvas) -> None:
    art.ground(mix(PLUM, NIGHT, 0.55))
    art.fill(box(-20, 660, 1220, 820), mix(PLUM, NIGHT, 0.8))
    art.fill([(500, 660), (1080, 660), (1240, 820), (180, 820)], mix(PLUM, RUST, 0.45))
    _brickwork(art)
    for inset, ink in ((0, RUST), (34, EMBER), (72, OCHRE), (118, mix(OCHRE, BONE, 0.6))):
        art.fill(arch(510 + inset, 190 + inset, 1070 - inset, 640), ink)
    art.halftone(arch(510, 190, 1070, 640), CRUST, (790, 420), (790, 80), 13)
    art.fill(box(480, 566, 1100, 660), INK)
    art.fill(box(480, 566, 1100, 582), EMBER)
    for x, y, size in ((640, 540, 56), (790, 520, 60), (940, 540, 56), (715, 578, 62), (868, 578, 62)):
        _round_loaf(art, x, y - 20, size)
    _baker(art)


def _brickwork(art: Canvas) -> None:
    """The oven's mouth is ringed in brick, with a few courses showing in the wall."""
    for i in range(15):
        start = 180 + i * 12
        art.fill(ring_part(790, 470, 292, 346, start + 0.8, start + 11.2), CRUST if i % 2 else RUST)
    wall = mix(PLUM, RUST, 0.25)
    for x, y in ((980, 90), (1074, 90), (1030, 136), (60, 250), (150, 250), (104, 296), (300, 90), (344, 136)):
        art.fill(rounded(x, y, x + 82, y + 36, 4), wall)


def _round_loaf(art: Canvas, x: float, y: float, radius: float) -> None:
    with art.posed(x, y, scale=radius / 60):
        art.fill(oval(0, 6, 64, 46), CRUST)
        art.fill(oval(0, 0, 62, 42), OCHRE)
        art.fill(oval(-6, -6, 44, 26), SAND)
        for lean in (-24, 0, 24):
            art.stroke(arc(lean - 30, 0, 34, -38, 38), RUST, 6)


def _baker(art: Canvas) -> None:
    """Seen against the light, so only the edge nearest the oven is bright."""
    art.fill(smooth([(140, 330), (270, 330), (318, 420), (322, 640), (330, 850), (80, 850), (92, 620), (88, 420)]), INK)
    art.fill(smooth([(262, 336), (312, 420), (318, 640), (320, 850), (250, 850), (290, 620)]), EMBER)
    art.fill(smooth([(212, 360), (258, 372), (300, 560), (296, 800), (150, 800), (160, 560)]), BONE)
    art.fill(ribbon([(150, 520), (720, 604)], 12, 12), SAND)
    art.fill(rounded(690, 588, 830, 622, 14), SAND)
    art.fill(smooth([(176, 290), (232, 290), (244, 352), (168, 352)]), mix(CRUST, PLUM, 0.4))
    art.fill(oval(212, 250, 54, 64), CRUST)
    art.fill(sector(214, 250, 52, -75, 75), ROSE)
    art.fill(smooth([(150, 226), (140, 160), (200, 134), (268, 152), (276, 216), (212, 206)]), BONE)
    art.stroke(curve([(120, 380), (150, 500), (260, 540)]), INK, 52)
    art.stroke(curve([(286, 380), (350, 470), (420, 552)]), EMBER, 46)
    art.fill(oval(262, 536, 27), ROSE)
    art.fill(oval(424, 556, 26), ROSE)


def shipyard(art: Canvas) -> None:
    """Four cranes at work and a fifth, its hook drawn up, having the day off."""
    art.gradient(mix(PLUM, RUST, 0.45), OCHRE, 0, 620)
    art.fill(oval(455, 430, 215), mix(OCHRE, BONE, 0.55))
    for y, left, right in ((330, 120, 400), (420, 520, 900), (250, 700, 1000)):
        art.fill(rounded(left, y, right, y + 22, 11), mix(RUST, OCHRE, 0.35))
    art.fill(below(curve([(-20, 590), (240, 560), (480, 590), (800, 572), (1220, 592)])), mix(PLUM, RUST, 0.5))
    for x, size, jib in ((110, 0.62, -18), (330, 0.8, -34), (585, 0.66, -22), (1010, 0.74, -30)):
        with art.posed(x, 640, scale=size):
            _luffing_crane(art, jib, mix(PLUM, INK, 0.35))
    with art.posed(800, 660, scale=1.18):
        _luffing_crane(art, -62, INK, at_rest=True)
    art.fill([(-20, 560), (40, 560), (90, 608), (640, 600), (700, 540), (740, 540), (690, 720), (-20, 720)], RUST)
    art.hatch([(300, 604), (640, 600), (700, 540), (740, 540), (690, 720), (260, 720)], PLUM, 15, 4, 90)
    for x in range(20, 640, 74):
        art.stroke([(x, 606), (x - 16, 720)], PLUM, 4)
    art.fill(box(-20, 640, 1220, 700), INK)
    swell(art, 696, mix(INK, NIGHT, 0.4), 5, 300)
    for i, width in enumerate((360, 260, 300, 170)):
        art.fill(rounded(455 - width / 2 + i * 9, 712 + i * 22, 455 + width / 2, 719 + i * 22, 3), EMBER)


def _luffing_crane(art: Canvas, jib: float, ink: Colour, at_rest: bool = False) -> None:
    """A dockside crane on four legs, jib raised by the given angle, rail at the origin."""
    art.stroke([(-70, 0), (-36, -210)], ink, 14)
    art.stroke([(70, 0), (36, -210)], ink, 14)
    art.stroke([(-60, -70), (60, -70)], ink, 9)
    art.stroke([(-62, -70), (42, -200)], ink, 5)
    art.stroke([(62, -70), (-42, -200)], ink, 5)
    art.fill(box(-58, -226, 58, -204), ink)
    art.fill([(-84, -226), (-84, -296), (10, -312), (58, -270), (58, -226)], ink)
    art.fill(box(14, -284, 44, -252), OCHRE)
    tip = polar(40, -250, 360, jib)
    art.fill(ribbon([(40, -250), tip], 30, 8), ink)
    art.stroke([(-30, -300), (-6, -400), tip], ink, 5)
    art.stroke([(-70, -290), (-6, -400)], ink, 5)
    drop = 60 if at_rest else 250
    art.stroke([tip, (tip[0], tip[1] + drop)], ink, 3.5)
    art.fill(box(tip[0] - 14, tip[1] + drop, tip[0] + 14, tip[1] + drop + 26), ink)


def timesheet(art: Canvas) -> None:
    """One cell has already been left, and its owner is walking off the grid."""
    art.ground(INK)
    inks = (MIST, TEAL, BONE, OCHRE, RUST, ROSE, mix(TEAL, INK, 0.5), mix(PLUM, RUST, 0.3))
    weights = (5, 5, 4, 3, 2, 3, 6, 2)
    pitch, side = 128, 108
    for row in range(6):
        for column in range(9):
            left, top = 34 + column * pitch, 26 + row * pitch
            (ink,) = art.rng.choices(inks, weights)
            if (column, row) == (4, 2):
                art.outline(rounded(left, top, left + side, top + side, 12), RUST, 5)
                continue
            cell = rounded(left, top, left + side, top + side, 12)
            art.fill(cell, ink)
            if art.rng.random() < 0.22:
                art.hatch(cell, INK, 13, 3, 45)
            elif art.rng.random() < 0.2:
                art.fill(
                    [(left + 6, top + side - 6), (left + side - 6, top + 6), (left + side - 6, top + side - 6)], INK
                )
    _leaver(art)


def _leaver(art: Canvas) -> None:
    person(art, 725, 800, 480, Dress(RUST, legs=NIGHT, skin=ROSE, hair=NIGHT), stride=12)
    with art.posed(725, 800, scale=4.8):
        art.stroke([(-6, -68), (-13, -46)], CRUST, 6)
        art.fill(rounded(-26, -47, -4, -31, 2), OCHRE)
        art.stroke(arc(-15, -47, 4, 180, 360), OCHRE, 1.6)


def apprentice(art: Canvas) -> None:
    art.gradient(mix(OCHRE, SAND, 0.2), SAND)
    art.fill(arch(262, 262, 762, 900), mix(TEAL, MIST, 0.25))
    art.fill(below(curve([(262, 640), (420, 600), (600, 622), (762, 590)])), TEAL)
    art.fill(oval(420, 430, 50), BONE)
    centre = (512, 512)
    for i in range(11):
        start = 180 + i * 180 / 11
        if i == 5:
            continue
        _voussoir(art, centre, start, 180 / 11, i)
    for row in range(3):
        for left, right in ((120, 262), (762, 904)):
            top = 516 + row * 104
            art.fill(box(left, top, right, top + 98), BONE if row % 2 else mix(BONE, SAND, 0.6))
            art.hatch(box(right - 46, top, right, top + 98), mix(OCHRE, PLUM, 0.4), 9, 2.4, 60)
    with art.posed(512, 356):
        _keystone(art)
    with art.posed(985, 640, turn=24):
        _chisel(art)
    with art.posed(1010, 360, turn=-38):
        _mallet(art)


def _voussoir(art: Canvas, centre: Point, start: float, span: float, index: int) -> None:
    stone = ring_part(*centre, 250, 392, start + 0.7, start + span - 0.7)
    art.fill(stone, BONE if index % 2 else mix(BONE, SAND, 0.6))
    art.hatch(ring_part(*centre, 250, 282, start + 0.7, start + span - 0.7), mix(OCHRE, PLUM, 0.4), 9, 2.4, 60)


def _keystone(art: Canvas) -> None:
    """The last stone, still on its rope, a hand's width above the gap."""
    art.stroke([(0, -420), (0, -330)], INK, 6)
    art.stroke([(-46, -270), (0, -334), (46, -270)], INK, 6)
    art.fill([(-66, -282), (66, -282), (42, -134), (-42, -134)], RUST)
    art.fill([(18, -282), (66, -282), (42, -134), (10, -134)], CRUST)


def _chisel(art: Canvas) -> None:
    art.fill([(-24, -60), (24, -60), (30, 190), (44, 232), (-44, 232), (-30, 190)], INK)
    art.fill([(-24, -60), (-6, -60), (-8, 190), (-16, 232), (-44, 232), (-30, 190)], TEAL)
    art.fill(rounded(-34, -170, 34, -52, 16), RUST)
    art.fill(rounded(-28, -192, 28, -160, 12), OCHRE)


def _mallet(art: Canvas) -> None:
    art.fill(rounded(-17, 30, 17, 260, 14), mix(RUST, OCHRE, 0.4))
    art.fill(smooth([(-78, -110), (78, -110), (92, -30), (64, 56), (-64, 56), (-92, -30)]), PLUM)
    art.halftone(
        smooth([(-78, -110), (78, -110), (92, -30), (64, 56), (-64, 56), (-92, -30)]), INK, (-40, 0), (110, 20), 12
    )


def slow_lift(art: Canvas) -> None:
    """Looking up the shaft: each floor a frame, and the car far off and in no hurry."""
    art.ground(INK)
    inks = (PLUM, RUST, mix(RUST, ROSE, 0.6), OCHRE, SAND, TEAL, INK)
    for i, ink in enumerate(inks):
        share = ((i + 1) / (len(inks) + 0.4)) ** 0.8
        left, top = -60 + share * 640, -60 + share * 330
        right, bottom = 1260 - share * 440, 860 - share * 260
        art.fill(rounded(left, top, right, bottom, 14), ink)
        art.fill(
            [(left, bottom - 14), (left, top + 14), (left + 22, top + 30), (left + 22, bottom - 30)],
            mix(ink, NIGHT, 0.35),
        )
    art.fill(rounded(left + 16, top + 14, right - 16, bottom - 4, 6), mix(OCHRE, BONE, 0.6))
    middle = (left + right) / 2
    art.fill(box(middle - 3, top - 420, middle + 3, top + 14), BONE)
    art.fill(box(left + 16, bottom - 26, right - 16, bottom - 4), RUST)
    person(art, middle - 6, bottom - 20, 190, Dress(TEAL, legs=INK, skin=ROSE))
    with art.posed(middle + 6, bottom - 120):
        newspaper = [(0, -26), (46, -36), (46, 2), (0, 12)]
        art.fill(newspaper, BONE)
        art.outline(newspaper, INK, 3)


def strike_fund(art: Canvas) -> None:
    art.ground(RUST)
    art.fill(oval(640, 430, 330), mix(RUST, OCHRE, 0.4))
    art.halftone(oval(640, 430, 330), RUST, (640, 300), (640, 900), 14)
    for x, y, turn, sleeve, skin in (
        (190, 190, 112, INK, SAND), (560, -80, 184, TEAL, mix(RUST, PLUM, 0.55)),
        (1060, 130, 240, PLUM, ROSE), (1060, 760, 300, MOSS, SAND),
    ):  # fmt: skip
        with art.posed(x, y, turn=turn - 4, scale=1.12):
            _giving_hand(art, sleeve, skin)
    with art.posed(620, 470, scale=1.35):
        _coin_stack(art)


def _giving_hand(art: Canvas, sleeve: Colour, skin: Colour) -> None:
    """An arm reaching upwards from the origin, a coin between finger and thumb."""
    art.fill([(-86, 260), (86, 260), (62, -40), (-62, -40)], sleeve)
    art.hatch([(20, 260), (86, 260), (62, -40), (14, -40)], NIGHT, 12, 3, 90)
    art.fill(rounded(-72, -66, 72, -30, 8), BONE)
    art.fill(oval(4, -236, 40), OCHRE)
    art.outline(oval(4, -236, 29), RUST, 4)
    art.fill(rounded(-54, -160, 54, -56, 30), skin)
    for x, tip in ((-36, -214), (-12, -232), (14, -200), (38, -178)):
        art.stroke([(x, -120), (x, tip)], skin, 23)
    art.stroke(curve([(46, -90), (66, -150), (34, -204)]), skin, 24)


def _coin_stack(art: Canvas) -> None:
    art.fill(wobbled(0, 70, [150, 120, 140, 130, 160, 120], 0.24), mix(RUST, PLUM, 0.6))
    for x, count, tone in ((-84, 5, OCHRE), (8, 9, OCHRE), (94, 3, SAND)):
        for i in range(count):
            y = 62 - i * 19
            art.fill(oval(x, y + 9, 46, 17), PLUM)
            art.fill(oval(x, y, 46, 17), tone)
        art.outline(oval(x, 62 - (count - 1) * 19, 30, 10), RUST, 3)


SCENES = (
    Scene("night-shift-at-the-bakery-bank", bakery, (44, 54)),
    Scene("the-four-day-shipyard", shipyard, (58, 52)),
    Scene("what-the-timesheet-knows", timesheet, (58, 60)),
    Scene("apprentice-at-fifty", apprentice, (50, 48)),
    Scene("in-praise-of-the-slow-lift", slow_lift, (57, 46)),
    Scene("notes-on-a-strike-fund", strike_fund, (53, 54)),
)
