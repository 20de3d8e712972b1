"""Hair, beards and what is worn on the head, in the space of a portrait; `_back` goes behind the face."""

from .canvas import Canvas
from .geometry import arc, curve, oval, polar, rounded, smooth
from .palette import BONE, INK, MIST, NIGHT, OCHRE, PLUM, ROSE, RUST, Colour, mix


def bob_back(art: Canvas, ink: Colour) -> None:
    art.fill(
        smooth(
            [(400, 136), (512, 172), (552, 300), (548, 470), (490, 520), (310, 520), (258, 470), (254, 290), (298, 176)]
        ),
        ink,
    )


def bob_fringe(art: Canvas, ink: Colour) -> None:
    art.fill(
        smooth(
            [
                (400, 140),
                (510, 180),
                (540, 320),
                (520, 440),
                (490, 400),
                (486, 290),
                (400, 276),
                (304, 286),
                (296, 400),
                (268, 440),
                (262, 300),
                (300, 176),
            ]
        ),
        ink,
    )
    art.stroke(curve([(318, 210), (360, 180), (420, 172)]), mix(ink, BONE, 0.25), 7)


def parted_fringe(art: Canvas, ink: Colour) -> None:
    art.fill(
        smooth(
            [
                (350, 150),
                (440, 138),
                (520, 190),
                (540, 320),
                (516, 400),
                (496, 310),
                (450, 240),
                (352, 200),
                (312, 270),
                (296, 380),
                (272, 380),
                (272, 250),
                (300, 180),
            ]
        ),
        ink,
    )


def long_back(art: Canvas, ink: Colour) -> None:
    art.fill(
        smooth(
            [
                (400, 134),
                (510, 168),
                (560, 300),
                (566, 470),
                (610, 620),
                (560, 720),
                (240, 720),
                (200, 610),
                (244, 470),
                (244, 290),
                (296, 170),
            ]
        ),
        ink,
    )
    for x, lean in ((262, -24), (540, 26), (560, 30)):
        art.stroke(curve([(x, 400), (x + lean * 0.2, 520), (x + lean, 650)]), mix(ink, BONE, 0.22), 7)


def afro_back(art: Canvas, ink: Colour) -> None:
    for i in range(14):
        x, y = polar(404, 262, 138, i * 360 / 14)
        art.fill(oval(x, y, 66), ink)
    art.fill(oval(404, 262, 150), ink)


def afro_fringe(art: Canvas, ink: Colour) -> None:
    art.fill(
        smooth(
            [
                (290, 300),
                (276, 220),
                (340, 164),
                (460, 164),
                (528, 220),
                (520, 320),
                (494, 262),
                (430, 224),
                (350, 226),
                (312, 262),
            ]
        ),
        ink,
    )
    for x, y in ((330, 150), (390, 124), (470, 150), (300, 220), (436, 180), (360, 190)):
        art.stroke(arc(x, y, 18, 190, 330), mix(ink, OCHRE, 0.35), 6)


def curls_back(art: Canvas, ink: Colour) -> None:
    for x, y, radius in (
        (300, 190, 64), (380, 148, 68), (470, 162, 66), (530, 230, 64), (560, 320, 62), (556, 410, 60), (586, 490, 50),
        (262, 270, 60), (246, 360, 58), (262, 450, 54), (230, 520, 44), (400, 200, 90), (530, 470, 52),
    ):  # fmt: skip
        art.fill(oval(x, y, radius), ink)


def curls_fringe(art: Canvas, ink: Colour) -> None:
    for x, y, radius in (
        (312, 232, 44),
        (370, 204, 48),
        (440, 206, 46),
        (498, 252, 40),
        (516, 320, 30),
        (288, 296, 30),
    ):
        art.fill(oval(x, y, radius), ink)
    for x, y in ((330, 190), (420, 158), (510, 220), (262, 330), (556, 380), (270, 440)):
        art.stroke(arc(x, y, 24, 170, 330), mix(ink, BONE, 0.3), 7)


def crop_fringe(art: Canvas, ink: Colour) -> None:
    art.fill(
        smooth(
            [
                (290, 320),
                (282, 230),
                (330, 160),
                (430, 144),
                (508, 184),
                (528, 270),
                (514, 340),
                (494, 300),
                (484, 244),
                (400, 222),
                (322, 244),
                (304, 290),
            ]
        ),
        ink,
    )


def bearded_crop(art: Canvas, ink: Colour) -> None:
    crop_fringe(art, ink)
    beard(art, ink)


def beard(art: Canvas, ink: Colour) -> None:
    art.fill(
        smooth(
            [
                (300, 360),
                (316, 396),
                (350, 412),
                (396, 404),
                (450, 410),
                (488, 390),
                (508, 350),
                (508, 420),
                (478, 490),
                (400, 530),
                (330, 490),
                (300, 430),
            ]
        ),
        ink,
    )
    art.fill(smooth([(362, 428), (392, 422), (424, 430), (392, 442)]), mix(ink, ROSE, 0.6))


def bun_back(art: Canvas, ink: Colour) -> None:
    art.fill(oval(430, 122, 66, 58), ink)
    art.stroke(arc(426, 124, 40, 180, 300), mix(ink, BONE, 0.3), 7)
    art.stroke(arc(428, 168, 60, 215, 325), RUST, 12)


def swept_fringe(art: Canvas, ink: Colour) -> None:
    art.fill(
        smooth(
            [
                (294, 330),
                (280, 240),
                (320, 172),
                (420, 150),
                (506, 190),
                (526, 280),
                (510, 350),
                (496, 290),
                (440, 232),
                (360, 222),
                (316, 262),
            ]
        ),
        ink,
    )
    art.stroke(curve([(330, 232), (380, 196), (470, 206)]), mix(ink, BONE, 0.25), 6)


def quiff_fringe(art: Canvas, ink: Colour) -> None:
    art.fill(
        smooth(
            [
                (296, 330),
                (284, 250),
                (262, 190),
                (310, 132),
                (400, 118),
                (490, 140),
                (534, 220),
                (522, 340),
                (502, 320),
                (492, 252),
                (420, 236),
                (340, 222),
                (310, 262),
            ]
        ),
        ink,
    )
    art.stroke(curve([(292, 184), (350, 152), (450, 160)]), mix(ink, BONE, 0.25), 7)


def quiff_and_moustache(art: Canvas, ink: Colour) -> None:
    quiff_fringe(art, ink)
    art.fill(smooth([(334, 424), (366, 404), (394, 406), (430, 408), (456, 430), (394, 424)]), ink)


def beanie_and_beard(art: Canvas, ink: Colour) -> None:
    beard(art, ink)
    art.fill(smooth([(286, 270), (284, 190), (340, 120), (450, 116), (520, 180), (524, 270)]), RUST)
    art.fill(rounded(274, 226, 534, 286, 22), mix(RUST, PLUM, 0.45))
    for x in range(300, 530, 26):
        art.stroke([(x, 236), (x, 276)], RUST, 5)


def cap_and_stubble(art: Canvas, ink: Colour) -> None:
    art.fill(smooth([(494, 270), (528, 280), (522, 380), (496, 390)]), ink)
    art.fill(smooth([(296, 250), (290, 280), (306, 300), (316, 262)]), ink)
    art.fill(smooth([(256, 240), (300, 160), (430, 122), (530, 168), (548, 256), (430, 252), (330, 262)]), INK)
    art.fill(smooth([(220, 276), (270, 240), (420, 244), (420, 268), (300, 276)]), NIGHT)
    art.hatch(smooth([(430, 122), (530, 168), (548, 256), (450, 250)]), mix(INK, MIST, 0.4), 14, 3, 30)


def headscarf_back(art: Canvas, ink: Colour) -> None:
    art.fill(
        smooth(
            [
                (400, 128),
                (510, 160),
                (560, 290),
                (560, 460),
                (600, 640),
                (400, 740),
                (210, 640),
                (246, 460),
                (244, 280),
                (294, 162),
            ]
        ),
        ink,
    )


def headscarf_front(art: Canvas, ink: Colour) -> None:
    """A frame round the face, with the end thrown over one shoulder."""
    dark = mix(ink, NIGHT, 0.35)
    art.fill(
        smooth(
            [
                (400, 130),
                (514, 164),
                (556, 300),
                (540, 450),
                (480, 540),
                (500, 420),
                (502, 300),
                (460, 226),
                (396, 210),
                (334, 230),
                (302, 300),
                (304, 400),
                (340, 480),
                (310, 540),
                (256, 440),
                (250, 280),
                (294, 164),
            ]
        ),
        ink,
    )
    art.fill(
        smooth(
            [
                (300, 430),
                (350, 478),
                (400, 496),
                (460, 470),
                (506, 420),
                (530, 520),
                (480, 620),
                (380, 650),
                (280, 590),
                (262, 500),
            ]
        ),
        ink,
    )
    art.stroke(curve([(290, 520), (380, 574), (500, 520)]), dark, 8)
    art.stroke(curve([(300, 580), (390, 620), (490, 580)]), dark, 8)
    art.stroke(curve([(290, 200), (360, 164), (450, 170)]), mix(ink, BONE, 0.35), 8)
    art.fill(smooth([(300, 560), (250, 600), (210, 860), (320, 880), (370, 640)]), dark)
