"""The writers, as busts of a few flat planes: lit from the left, without features to get wrong."""

from collections.abc import Callable
from typing import NamedTuple

from . import hair, wardrobe
from .canvas import Canvas
from .geometry import arc, arch, below, box, oval, sector, smooth, wave
from .palette import BONE, INK, MIST, MOSS, NIGHT, OCHRE, PLUM, ROSE, RUST, SAND, TEAL, Colour, mix

Painter = Callable[[Canvas, Colour], None]

PALE = mix(ROSE, BONE, 0.62)
WARM = mix(SAND, RUST, 0.22)
TAWNY = mix(OCHRE, RUST, 0.5)
BROWN = mix(RUST, PLUM, 0.5)
DEEP = mix(mix(RUST, PLUM, 0.55), NIGHT, 0.3)

HEAD = smooth(
    [
        (398, 178),
        (476, 206),
        (508, 290),
        (500, 380),
        (462, 452),
        (400, 488),
        (338, 452),
        (304, 380),
        (298, 286),
        (324, 206),
    ]
)
SHADOW_EDGE = [
    (404, 160), (396, 250), (386, 296), (390, 318), (360, 388), (368, 400), (394, 402),
    (388, 420), (380, 430), (390, 440), (386, 452), (398, 500), (560, 520), (560, 160),
]  # fmt: skip


class Sitter(NamedTuple):
    """One writer's likeness: painters, and the inks they are given."""

    skin: Colour
    ground: Colour
    backdrop: Painter
    backdrop_ink: Colour
    back_hair: Painter | None
    front_hair: Painter
    hair_ink: Colour
    clothes: Painter
    cloth: Colour
    glasses: Colour | None = None
    flip: bool = False


def paint_portrait(art: Canvas, sitter: Sitter) -> None:
    art.ground(sitter.ground)
    sitter.backdrop(art, sitter.backdrop_ink)
    with art.posed(812 if sitter.flip else -12, -30, scale=1.04, flip=sitter.flip):
        if sitter.back_hair:
            sitter.back_hair(art, sitter.hair_ink)
        _paint_neck(art, sitter.skin)
        sitter.clothes(art, sitter.cloth)
        _paint_face(art, sitter.skin)
        sitter.front_hair(art, sitter.hair_ink)
        if sitter.glasses:
            _paint_glasses(art, sitter.glasses)


def _shade(skin: Colour) -> Colour:
    return mix(skin, mix(PLUM, NIGHT, 0.4), 0.42)


def _paint_neck(art: Canvas, skin: Colour) -> None:
    art.fill([(342, 400), (466, 400), (474, 600), (400, 690), (326, 600)], skin)
    art.fill([(342, 432), (400, 490), (466, 440), (474, 600), (400, 690), (396, 560), (344, 496)], _shade(skin))


def _paint_face(art: Canvas, skin: Colour) -> None:
    """The edge of the shadow draws brow, nose, lips and chin in a single line."""
    art.fill(oval(506, 344, 24, 38), _shade(skin))
    art.fill(HEAD, skin)
    with art.within(HEAD):
        art.fill(SHADOW_EDGE, _shade(skin))
        art.fill(oval(318, 396, 34, 26), mix(skin, RUST, 0.16))


def _paint_glasses(art: Canvas, ink: Colour) -> None:
    for x in (342, 448):
        art.outline(oval(x, 324, 42, 38), ink, 9)
    art.stroke(arc(394, 322, 14, 190, 350), ink, 8)
    art.stroke([(490, 318), (512, 312)], ink, 8)
    art.stroke(arc(342, 324, 28, 200, 260), BONE, 5)


def _disc(art: Canvas, ink: Colour) -> None:
    art.fill(oval(520, 300, 250), ink)


def _low_sun(art: Canvas, ink: Colour) -> None:
    art.fill(sector(300, 560, 330, 180, 360), ink)
    art.fill(box(-20, 560, 820, 576), ink)


def _niche(art: Canvas, ink: Colour) -> None:
    art.fill(arch(130, 70, 690, 840), ink)
    art.halftone(arch(130, 70, 690, 840), mix(ink, INK, 0.2), (300, 300), (760, 40), 15)


def _waves(art: Canvas, ink: Colour) -> None:
    for i in range(5):
        art.fill(below(wave(330 + i * 96, 20, 240, i * 0.3)), mix(ink, INK, i * 0.13))


def _blocks(art: Canvas, ink: Colour) -> None:
    for left, top, width, share in (
        (20, 220, 130, 0.0),
        (150, 90, 110, 0.2),
        (560, 130, 120, 0.1),
        (680, 260, 140, 0.3),
    ):
        art.fill(box(left, top, left + width, 840), mix(ink, INK, share))
        for y in range(top + 36, 600, 74):
            for x in (left + 24, left + width - 48):
                art.fill(box(x, y, x + 24, y + 36), OCHRE)


def _slant(art: Canvas, ink: Colour) -> None:
    art.fill([(-20, 620), (820, 130), (820, 840), (-20, 840)], ink)
    art.hatch([(-20, 620), (820, 130), (820, 210), (-20, 700)], mix(ink, BONE, 0.3), 18, 4, 60)


def _rings(art: Canvas, ink: Colour) -> None:
    for i, radius in enumerate((360, 290, 220)):
        art.fill(oval(300, 330, radius), mix(ink, BONE, i * 0.22))


def _bars(art: Canvas, ink: Colour) -> None:
    for i, height in enumerate((180, 290, 240, 420, 360, 520, 640)):
        art.fill(box(24 + i * 112, 820 - height, 104 + i * 112, 840), ink)


PORTRAITS: dict[str, Sitter] = {
    "marit-hale": Sitter(
        skin=PALE,
        ground=RUST,
        backdrop=_niche,
        backdrop_ink=mix(ROSE, BONE, 0.35),
        back_hair=hair.bob_back,
        front_hair=hair.parted_fringe,
        hair_ink=mix(MIST, BONE, 0.55),
        clothes=wardrobe.jacket,
        cloth=INK,
        glasses=INK,
    ),
    "jonas-okafor": Sitter(
        skin=DEEP,
        ground=TEAL,
        backdrop=_disc,
        backdrop_ink=mix(TEAL, MIST, 0.6),
        back_hair=None,
        front_hair=hair.bearded_crop,
        hair_ink=NIGHT,
        clothes=wardrobe.roll_neck,
        cloth=OCHRE,
    ),
    "ines-calloway": Sitter(
        skin=WARM,
        ground=mix(MIST, BONE, 0.35),
        backdrop=_waves,
        backdrop_ink=mix(MIST, TEAL, 0.35),
        back_hair=hair.curls_back,
        front_hair=hair.curls_fringe,
        hair_ink=mix(RUST, PLUM, 0.2),
        clothes=wardrobe.sailor_stripes,
        cloth=INK,
        flip=True,
    ),
    "tomasz-brandt": Sitter(
        skin=PALE,
        ground=mix(PLUM, RUST, 0.35),
        backdrop=_slant,
        backdrop_ink=PLUM,
        back_hair=None,
        front_hair=hair.cap_and_stubble,
        hair_ink=mix(OCHRE, PLUM, 0.5),
        clothes=wardrobe.jacket,
        cloth=mix(MOSS, INK, 0.2),
    ),
    "yuki-sandoval": Sitter(
        skin=WARM,
        ground=OCHRE,
        backdrop=_rings,
        backdrop_ink=mix(OCHRE, RUST, 0.3),
        back_hair=hair.bob_back,
        front_hair=hair.bob_fringe,
        hair_ink=NIGHT,
        clothes=wardrobe.crew_neck,
        cloth=TEAL,
        glasses=RUST,
        flip=True,
    ),
    "leila-farrow": Sitter(
        skin=TAWNY,
        ground=ROSE,
        backdrop=_blocks,
        backdrop_ink=PLUM,
        back_hair=hair.long_back,
        front_hair=hair.parted_fringe,
        hair_ink=mix(PLUM, NIGHT, 0.6),
        clothes=wardrobe.crew_neck,
        cloth=BONE,
    ),
    "arjun-whitlock": Sitter(
        skin=BROWN,
        ground=mix(MOSS, BONE, 0.3),
        backdrop=_low_sun,
        backdrop_ink=OCHRE,
        back_hair=None,
        front_hair=hair.quiff_and_moustache,
        hair_ink=NIGHT,
        clothes=wardrobe.roll_neck,
        cloth=PLUM,
        glasses=BONE,
        flip=True,
    ),
    "noor-aldana": Sitter(
        skin=TAWNY,
        ground=mix(ROSE, BONE, 0.4),
        backdrop=_disc,
        backdrop_ink=RUST,
        back_hair=hair.headscarf_back,
        front_hair=hair.headscarf_front,
        hair_ink=TEAL,
        clothes=wardrobe.crew_neck,
        cloth=INK,
    ),
    "peter-lindqvist": Sitter(
        skin=PALE,
        ground=INK,
        backdrop=_disc,
        backdrop_ink=mix(INK, TEAL, 0.6),
        back_hair=None,
        front_hair=hair.beanie_and_beard,
        hair_ink=mix(OCHRE, SAND, 0.3),
        clothes=wardrobe.crew_neck,
        cloth=MIST,
        flip=True,
    ),
    "hana-morrow": Sitter(
        skin=WARM,
        ground=mix(MOSS, INK, 0.2),
        backdrop=_niche,
        backdrop_ink=mix(MOSS, BONE, 0.55),
        back_hair=hair.bun_back,
        front_hair=hair.swept_fringe,
        hair_ink=mix(PLUM, NIGHT, 0.5),
        clothes=wardrobe.apron,
        cloth=RUST,
    ),
    "caspian-adeyemi": Sitter(
        skin=DEEP,
        ground=mix(OCHRE, BONE, 0.45),
        backdrop=_bars,
        backdrop_ink=mix(RUST, ROSE, 0.3),
        back_hair=hair.afro_back,
        front_hair=hair.afro_fringe,
        hair_ink=NIGHT,
        clothes=wardrobe.jacket,
        cloth=TEAL,
        glasses=OCHRE,
    ),
    "wren-tolliver": Sitter(
        skin=PALE,
        ground=mix(OCHRE, SAND, 0.3),
        backdrop=_waves,
        backdrop_ink=MOSS,
        back_hair=None,
        front_hair=hair.quiff_fringe,
        hair_ink=RUST,
        clothes=wardrobe.wound_scarf,
        cloth=PLUM,
        flip=True,
    ),
}
