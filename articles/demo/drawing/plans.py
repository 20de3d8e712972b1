"""Cities from above: maps, roofs and roads, drawn as patterns."""

import math

from .canvas import Canvas
from .geometry import Point, Shape, box, curve, oval, ribbon, rounded, wobbled
from .motifs import Dress, Scene, person, tree
from .palette import BONE, INK, MIST, MOSS, NIGHT, OCHRE, PLUM, ROSE, RUST, SAND, TEAL, Colour, mix

HEAT = (PLUM, mix(PLUM, RUST, 0.6), RUST, mix(RUST, OCHRE, 0.55), OCHRE, SAND, mix(SAND, BONE, 0.6))
LEAF_SHADE = mix(MOSS, INK, 0.45)

Block = tuple[float, float, float, float]


def rent_map(art: Canvas) -> None:
    """Streets are the paper left between blocks; heat is distance from the dearest corner."""
    art.ground(BONE)
    with art.posed(600, 400, turn=-14):
        for block in _city_blocks(art, (-800, -620, 800, 620), 0):
            _heat_block(art, block)
        river = curve([(-900, -150), (-560, -190), (-330, 40), (-60, 150), (160, 360), (560, 400), (900, 560)])
        art.fill(ribbon(river, 120, 170), BONE)
        art.fill(ribbon(river, 96, 146), TEAL)
        art.hatch(ribbon(river, 96, 146), mix(TEAL, INK, 0.4), 26, 4, 6)
        for x, y, turn in ((-420, -78, 60), (20, 205, 60)):
            with art.posed(x, y, turn=turn):
                art.fill(box(-14, -110, 14, 110), BONE)
        park = rounded(-190, -300, 30, -150, 30)
        art.outline(park, BONE, 14)
        art.fill(park, MOSS)
        for x, y in ((-150, -262), (-96, -202), (-36, -252), (-150, -196), (-8, -190)):
            art.fill(oval(x, y, 21), LEAF_SHADE)
    art.fill(oval(792, 262, 46), BONE)
    art.fill(oval(792, 262, 32), INK)
    art.fill(oval(792, 262, 12), OCHRE)


def _city_blocks(art: Canvas, block: Block, depth: int) -> list[Block]:
    """Divide a town in two, and each part again, until the parts are the size of a street block."""
    left, top, right, bottom = block
    wide = right - left > bottom - top
    if max(right - left, bottom - top) < 165 or (depth > 6 and art.rng.random() < 0.3):
        return [block]
    share = art.rng.uniform(0.38, 0.62)
    if wide:
        middle = left + (right - left) * share
        halves = ((left, top, middle, bottom), (middle, top, right, bottom))
    else:
        middle = top + (bottom - top) * share
        halves = ((left, top, right, middle), (left, middle, right, bottom))
    return [part for half in halves for part in _city_blocks(art, half, depth + 1)]


def _heat_block(art: Canvas, block: Block) -> None:
    left, top, right, bottom = block
    distance = math.hypot((left + right) / 2 - 210, (top + bottom) / 2 + 80) / 95 + art.rng.uniform(-0.7, 0.7)
    shape = box(left + 7, top + 7, right - 7, bottom - 7)
    art.fill(shape, HEAT[min(len(HEAT) - 1, max(0, int(distance)))])
    if art.rng.random() < 0.1:
        art.hatch(shape, INK, 18, 4, 45)


def roof_commons(art: Canvas) -> None:
    art.gradient(mix(TEAL, MIST, 0.6), mix(MIST, BONE, 0.6))
    heights = ((5.4, 4.5, 5.1), (4.0, 4.4, 3.7), (3.3, 3.8, 3.0))
    walls = ((PLUM, RUST, ROSE), (ROSE, PLUM, OCHRE), (OCHRE, RUST, PLUM))
    for row in range(3):
        for column in range(3):
            x, y = column * 3.1 - 1.9, row * 3.1 - 3.1
            z = heights[row][column]
            _roofed_block(art, (x, y, 2.5, 2.5), z, walls[row][column])
            if column:
                _footbridge(art, (x - 0.75, y + 1.7, heights[row][column - 1]), (x + 0.15, y + 1.7, z))
            if row:
                _footbridge(art, (x + 1.9, y - 0.75, heights[row - 1][column]), (x + 1.9, y + 0.15, z))
    for x, y, z, coat in ((2.9, 1.5, 4.4, RUST), (1.8, 2.1, 4.4, INK), (5.6, 1.9, 3.7, TEAL), (2.6, 5.2, 3.8, INK)):
        art_x, art_y = _iso(x, y, z)
        person(art, art_x, art_y, 74, Dress(coat, legs=NIGHT, skin=SAND))


def _footbridge(art: Canvas, start: tuple[float, float, float], end: tuple[float, float, float]) -> None:
    (x0, y0, z0), (x1, y1, z1) = start, end
    across = (0, 0.5) if x1 - x0 > y1 - y0 else (-0.5, 0)
    deck = [
        _iso(x0, y0, z0),
        _iso(x1, y1, z1),
        _iso(x1 + across[0], y1 + across[1], z1),
        _iso(x0 + across[0], y0 + across[1], z0),
    ]
    art.fill([(x, y + 9) for x, y in deck], INK)
    art.fill(deck, OCHRE)


def _iso(x: float, y: float, z: float) -> Point:
    """Plan coordinates to the picture, looking down from the south-east corner."""
    return 520 + (x - y) * 92, 560 + (x + y) * 50 - z * 62


def _roofed_block(art: Canvas, plan: Block, height: float, wall: Colour) -> None:
    """A flat-roofed house with a bed, a tree or a tank on top."""
    x, y, width, depth = plan
    far, east, near, west = (
        _iso(x, y, height), _iso(x + width, y, height), _iso(x + width, y + depth, height), _iso(x, y + depth, height),
    )  # fmt: skip
    left_wall = [west, near, (near[0], 900), (west[0], 900)]
    right_wall = [near, east, (east[0], 900), (near[0], 900)]
    art.fill(left_wall, wall)
    art.fill(right_wall, mix(wall, NIGHT, 0.45))
    art.fill([far, east, near, west], BONE)
    _iso_windows(art, plan, height, mix(wall, NIGHT, 0.6))
    inset = _iso_patch(x + 0.3, y + 0.3, width - 0.6, depth - 0.6, height)
    bed = _iso_patch(x + 0.35, y + 0.35, width * 0.42, depth * 0.7, height)
    art.fill(inset, SAND)
    art.fill(bed, MOSS)
    art.hatch(bed, LEAF_SHADE, 10, 3, 28)
    crown_x, crown_y = _iso(x + width * 0.7, y + depth * 0.34, height)
    tree(art, crown_x, crown_y, 78, mix(MOSS, OCHRE, 0.3), LEAF_SHADE)


def _iso_patch(x: float, y: float, width: float, depth: float, z: float) -> Shape:
    return [_iso(x, y, z), _iso(x + width, y, z), _iso(x + width, y + depth, z), _iso(x, y + depth, z)]


def _iso_windows(art: Canvas, plan: Block, height: float, glass: Colour) -> None:
    x, y, width, depth = plan
    for floor in (0.55, 1.45, 2.35):
        z = height - floor
        for share in (0.16, 0.44, 0.72):
            along = x + width * share
            art.fill(
                [_iso(along + dx, y + depth, z - dz) for dx, dz in ((0, 0), (0.3, 0), (0.3, 0.5), (0, 0.5))], glass
            )


def bypass(art: Canvas) -> None:
    """The village drew a loop round itself; at one end the fields are taking it back."""
    art.ground(mix(MOSS, OCHRE, 0.25))
    _fields(art)
    loop = curve([(1260, 110), (1000, 150), (820, 110), (560, 150), (400, 330), (430, 560), (640, 680), (860, 640)])
    old_road = curve([(1260, 330), (980, 350), (760, 420), (560, 430), (300, 520), (-40, 500)])
    art.fill(ribbon(old_road, 24, 24), BONE)
    art.fill(ribbon(loop, 92, 84), BONE)
    art.fill(ribbon(loop, 74, 66), INK)
    for i in range(4, 92, 5):
        art.stroke(loop[i : i + 3], OCHRE, 6)
    art.fill(wobbled(880, 640, [104, 90, 120, 84, 110, 96, 118], 0.8), LEAF_SHADE)
    for i in range(15):
        x, y = 705 + i * 22, 672 - i * 5 + art.rng.uniform(-46, 46)
        radius = art.rng.uniform(20, 36)
        art.fill(oval(x + 8, y + 10, radius), INK)
        art.fill(oval(x, y, radius), MOSS if i % 2 else mix(MOSS, OCHRE, 0.35))
    for x, y, turn, roof in (
        (650, 330, 12, RUST), (720, 310, -8, PLUM), (602, 386, 30, RUST), (690, 384, 0, ROSE),
        (770, 360, 20, RUST), (620, 486, -14, PLUM), (706, 486, 10, RUST), (800, 466, -6, ROSE), (560, 340, 50, PLUM),
    ):  # fmt: skip
        with art.posed(x, y, turn=turn):
            _roof_from_above(art, roof)


def _fields(art: Canvas) -> None:
    """A patchwork whose hedges are the gaps, ploughed in different directions."""
    inks = (SAND, OCHRE, MOSS, mix(MOSS, MIST, 0.55), mix(OCHRE, RUST, 0.35), mix(MOSS, TEAL, 0.4))
    art.ground(LEAF_SHADE)
    with art.posed(600, 400, turn=17):
        for i, block in enumerate(_city_blocks(art, (-860, -700, 860, 700), 4)):
            left, top, right, bottom = block
            field = rounded(left + 4, top + 4, right - 4, bottom - 4, 8)
            ink = art.rng.choice(inks)
            art.fill(field, ink)
            if i % 2:
                art.hatch(field, mix(ink, INK, 0.2), 20, 5, (17, 62, 107)[i % 3])


def _roof_from_above(art: Canvas, roof: Colour) -> None:
    art.fill(box(-24, -14, 34, 30), INK)
    art.fill(box(-30, -22, 30, 22), roof)
    art.fill(box(-30, 0, 30, 22), mix(roof, NIGHT, 0.35))


SCENES = (
    Scene("the-rent-map", rent_map, (62, 38)),
    Scene("the-roof-commons", roof_commons, (46, 48)),
    Scene("what-comes-after-the-bypass", bypass, (54, 52)),
)
