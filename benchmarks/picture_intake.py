"""How long taking in a picture takes, and how much memory, beside Pillow alone opening and saving the same file.

    python benchmarks/picture_intake.py [--kinds JPEG PNG] [--megapixels 6 24]

It prints a table in Markdown. Every measurement is a process of its own, whose peak is Linux's VmHWM: the whole
process, Python and imports included ("before" is that much, without any picture). Pillow alone does neither scale,
turn, move to sRGB nor check anything.
"""

import argparse
import io
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image, ImageChops, ImageCms

from articles.pictures import FORMATS, SAVE_OPTIONS, BadPicture, take_in

SIZES = {1: (1224, 816), 6: (3000, 2000), 12: (4240, 2832), 16: (4899, 3265), 24: (6000, 4000), 50: (8660, 5773)}
FILES = {
    "JPEG": ("JPEG", {"quality": 90}),
    "progressive JPEG": ("JPEG", {"quality": 90, "progressive": True}),
    "PNG": ("PNG", {"compress_level": 3}),
    "GIF": ("GIF", {}),
    "WebP": ("WEBP", {"quality": 80, "method": 1}),
    "AVIF": ("AVIF", {"quality": 60, "speed": 9}),
}


class Measured(NamedTuple):
    seconds: float
    peak: int  # MB
    outcome: str


def photograph(size: tuple[int, int]) -> Image.Image:
    """Soft shapes with grain over them: as hard to encode as a photograph, made in seconds."""
    shapes = [Image.effect_noise((size[0] // 24, size[1] // 24), 80).resize(size, Image.Resampling.BICUBIC)] * 2
    shapes.append(Image.radial_gradient("L").resize(size))
    grain = Image.effect_noise(size, 8)
    return Image.merge("RGB", [ImageChops.add(shape, grain, 2) for shape in shapes])


def written(kind: str, megapixels: int, folder: Path) -> Path:
    format_name, options = FILES[kind]
    path = folder / f"{megapixels}-{kind}"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with path.open("wb") as file:
        photograph(SIZES[megapixels]).save(file, format_name, icc_profile=profile, **options)
    return path


def by_take_in(path: Path) -> str:
    with path.open("rb") as file:
        intake = take_in(file)
    return f"{intake.width} × {intake.height}, {len(intake.content) / 1e6:.1f} MB"


def by_pillow(path: Path) -> str:
    with Image.open(path, formats=tuple(FORMATS)) as image:
        stored_as = FORMATS[str(image.format)].stored_as
        target = io.BytesIO()
        image.save(target, stored_as, **SAVE_OPTIONS[stored_as])
    return f"{image.width} × {image.height}, {len(target.getvalue()) / 1e6:.1f} MB"


def by_nobody(path: Path) -> str:
    return path.name


WAYS: dict[str, Callable[[Path], str]] = {"take_in": by_take_in, "Pillow": by_pillow, "before": by_nobody}


def measure_here(way: str, path: Path) -> None:
    start = time.perf_counter()
    try:
        outcome = WAYS[way](path)
    except BadPicture:
        outcome = "refused"
    seconds = time.perf_counter() - start
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(f"{seconds}\t{int(peak[1]) // 1024 if peak else 0}\t{outcome}")


def measured(way: str, path: Path) -> Measured:
    command = [sys.executable, __file__, "--way", way, "--file", str(path)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seconds, peak, outcome = output.rstrip("\n").split("\t")
    return Measured(float(seconds), int(peak), outcome)


def row(kind: str, megapixels: int, folder: Path) -> str:
    path = written(kind, megapixels, folder)
    ours, bare = measured("take_in", path), measured("Pillow", path)
    upload = f"{path.stat().st_size / 1e6:.1f}"
    path.unlink()
    cells = [kind, megapixels, upload, f"{ours.seconds:.2f}", ours.peak, ours.outcome]
    cells += [f"{bare.seconds:.2f}", bare.peak, bare.outcome]
    return "| " + " | ".join(map(str, cells)) + " |"


def table(kinds: list[str], sizes: list[int]) -> None:
    print("| upload | megapixels | MB | take_in, s | peak MB | stored | Pillow, s | peak MB | stored |")
    print("|---|--:|--:|--:|--:|---|--:|--:|---|")
    with tempfile.TemporaryDirectory() as name:
        for kind in kinds:
            for megapixels in sizes:
                print(row(kind, megapixels, Path(name)), flush=True)
        print(f"\nBefore any picture: {measured('before', Path(name)).peak} MB.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", choices=FILES, default=list(FILES))
    parser.add_argument("--megapixels", nargs="+", type=int, choices=SIZES, default=list(SIZES))
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        measure_here(options.way, options.file)
    else:
        table(options.kinds, options.megapixels)


if __name__ == "__main__":
    main()
