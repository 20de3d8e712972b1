"""The printing bed: flat inks laid down one after another, each slightly out of register."""

import math
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PIL import Image, ImageChops, ImageDraw

from .geometry import Point
from .palette import BONE, Colour, mix

SCENE_SPACE = (1200, 800)
PORTRAIT_SPACE = (800, 800)

_SUPERSAMPLE = 2
_SLIP = 1.6
_GRAIN_CELL = 7
_GRAIN_DEPTH = 5
_FLECKS = 160

Box = tuple[int, int, int, int]
Matrix = tuple[float, float, float, float, float, float]


class Canvas:
    """Draws in a fixed design space, whatever the size of the picture asked for.

    The space is scaled to cover the picture and centred, so an unusual shape crops and never stretches.
    """

    def __init__(self, seed: str, size: tuple[int, int], space: tuple[int, int] = SCENE_SPACE) -> None:
        self.rng = random.Random(seed)
        self._seed = seed
        self._size = size
        width, height = (side * _SUPERSAMPLE for side in size)
        self._scale = max(width / space[0], height / space[1])
        left = (width - space[0] * self._scale) / 2
        top = (height - space[1] * self._scale) / 2
        self._matrix: Matrix = (self._scale, 0, left, 0, self._scale, top)
        self._slips: dict[Colour, Point] = {}
        self._image = Image.new("RGB", (width, height), BONE)
        self._pen = ImageDraw.Draw(self._image)

    # Placing

    @contextmanager
    def posed(self, x: float, y: float, turn: float = 0, scale: float = 1, flip: bool = False) -> Iterator[None]:
        """Draw a motif around its own origin, then set it down here, turned, scaled or mirrored."""
        outer, outer_scale = self._matrix, self._scale
        cos, sin = (f(math.radians(turn)) * scale for f in (math.cos, math.sin))
        side = -1 if flip else 1
        a, b, c, d, e, f = outer
        self._matrix = (
            (a * cos + b * sin) * side,
            b * cos - a * sin,
            a * x + b * y + c,
            (d * cos + e * sin) * side,
            e * cos - d * sin,
            d * x + e * y + f,
        )
        self._scale = outer_scale * scale
        yield
        self._matrix, self._scale = outer, outer_scale

    @contextmanager
    def within(self, shape: Sequence[Point]) -> Iterator[None]:
        """Keep what is drawn inside a shape, as paper is kept clean by a cut stencil."""
        before = self._image.copy()
        stencil = Image.new("L", self._image.size, 255)
        ImageDraw.Draw(stencil).polygon(self._place(shape), fill=0)
        yield
        self._image.paste(before, mask=stencil)

    def _place(self, points: Sequence[Point], slip: Point = (0, 0)) -> list[Point]:
        a, b, c, d, e, f = self._matrix
        dx, dy = slip
        return [(a * x + b * y + c + dx, d * x + e * y + f + dy) for x, y in points]

    def _slip_of(self, colour: Colour) -> Point:
        """How far this ink's screen sits out of register: the same all over one picture."""
        if colour not in self._slips:
            dice = random.Random(f"{self._seed}/{colour}")
            reach = _SLIP * self._size[0] * _SUPERSAMPLE / SCENE_SPACE[0]
            self._slips[colour] = (dice.uniform(-reach, reach), dice.uniform(-reach, reach))
        return self._slips[colour]

    # Inking

    def ground(self, colour: Colour) -> None:
        self._image.paste(colour, (0, 0, *self._image.size))

    def gradient(self, top_colour: Colour, bottom_colour: Colour, top: float = 0, bottom: float = 800) -> None:
        """A soft sky across the whole width, the one place where tone may slide."""
        (_, start), (_, end) = self._place([(0, top), (0, bottom)])
        height = max(1, round(end - start))
        column = Image.new("RGB", (1, height))
        for row in range(height):
            column.putpixel((0, row), mix(top_colour, bottom_colour, row / height))
        self._image.paste(column.resize((self._image.width, height)), (0, round(start)))

    def fill(self, shape: Sequence[Point], colour: Colour) -> None:
        self._pen.polygon(self._place(shape, self._slip_of(colour)), fill=colour)

    def stroke(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A line of even weight, round at its ends and at every bend."""
        path = self._place(points, self._slip_of(colour))
        thickness = max(1, round(width * self._scale))
        self._pen.line(path, fill=colour, width=thickness)
        radius = (thickness - 1) / 2
        if radius > 1:
            for x, y in path:
                self._pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def outline(self, shape: Sequence[Point], colour: Colour, width: float) -> None:
        self.stroke([*shape, *shape[:2]], colour, width)

    def overprint(self, shape: Sequence[Point], colour: Colour) -> None:
        """Lay a transparent ink, so that what lies beneath darkens through it."""
        stencil, area = self._stencil(shape, self._slip_of(colour))
        beneath = self._image.crop(area)
        layered = ImageChops.multiply(beneath, Image.new("RGB", beneath.size, colour))
        self._image.paste(layered, area, stencil)

    def hatch(
        self, shape: Sequence[Point], colour: Colour, gap: float = 9, width: float = 2.4, angle: float = 45
    ) -> None:
        """Shade a shape with parallel lines."""
        stencil, area = self._stencil(shape, self._slip_of(colour))
        lines = Image.new("L", stencil.size)
        pen = ImageDraw.Draw(lines)
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        reach = math.hypot(*stencil.size) / 2
        middle_x, middle_y = stencil.width / 2, stencil.height / 2
        step = max(2.0, gap * self._scale)
        for i in range(-int(reach / step), int(reach / step) + 1):
            x, y = middle_x - sin * i * step, middle_y + cos * i * step
            ends = (x - cos * reach, y - sin * reach, x + cos * reach, y + sin * reach)
            pen.line(ends, fill=255, width=max(1, round(width * self._scale)))
        self._image.paste(colour, area, ImageChops.multiply(stencil, lines))

    def halftone(self, shape: Sequence[Point], colour: Colour, clear: Point, full: Point, gap: float = 11) -> None:
        """Shade a shape with dots that swell from the clear point to the full one."""
        stencil, area = self._stencil(shape, self._slip_of(colour))
        dots = Image.new("L", stencil.size)
        pen = ImageDraw.Draw(dots)
        (x0, y0), (x1, y1) = self._place([clear, full])
        dx, dy = x1 - x0, y1 - y0
        step = max(3.0, gap * self._scale)
        row_height = step / 2
        for row in range(int(stencil.height / row_height) + 2):
            y = row * row_height
            for column in range(int(stencil.width / step) + 2):
                x = (column + row % 2 / 2) * step
                share = ((x + area[0] - x0) * dx + (y + area[1] - y0) * dy) / (dx * dx + dy * dy)
                radius = step * 0.46 * math.sqrt(min(1.0, max(0.0, share)))
                if radius > step * 0.08:
                    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        self._image.paste(colour, area, ImageChops.multiply(stencil, dots))

    def _stencil(self, shape: Sequence[Point], slip: Point) -> tuple[Image.Image, Box]:
        """A mask of the shape, no larger than the part of the picture it touches."""
        points = self._place(shape, slip)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
        right = max(left + 1, min(self._image.width, math.ceil(max(xs)) + 1))
        bottom = max(top + 1, min(self._image.height, math.ceil(max(ys)) + 1))
        stencil = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(stencil).polygon([(x - left, y - top) for x, y in points], fill=255)
        return stencil, (left, top, right, bottom)

    # Finishing

    def finish(self) -> Image.Image:
        """The printed sheet: smoothed edges, a few dry flecks, and paper showing through the ink."""
        self._fleck()
        sheet = self._image.resize(self._size, Image.Resampling.LANCZOS)
        return ImageChops.multiply(sheet, self._paper())

    def _fleck(self) -> None:
        """Pinholes where the ink did not take."""
        holes = Image.new("L", self._image.size)
        pen = ImageDraw.Draw(holes)
        unit = self._image.width / SCENE_SPACE[0]
        for _ in range(_FLECKS):
            x, y = self.rng.uniform(0, holes.width), self.rng.uniform(0, holes.height)
            radius = self.rng.uniform(0.4, 1.3) * unit
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=self.rng.randint(50, 130))
        self._image.paste(BONE, mask=holes)

    def _paper(self) -> Image.Image:
        """Broad, faint mottling: fine grain would cost more bytes than the drawing itself."""
        columns, rows = (max(2, side // _GRAIN_CELL) for side in self._size)
        noise = Image.frombytes("L", (columns, rows), self.rng.randbytes(columns * rows))
        faint = noise.point([255 - value * _GRAIN_DEPTH // 255 for value in range(256)])
        return faint.resize(self._size, Image.Resampling.BICUBIC).convert("RGB")
