"""Cities from the street: trams, scaffolding, benches and a tunnel, in plum, rose and ochre."""

from .canvas import Canvas
from .geometry import Point, arc, arch, below, box, curve, oval, ribbon, rounded, sector, smooth
from .motifs import Dress, Scene, lamp_post, panes, person, tree
from .palette import BONE, INK, MIST, MOSS, NIGHT, OCHRE, PLUM, ROSE, RUST, SAND, TEAL, Colour, mix

DUSK = mix(PLUM, INK, 0.5)
BLUSH = mix(ROSE, BONE, 0.45)


def tram(art: Canvas) -> None:
    art.gradient(mix(TEAL, MIST, 0.35), BLUSH, 0, 620)
    for left, top, width, wall in (
        (-40, 190, 210, PLUM), (160, 110, 190, ROSE), (340, 230, 150, mix(PLUM, RUST, 0.5)),
        (860, 150, 180, OCHRE), (1030, 60, 220, PLUM),
    ):  # fmt: skip
        art.fill(box(left, top, left + width, 600), wall)
        art.fill([(left - 8, top), (left + 24, top - 46), (left + width - 24, top - 46), (left + width + 8, top)], DUSK)
        panes(art, left + 28, top + 36, (int(width // 56), 4), (26, 48), mix(wall, NIGHT, 0.45))
    art.fill(below([(-20, 560), (1220, 560)]), mix(PLUM, INK, 0.35))
    art.fill(below(curve([(-20, 700), (300, 620), (600, 588), (1220, 566)]), 560), mix(PLUM, ROSE, 0.45))
    for side in (-1, 1):
        rail = curve([(610 + side * 62, 610), (590 + side * 78, 690), (520 + side * 116, 770), (420 + side * 170, 860)])
        art.fill(ribbon(rail, 8, 22), SAND)
    art.stroke(curve([(-20, 60), (400, 96), (640, 92), (1220, 10)]), INK, 3)
    with art.posed(640, 640, scale=1.14):
        _tram_front(art)
    lamp_post(art, 246, 690, 330, INK)
    for x, height, coat in ((330, 150, OCHRE), (986, 165, TEAL)):
        person(art, x, 700, height, Dress(coat, legs=NIGHT, skin=SAND, hair=NIGHT), flip=x < 400)


def _tram_front(art: Canvas) -> None:
    """An old single-decker seen from the stop, its track bed at the origin."""
    art.stroke([(0, -452), (-46, -486), (40, -486)], INK, 6)
    art.fill(oval(6, 6, 170, 22), NIGHT)
    art.fill(smooth([(-120, -400), (0, -452), (120, -400), (150, -380), (-150, -380)]), INK)
    art.fill(rounded(-152, -398, 152, -10, 34), RUST)
    art.fill(rounded(-152, -398, 152, -186, 30), BONE)
    art.fill(box(-152, -214, 152, -184), OCHRE)
    art.fill(rounded(-132, -348, -54, -222, 10), INK)
    art.fill(rounded(-44, -348, 44, -222, 10), INK)
    art.fill(rounded(54, -348, 132, -222, 10), INK)
    for x in (-132, -44, 54):
        art.fill([(x + 6, -232), (x + 6, -300), (x + 62, -340), (x + 76, -340)], mix(INK, TEAL, 0.6))
    art.fill(rounded(-66, -386, 66, -358, 8), INK)
    art.fill(rounded(-58, -382, 22, -362, 6), OCHRE)
    art.fill([(92, -184), (152, -184), (152, -30), (120, -10), (92, -10)], mix(RUST, PLUM, 0.45))
    art.fill(oval(0, -116, 42), INK)
    art.fill(oval(0, -116, 33), OCHRE)
    art.fill(oval(0, -116, 19), BONE)
    for x in (-102, 102):
        art.fill(oval(x, -70, 15), SAND)
    art.fill(rounded(-130, -34, 130, 8, 10), INK)


def scaffolding(art: Canvas) -> None:
    art.ground(mix(MIST, BONE, 0.3))
    art.fill(oval(1010, 150, 72), OCHRE)
    art.fill(box(-20, 190, 850, 820), ROSE)
    art.fill(box(-20, 168, 872, 206), RUST)
    for row in range(3):
        for column in range(4):
            left, top = 60 + column * 205, 262 + row * 200
            art.fill(arch(left - 14, top - 18, left + 104, top + 142), BLUSH)
            art.fill(arch(left, top, left + 90, top + 130), PLUM)
            art.fill(
                [(left + 8, top + 122), (left + 8, top + 60), (left + 70, top + 20), (left + 82, top + 40)],
                mix(PLUM, TEAL, 0.4),
            )
    art.fill(box(850, 420, 1240, 820), mix(PLUM, RUST, 0.3))
    art.fill([(840, 422), (1010, 330), (1240, 422)], DUSK)
    panes(art, 900, 480, (3, 3), (46, 70), OCHRE)
    _scaffold_frame(art)
    netting = [(316, 82), (724, 82), (724, 478), (640, 500), (520, 478), (420, 502), (316, 478)]
    art.overprint(netting, mix(MIST, TEAL, 0.35))
    art.hatch(netting, TEAL, 11, 2, 45)
    person(art, 820, 280, 128, Dress(TEAL, legs=INK, skin=SAND, hair=OCHRE), flip=True)
    person(art, 196, 484, 128, Dress(OCHRE, legs=INK, skin=SAND, hair=RUST))
    art.stroke([(214, 400), (262, 350)], INK, 6)


def _scaffold_frame(art: Canvas) -> None:
    """Standards, ledgers and braces; it outgrows the building it wraps."""
    uprights = (112, 316, 520, 724, 928)
    for x in uprights:
        art.stroke([(x, -20), (x, 830)], INK, 11)
    for y in (80, 280, 484, 690):
        art.fill(box(84, y, 960, y + 17), OCHRE)
        art.fill(box(84, y + 17, 960, y + 25), mix(RUST, PLUM, 0.3))
        art.stroke([(84, y - 62), (960, y - 62)], INK, 6)
    for left, top in ((112, 300), (724, 300), (520, 504), (724, 98), (112, 704)):
        art.stroke([(left, top + 184), (left + 204, top)], INK, 7)
    for x in uprights:
        for y in (80, 280, 484, 690):
            art.fill(oval(x, y - 62, 10), RUST)


def benches(art: Canvas) -> None:
    art.gradient(mix(OCHRE, BONE, 0.35), mix(ROSE, BONE, 0.3), 0, 420)
    art.fill(oval(968, 236, 92), BONE)
    art.fill(below(curve([(-20, 330), (250, 270), (560, 330), (900, 380), (1220, 330)])), mix(MOSS, MIST, 0.5))
    for x, y, size in ((130, 316, 0.16), (250, 306, 0.16), (700, 372, 0.2), (1000, 384, 0.2), (1110, 368, 0.2)):
        with art.posed(x, y, scale=size):
            _bench(art, DUSK, DUSK)
    for x, y, height in ((70, 320, 74), (860, 392, 96), (1150, 366, 110)):
        tree(art, x, y, height, mix(MOSS, TEAL, 0.3), mix(MOSS, INK, 0.45), DUSK)
    art.fill(below(curve([(-20, 480), (300, 452), (760, 470), (1220, 430)])), mix(OCHRE, SAND, 0.25))
    art.fill(ribbon(curve([(1240, 520), (900, 530), (620, 620), (420, 860)]), 40, 190), SAND)
    art.fill([(352, 606), (396, 612), (-20, 830), (-240, 830)], mix(OCHRE, PLUM, 0.5))
    art.fill([(560, 660), (880, 668), (560, 830), (190, 830)], mix(OCHRE, PLUM, 0.5))
    tree(art, 372, 612, 640, MOSS, mix(MOSS, INK, 0.45), PLUM)
    with art.posed(716, 668):
        _bench(art, RUST, INK)
    art.fill([(756, 560), (812, 556), (818, 570), (762, 574)], BONE)
    art.stroke([(798, 554), (826, 540)], INK, 4)


def _bench(art: Canvas, slats: Colour, iron: Colour) -> None:
    """A slatted park bench from the front, feet on the origin."""
    for x in (-140, 140):
        art.stroke(curve([(x, -186), (x, -100), (x - 4, 0)]), iron, 12)
        art.stroke(curve([(x, -142), (x * 1.16, -138), (x * 1.16, -92), (x * 1.1, 0)]), iron, 9)
    for y in (-182, -154, -126):
        art.fill(rounded(-166, y, 166, y + 19, 5), slats)
    for y, reach in ((-96, 172), (-78, 178)):
        art.fill(rounded(-reach, y, reach, y + 13, 4), slats)
    art.fill(rounded(-178, -66, 178, -56, 4), iron)


def tunnel(art: Canvas) -> None:
    """One mouth lit and working; its twin still a drawing on the hill."""
    art.gradient(mix(ROSE, OCHRE, 0.35), BLUSH, 0, 320)
    art.fill(below(curve([(-20, 250), (220, 120), (520, 60), (860, 150), (1220, 210)])), mix(MOSS, PLUM, 0.35))
    art.fill(below(curve([(-20, 330), (340, 210), (700, 250), (1220, 330)])), PLUM)
    for x, y, height in ((120, 246, 84), (196, 220, 110), (1050, 286, 96), (1130, 304, 70)):
        tree(art, x, y, height, MOSS, mix(MOSS, INK, 0.4), INK)
    for radius, ink in ((318, SAND), (278, RUST), (236, INK), (206, NIGHT)):
        art.fill(sector(404, 640, radius, 180, 360), ink)
    for i in range(5):
        art.stroke(arc(404 + i * 7, 640 - i * 4, 196 - i * 37, 182, 358), mix(OCHRE, NIGHT, i * 0.1), 10 - i)
    art.fill(oval(452, 606, 22), BONE)
    for radius, step in ((214, 9), (160, 12), (106, 18), (52, 30)):
        for start in range(180, 360, step * 2):
            art.stroke(arc(964, 640, radius, start, start + step), ROSE, 7)
    art.fill(below([(-20, 640), (1220, 640)]), DUSK)
    art.fill([(444, 640), (462, 640), (760, 830), (60, 830)], INK)
    for near, far in ((0.12, 0.2), (0.32, 0.46), (0.62, 0.86)):
        art.fill(_lane_mark(near, far), OCHRE)
    art.hatch([(740, 640), (1120, 640), (1240, 830), (800, 830)], ROSE, 20, 4, 24)
    with art.posed(560, 700, scale=1.25):
        _car(art)


def _lane_mark(near: float, far: float) -> list[Point]:
    """A dash of the centre line between two shares of the road's length."""
    return [
        (453 - share * 43 + side * share * 9, 640 + share * 190)
        for share, side in ((near, -1), (near, 1), (far, 1), (far, -1))
    ]


def _car(art: Canvas) -> None:
    """A small car from behind."""
    art.fill(rounded(-62, -46, 62, 14, 12), OCHRE)
    art.fill(smooth([(-46, -44), (-34, -88), (34, -88), (46, -44)]), OCHRE)
    art.fill(smooth([(-36, -48), (-26, -78), (26, -78), (36, -48)]), NIGHT)
    for x in (-48, 48):
        art.fill(oval(x, -22, 9), RUST)
        art.fill(rounded(x - 11, 6, x + 11, 28, 5), NIGHT)


SCENES = (
    Scene("the-tram-that-came-back", tram, (53, 50)),
    Scene("a-field-guide-to-scaffolding", scaffolding, (52, 42)),
    Scene("ninety-benches", benches, (54, 60)),
    Scene("the-second-tunnel", tunnel, (42, 62)),
)
