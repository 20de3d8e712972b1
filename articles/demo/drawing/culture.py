"""Culture: music, film, tools and failed machines, in plum, rust and rose."""

import math

from .canvas import Canvas
from .geometry import arc, arch, below, box, curve, oval, polar, ribbon, ring_part, rounded, sector, smooth, wave
from .motifs import Scene, gull, swell
from .palette import BONE, INK, MIST, MOSS, NIGHT, OCHRE, PLUM, ROSE, RUST, SAND, TEAL, Colour, mix

VELVET = mix(PLUM, NIGHT, 0.45)
VARNISH = mix(RUST, PLUM, 0.45)


def orchestra(art: Canvas) -> None:
    art.ground(mix(TEAL, MIST, 0.55))
    for left in (-150, 190, 530, 870):
        art.fill(arch(left, 90, left + 310, 840), mix(ROSE, BONE, 0.55))
        art.fill(sector(left + 155, 245, 155, 180, 360), mix(MIST, BONE, 0.55))
        for spoke in range(200, 360, 35):
            art.stroke([(left + 155, 245), polar(left + 155, 245, 150, spoke)], TEAL, 7)
        art.stroke(arc(left + 155, 245, 155, 180, 360), TEAL, 14)
        art.stroke(arc(left + 155, 245, 80, 180, 360), TEAL, 7)
        art.stroke([(left + 8, 245), (left + 302, 245)], TEAL, 10)
    for x in (176, 516, 856, 1196):
        art.fill(box(x - 15, 236, x + 15, 840), TEAL)
        art.fill(box(x - 26, 236, x + 26, 262), INK)
    art.fill(box(-20, 610, 1220, 820), mix(PLUM, INK, 0.4))
    _fish_slab(art)
    for x, y, size, coat in ((1010, 640, 0.66, MOSS), (770, 660, 0.8, PLUM), (400, 740, 1.22, INK)):
        with art.posed(x, y, scale=size):
            _cellist(art, coat)


def _fish_slab(art: Canvas) -> None:
    art.fill([(560, 690), (1240, 640), (1240, 830), (500, 830)], MIST)
    art.fill([(500, 790), (1240, 740), (1240, 830), (500, 830)], TEAL)
    for x, y, ink in ((690, 728, INK), (850, 716, RUST), (1010, 704, INK), (1150, 694, RUST)):
        with art.posed(x, y, turn=-14):
            art.fill(smooth([(-66, 0), (-20, -22), (40, -14), (62, 0), (40, 14), (-20, 20)]), ink)
            art.fill([(46, 0), (92, -24), (82, 0), (92, 24)], ink)
            art.fill(oval(-40, -4, 5), BONE)


def _cellist(art: Canvas, coat: Colour) -> None:
    """A seated player behind a cello, its spike at the origin."""
    art.fill(smooth([(-60, -400), (40, -404), (96, -300), (90, -150), (-110, -140), (-116, -300)]), coat)
    art.fill(smooth([(-112, -190), (-60, -220), (-90, -40), (-84, 40), (-150, 40), (-160, -60)]), NIGHT)
    art.fill(smooth([(112, -190), (60, -220), (100, -40), (96, 40), (160, 40), (160, -60)]), NIGHT)
    art.fill(box(-24, -430, 14, -390), VARNISH)
    art.fill(oval(-6, -462, 42, 50), ROSE)
    art.fill(smooth([(-50, -420), (-60, -490), (-14, -524), (40, -500), (34, -474), (-10, -482), (-26, -424)]), NIGHT)
    with art.posed(10, 0, turn=7):
        art.fill(box(-4, -60, 4, 10), INK)
        body = [(0, -330), (70, -306), (84, -244), (54, -196), (70, -150), (104, -96), (70, -30), (0, -18)]
        art.fill(smooth([*body, *[(-x, y) for x, y in body[-2:0:-1]]]), RUST)
        with art.within(smooth([*body, *[(-x, y) for x, y in body[-2:0:-1]]])):
            art.fill(box(24, -340, 120, 0), VARNISH)
        art.fill(ribbon([(0, -200), (0, -480)], 26, 16), INK)
        art.fill(oval(0, -488, 15), VARNISH)
        for side in (-1, 1):
            art.stroke(curve([(side * 42, -196), (side * 34, -170), (side * 44, -140)]), INK, 6)
        art.fill(box(-26, -150, 26, -140), OCHRE)
        art.stroke([(0, -140), (0, -60)], INK, 12)
    art.stroke(curve([(-96, -330), (-150, -240), (-100, -196)]), coat, 44)
    art.stroke(curve([(76, -330), (110, -380), (46, -410)]), coat, 40)
    art.stroke([(-170, -176), (190, -216)], SAND, 7)
    art.fill(oval(-96, -190, 24), ROSE)
    art.fill(oval(46, -412, 21), ROSE)


def cinema(art: Canvas) -> None:
    art.ground(VELVET)
    art.fill(box(-20, -20, 110, 820), PLUM)
    art.hatch(box(-20, -20, 110, 820), VELVET, 26, 9, 90)
    art.fill([(1250, 34), (150, 60), (150, 500), (1250, 66)], mix(OCHRE, VELVET, 0.62))
    art.fill([(1250, 44), (150, 200), (150, 430), (1250, 58)], mix(OCHRE, VELVET, 0.35))
    art.fill([(150, 110), (690, 160), (690, 470), (150, 520)], BONE)
    screen = [(166, 126), (676, 174), (676, 456), (166, 504)]
    with art.within(screen):
        art.fill(box(150, 100, 700, 520), mix(OCHRE, BONE, 0.35))
        art.fill(oval(300, 330, 84), RUST)
        art.fill(below(curve([(150, 360), (340, 330), (520, 372), (700, 352)]), 520), mix(RUST, PLUM, 0.55))
        art.fill(below([(150, 436), (700, 414)], 520), NIGHT)
        art.fill(box(486, 318, 590, 424), NIGHT)
        art.fill([(472, 322), (538, 276), (606, 322)], NIGHT)
        art.fill(box(516, 344, 546, 376), OCHRE)
        art.stroke([(340, 430), (340, 300), (430, 300)], NIGHT, 7)
    for row, (top, size, ink) in enumerate(
        ((520, 84, mix(RUST, PLUM, 0.7)), (590, 112, mix(RUST, PLUM, 0.4)), (684, 150, RUST))
    ):
        for seat in range(-1, 14):
            left = seat * size * 1.12 - 60 - row * 34
            art.fill(rounded(left, top, left + size, top + 400, size * 0.32), ink)
            art.fill(rounded(left + size * 0.8, top + 14, left + size, top + 400, size * 0.1), mix(ink, NIGHT, 0.4))
        if row == 1:
            _lone_viewer(art)


def _lone_viewer(art: Canvas) -> None:
    art.fill(smooth([(712, 820), (720, 690), (770, 646), (850, 646), (900, 690), (910, 820)]), NIGHT)
    art.fill(oval(808, 576, 52, 62), NIGHT)
    art.fill(box(786, 610, 832, 670), NIGHT)
    art.stroke(arc(808, 576, 54, 165, 262), OCHRE, 6)
    art.fill(oval(838, 522, 26), NIGHT)


def repairs(art: Canvas) -> None:
    art.ground(mix(MOSS, TEAL, 0.5))
    for left, top, right, bottom in (
        (50, 46, 470, 376),
        (510, 46, 1150, 376),
        (50, 424, 690, 756),
        (730, 424, 1150, 756),
    ):
        art.fill(box(left - 22, top - 22, right + 22, bottom + 26), mix(RUST, PLUM, 0.45))
        art.fill(box(left, top, right, bottom), mix(INK, PLUM, 0.3))
        art.fill(box(left, bottom - 14, right, bottom), mix(OCHRE, RUST, 0.5))
        art.fill(box(left, top, left + 16, bottom), NIGHT)
    _spines(art, 92, 362, (RUST, OCHRE, BONE, TEAL))
    _spines(art, 1002, 362, (ROSE, BONE, RUST))
    _spines(art, 90, 742, (MIST, OCHRE, RUST))
    _spines(art, 952, 742, (OCHRE, ROSE, TEAL, BONE))
    for x, y, turn, tool in (
        (360, 210, 0, _hammer),
        (740, 210, -18, _saw),
        (430, 590, 32, _spanner),
        (850, 588, 0, _pliers),
        (600, 588, -12, _hammer),
    ):
        with art.posed(x, y, turn=turn):
            tool(art)
    for x, y in ((392, 300), (900, 262), (486, 668), (884, 676), (640, 690)):
        art.stroke([(x - 22, y - 46), (x, y - 10)], BONE, 3)
        with art.posed(x, y, turn=8):
            art.fill([(-24, 0), (0, -18), (24, 0), (24, 54), (-24, 54)], SAND)
            art.fill(oval(0, -4, 5), INK)
            for line in (16, 28, 40):
                art.stroke([(-14, line), (14 - line / 4, line)], RUST, 3)


def _spines(art: Canvas, left: float, floor: float, inks: tuple[Colour, ...]) -> None:
    """A few upright ledgers of past mends."""
    for i, ink in enumerate(inks):
        top = floor - 210 - (i * 37) % 60
        art.fill(box(left, top, left + 38, floor), ink)
        art.fill(box(left, top + 30, left + 38, top + 40), INK)
        art.fill(box(left, floor - 52, left + 38, floor - 44), INK)
        left += 43


def _hammer(art: Canvas) -> None:
    art.fill(rounded(-13, -90, 13, 140, 10), OCHRE)
    art.fill(smooth([(-64, -112), (-30, -128), (58, -126), (64, -72), (10, -70), (-20, -84), (-68, -96)]), MIST)
    art.fill(box(44, -130, 66, -68), BONE)


def _saw(art: Canvas) -> None:
    teeth = [(-160 + i * 16, 40 + (16 if i % 2 else 0)) for i in range(19)]
    art.fill([(128, -62), (-166, 8), *teeth, (132, 52)], MIST)
    art.fill(smooth([(110, -70), (190, -84), (232, -10), (200, 76), (116, 64)]), RUST)
    art.fill(smooth([(148, -34), (186, -38), (198, 0), (182, 36), (148, 30)]), mix(INK, PLUM, 0.3))


def _spanner(art: Canvas) -> None:
    art.fill(rounded(-16, -100, 16, 120, 8), BONE)
    for y, gap in ((-118, -90), (128, 90)):
        art.fill(ring_part(0, y, 18, 46, gap + 38, gap + 322), BONE)


def _pliers(art: Canvas) -> None:
    for flip in (False, True):
        with art.posed(0, 0, flip=flip):
            art.fill(ribbon(curve([(4, -20), (44, 40), (40, 150)]), 26, 22), RUST if flip else ROSE)
            art.fill(smooth([(2, -16), (30, -40), (26, -100), (3, -128)]), MIST)
    art.fill(oval(0, -18, 24), MIST)
    art.fill(oval(0, -18, 9), INK)


def hauling_songs(art: Canvas) -> None:
    """A record coming up like a moon, with a rope for a tone-arm."""
    art.gradient(RUST, mix(OCHRE, ROSE, 0.4), 0, 640)
    art.fill(oval(520, 400, 330), NIGHT)
    for radius in range(312, 130, -17):
        art.outline(oval(520, 400, radius), mix(NIGHT, PLUM, 0.75), 3.5)
    for start in (198, 322):
        art.fill(ring_part(520, 400, 140, 318, start, start + 17), mix(NIGHT, PLUM, 0.8))
    art.fill(oval(520, 400, 122), OCHRE)
    art.fill(sector(520, 400, 122, 180, 360), BONE)
    art.outline(oval(520, 400, 92), RUST, 6)
    art.fill(oval(520, 400, 15), RUST)
    rope = curve([(1250, 40), (1080, 150), (1000, 320), (860, 440), (730, 390)])
    art.stroke(rope, mix(OCHRE, PLUM, 0.6), 34)
    art.stroke(rope, SAND, 26)
    for i in range(2, len(rope) - 2, 3):
        (x0, y0), (x1, y1) = rope[i - 1], rope[i + 1]
        art.stroke([(x0 - 5, y0 + 9), (x1 + 5, y1 - 9)], RUST, 4)
    art.fill(rounded(690, 366, 750, 412, 16), INK)
    for i, ink in enumerate((mix(TEAL, MIST, 0.5), TEAL, mix(TEAL, INK, 0.5), INK, NIGHT)):
        swell(art, 540 + i * 62, ink, 26, 330 + i * 18, 0.18 + i * 0.37)
        art.stroke(wave(552 + i * 62, 26, 330 + i * 18, 0.18 + i * 0.37), mix(ink, MIST, 0.4), 4)
    for x, y, span in ((130, 150, 40), (220, 220, 26), (90, 270, 22)):
        gull(art, x, y, span)


def small_defeats(art: Canvas) -> None:
    art.ground(mix(ROSE, BONE, 0.2))
    art.fill(box(-20, 640, 1220, 820), mix(PLUM, RUST, 0.4))
    art.fill(arch(300, 40, 780, 642), BONE)
    art.halftone(arch(300, 40, 780, 642), SAND, (400, 100), (760, 640), 14)
    art.fill([(330, 600), (750, 600), (730, 850), (350, 850)], INK)
    art.fill(box(306, 568, 774, 606), mix(INK, TEAL, 0.5))
    art.fill([(600, 606), (746, 606), (726, 850), (590, 850)], NIGHT)
    art.fill(rounded(420, 674, 540, 738, 6), OCHRE)
    with art.posed(540, 568):
        _odd_machine(art)
    for x in (130, 930):
        art.fill(oval(x, 790, 52, 14), NIGHT)
        art.stroke([(x, 780), (x, 560)], OCHRE, 15)
        art.fill(oval(x, 550, 18), OCHRE)
    art.stroke(curve([(-60, 600), (40, 640), (130, 576)]), RUST, 20)
    art.stroke(curve([(930, 576), (1060, 680), (1240, 590)]), RUST, 20)
    art.fill(rounded(930, 180, 1110, 400, 4), PLUM)
    art.fill(box(950, 200, 1090, 380), mix(TEAL, MIST, 0.6))
    art.stroke(curve([(970, 340), (1010, 300), (1030, 330), (1072, 240)]), INK, 5)


def _odd_machine(art: Canvas) -> None:
    """A bird-winged, umbrella-topped boiler on one wheel: hopeful, and not going anywhere."""
    for turn, length in ((-150, 230), (-164, 210), (-178, 180)):
        art.fill(ribbon([(-70, -170), polar(-70, -170, length, turn)], 20, 74), SAND)
        art.stroke([(-70, -170), polar(-70, -170, length, turn)], RUST, 5)
    art.stroke([(10, -250), (10, -430)], INK, 9)
    art.fill(sector(10, -400, 150, 180, 360), RUST)
    for x in (-90, 10, 110):
        art.fill(sector(x, -398, 50, 180, 360), mix(ROSE, BONE, 0.2) if x == 10 else BONE)
    art.fill(rounded(-96, -270, 116, -90, 62), TEAL)
    art.fill(rounded(20, -270, 116, -90, 62), mix(TEAL, INK, 0.5))
    for x in (-60, -20, 20, 60):
        art.fill(oval(x, -180, 7), OCHRE)
    art.fill([(116, -210), (200, -290), (226, -262), (116, -160)], OCHRE)
    art.fill(oval(214, -278, 24, 24), mix(OCHRE, RUST, 0.6))
    art.fill(oval(0, -70, 76), INK)
    art.fill(oval(0, -70, 58), BONE)
    for spoke in range(0, 180, 30):
        art.stroke([polar(0, -70, 62, spoke), polar(0, -70, 62, spoke + 180)], INK, 7)
    art.fill(oval(0, -70, 18), RUST)
    for tooth in range(0, 360, 36):
        art.stroke([polar(150, -60, 44, tooth), polar(150, -60, 60, tooth)], PLUM, 16)
    art.fill(oval(150, -60, 50), PLUM)
    art.fill(oval(150, -60, 18), OCHRE)


def translator(art: Canvas) -> None:
    """A ship carried along by two overlapping speech bubbles for sails."""
    art.gradient(mix(MIST, TEAL, 0.25), BONE, 0, 560)
    with art.posed(600, 590, turn=-3):
        art.stroke([(20, 0), (20, -520)], INK, 12)
        left_sail = smooth(
            [(-330, -470), (-60, -510), (40, -400), (30, -220), (-120, -150), (-300, -190), (-370, -330)]
        )
        right_sail = smooth([(-40, -430), (160, -480), (350, -420), (390, -270), (270, -150), (60, -160), (-60, -280)])
        art.fill(left_sail, mix(RUST, ROSE, 0.25))
        art.fill([(-250, -190), (-130, -160), (-260, -84)], mix(RUST, ROSE, 0.25))
        art.fill(right_sail, OCHRE)
        art.fill([(130, -164), (260, -160), (262, -80)], OCHRE)
        with art.within(left_sail):
            art.fill(right_sail, PLUM)
        for i, (start, end) in enumerate(((-280, -110), (-290, -150), (-260, -100))):
            art.stroke([(start, -390 + i * 62), (end, -390 + i * 62)], BONE, 17)
        for i, count in enumerate((4, 5, 3)):
            for dot in range(count):
                art.fill(oval(130 + dot * 46, -380 + i * 60, 12 if dot % 2 else 17), PLUM)
        art.fill([(-300, -60), (330, -60), (250, 90), (-230, 90)], INK)
        art.fill([(-300, -60), (330, -60), (318, -36), (-290, -36)], RUST)
        for x in range(-220, 260, 70):
            art.fill(oval(x, 0, 13), OCHRE)
    for i, ink in enumerate((mix(TEAL, MIST, 0.4), TEAL, mix(TEAL, INK, 0.55))):
        swell(art, 620 + i * 66, ink, 20, 300 + i * 60, 0.3 * i)
    for x in range(-30, 1240, 96):
        y = 716 + 20 * math.sin(math.tau * x / 360)
        art.stroke(arc(x, y + 40, 34, 210, 330), MIST, 5)


SCENES = (
    Scene("the-orchestra-without-a-hall", orchestra, (36, 56)),
    Scene("the-quiet-cinema", cinema, (48, 50)),
    Scene("a-library-of-repairs", repairs, (50, 50)),
    Scene("songs-for-hauling", hauling_songs, (46, 48)),
    Scene("the-museum-of-small-defeats", small_defeats, (45, 50)),
    Scene("the-translator-at-sea", translator, (50, 46)),
)
