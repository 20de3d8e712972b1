import io
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from articles import pictures
from articles.pictures import BadPicture, Intake, alt_is_a_file_name, take_in
from tests.articles import pictures_folder
from tests.articles.pictures_folder import FIELDS, SECRET, SIZE, encoded, scene

HOSTILE = pictures_folder.hostile_pictures()
DISGUISED = pictures_folder.disguised_pictures()
GOOD = pictures_folder.good_pictures()
SMALL = {name: encoded(scene((24, 16)), name) for name in ("JPEG", "PNG", "WEBP", "GIF", "AVIF")}
SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif"}
ROOT = Path(__file__).resolve().parents[2]


def named(pictures: dict[str, bytes]) -> list:
    return [pytest.param(name, id=ascii(name)[:40]) for name in pictures]


def opened(intake: Intake) -> Image.Image:
    image = Image.open(io.BytesIO(intake.content))
    image.load()
    return image


def field_colours(image: Image.Image) -> list[tuple[int, ...]]:
    """The colour in the middle of each quarter, in the order of FIELDS."""
    left, right, top, bottom = image.width // 4, image.width * 3 // 4, image.height // 4, image.height * 3 // 4
    places = [(left, top), (right, top), (left, bottom), (right, bottom)]
    return [image.convert("RGBA").getpixel(place) for place in places]


def expected_colours(name: str) -> list[tuple[int, ...]]:
    colours = [(*colour, 255) for colour in FIELDS]
    if name.startswith("grey"):
        return field_colours(scene().convert("L"))
    return colours[:3] if name.startswith("clear") else colours


def assert_sound(intake: Intake) -> None:
    """What is stored is what is said of it, and holds pixels only."""
    image = opened(intake)
    assert (image.format, image.size) == (intake.format, (intake.width, intake.height))
    assert intake.name == intake.sha256[:20] + SUFFIXES[intake.format]
    assert image.mode in ("L", "RGB", "RGBA")
    assert not dict(image.getexif())
    told = {"exif", "xmp", "icc_profile", "comment", "photoshop", "dpi", "XML:com.adobe.xmp", "Comment"}
    assert not told & {key for key, value in image.info.items() if value}
    assert not [
        word for word in (SECRET, b"Exif", b"xmpmeta", b"GPS", b"PK\x03\x04", b"tEXt") if word in intake.content
    ]


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", named(HOSTILE))
def test_a_hostile_file_is_refused_and_in_time(name: str) -> None:
    start = time.monotonic()
    with pytest.raises(BadPicture) as refusal:
        take_in(io.BytesIO(HOSTILE[name]))
    assert time.monotonic() - start < 5
    with translation.override("en"):
        assert str(refusal.value).endswith(".")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
def test_no_hostile_file_takes_much_memory(tmp_path: Path) -> None:
    for number, content in enumerate(HOSTILE.values()):
        (tmp_path / str(number)).write_bytes(content)
    program = (
        "import pathlib, re, sys\n"
        "from articles.pictures import BadPicture, take_in\n"
        "for path in pathlib.Path(sys.argv[1]).iterdir():\n"
        "    try: take_in(path.open('rb'))\n"
        "    except BadPicture: pass\n"
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', pathlib.Path('/proc/self/status').read_text())[1])"
    )
    command = [sys.executable, "-W", "ignore", "-c", program, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 300_000


@pytest.mark.parametrize("name", named(DISGUISED))
def test_good_pixels_in_disguise_are_taken_in_and_the_disguise_is_left_outside(name: str) -> None:
    intake = take_in(SimpleUploadedFile("upload", DISGUISED[name]))
    assert_sound(intake)
    assert (intake.width, intake.height) == SIZE


@pytest.mark.parametrize("name", named(GOOD))
def test_a_good_picture_is_taken_in_upright_and_in_its_colours(name: str) -> None:
    intake = take_in(io.BytesIO(GOOD[name]))
    assert_sound(intake)
    assert (intake.width, intake.height) == ((2, 2) if name == "tiny.png" else SIZE)
    for seen, meant in zip(field_colours(opened(intake)), expected_colours(name), strict=False):
        assert seen == pytest.approx(meant, abs=16), name


@pytest.mark.parametrize("name", [name for name in GOOD if name.startswith("clear")])
def test_what_is_transparent_stays_transparent(name: str) -> None:
    assert [alpha for *_rgb, alpha in field_colours(opened(take_in(io.BytesIO(GOOD[name]))))] == [255, 255, 255, 0]


def test_an_alpha_channel_that_hides_nothing_is_dropped() -> None:
    assert opened(take_in(io.BytesIO(GOOD["opaque.png"]))).mode == "RGB"
    assert opened(take_in(io.BytesIO(GOOD["grey-with-opaque-alpha.png"]))).mode == "RGB"


def test_a_one_bit_scan_stays_black_and_white() -> None:
    scan = scene().convert("1", dither=Image.Dither.NONE)
    image = opened(take_in(io.BytesIO(encoded(scan, "PNG"))))
    assert {grey for _count, grey in image.convert("L").getcolors()} == {0, 255}
    assert image.tobytes() == scan.convert("L").tobytes()


def test_a_single_pixel_is_a_picture() -> None:
    intake = take_in(io.BytesIO(encoded(Image.new("RGB", (1, 1), (10, 20, 30)), "PNG")))
    assert (intake.width, intake.height, intake.colour) == (1, 1, "#0a141e")


@pytest.mark.parametrize(
    ("name", "stored_as"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("GIF", "PNG"), ("WEBP", "WEBP"), ("AVIF", "AVIF")]
)
def test_each_format_is_stored_as_itself_but_gif_as_png(name: str, stored_as: str) -> None:
    assert take_in(io.BytesIO(SMALL[name])).format == stored_as


def test_the_same_picture_gets_the_same_name_whatever_it_was_called() -> None:
    first = take_in(SimpleUploadedFile("../../a.php", SMALL["JPEG"], content_type="text/html"))
    assert take_in(io.BytesIO(SMALL["JPEG"])) == first


def test_an_upload_that_django_keeps_on_disk_is_taken_in() -> None:
    with TemporaryUploadedFile("large.jpg", "image/jpeg", len(SMALL["JPEG"]), None) as upload:
        upload.write(SMALL["JPEG"])
        assert take_in(upload).width == 24


def test_a_file_that_is_too_heavy_is_refused_without_reading_it() -> None:
    class Unread(io.BytesIO):
        read = None

    with pytest.raises(BadPicture):
        take_in(Unread(bytes(pictures.MAX_BYTES + 1)))


def test_an_empty_file_and_a_large_picture_are_refused_in_words_that_help() -> None:
    def refusal(name: str) -> str:
        with pytest.raises(BadPicture) as caught, translation.override("en"):
            take_in(io.BytesIO(HOSTILE[name]))
        return str(caught.value)

    assert "empty" in refusal("zero.jpg")
    assert "9900 × 10000 pixels" in refusal("99-megapixels.png")
    assert "too many pixels" in refusal("900-megapixels.png")
    assert "25 MB" in refusal("heavy.jpg")
    assert "JPEG, PNG, WebP, GIF or AVIF" in refusal("script.svg")
    assert "damaged" in refusal("cut-at-50.jpeg")


def test_a_picture_refused_for_its_size_is_never_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda image: pytest.fail(f"{image} was decoded"))
    with pytest.raises(BadPicture):
        take_in(io.BytesIO(HOSTILE["99-megapixels.png"]))


@pytest.mark.parametrize(("name", "longest"), [("JPEG", 4096), ("PNG", 4096), ("GIF", 4096), ("AVIF", 3072)])
def test_a_long_side_is_scaled_down(name: str, longest: int) -> None:
    options = {"speed": 10} if name == "AVIF" else {}
    intake = take_in(io.BytesIO(encoded(scene((6000, 300)), name, **options)))
    assert (intake.width, intake.height) == (longest, round(300 * longest / 6000))
    for seen, meant in zip(field_colours(opened(intake)), FIELDS, strict=True):
        assert seen[:3] == pytest.approx(meant, abs=8)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_scaling_in_strips_gives_what_scaling_at_once_gives(mode: str) -> None:
    noise = Image.merge("RGB", [Image.effect_noise((300, 2000), spread) for spread in (10, 15, 20)]).convert(mode)
    at_once = noise.resize((240, 1600), Image.Resampling.LANCZOS)
    difference = ImageChops.difference(pictures._shrunk(noise, mode, 1600), at_once)
    assert max(high for _low, high in (band.getextrema() for band in difference.split())) <= 2


def test_a_picture_is_never_scaled_up() -> None:
    assert take_in(io.BytesIO(SMALL["JPEG"])).width == 24


def test_the_dominant_colour_is_the_commonest_and_ignores_what_is_transparent() -> None:
    image = Image.new("RGB", (90, 90), (200, 40, 40))
    image.paste((10, 10, 250), (0, 0, 30, 90))
    assert take_in(io.BytesIO(encoded(image, "PNG"))).colour == "#c82828"
    assert take_in(io.BytesIO(encoded(Image.new("RGBA", (9, 9)), "PNG"))).colour == "#ffffff"


def test_pillows_exif_reader_is_not_given_a_pile_of_segments() -> None:
    jpeg = SMALL["JPEG"]
    piled = jpeg[:2] + (b"\xff\xe1\xff\xffExif\0\0" + bytes(65_527)) * 300 + jpeg[2:]
    tracemalloc.start()
    take_in(io.BytesIO(piled))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.5 * len(piled)


@given(
    name=st.sampled_from(sorted(SMALL)),
    cut=st.floats(0.05, 1),
    flips=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(1, 255)), max_size=8),
)
def test_flipped_bytes_and_cut_ends_are_refused_or_taken_in_soundly(
    name: str, cut: float, flips: list[tuple[float, int]]
) -> None:
    content = bytearray(SMALL[name][: max(1, int(len(SMALL[name]) * cut))])
    for place, change in flips:
        content[int(place * len(content))] ^= change
    try:
        intake = take_in(io.BytesIO(bytes(content)))
    except BadPicture:
        return
    assert (intake.format, intake.width > 0, intake.height > 0) == (opened(intake).format, True, True)


@given(content=st.binary(max_size=200), head=st.sampled_from([whole[:16] for whole in SMALL.values()]))
def test_any_bytes_behind_a_good_beginning_are_refused(content: bytes, head: bytes) -> None:
    with pytest.raises(BadPicture):
        take_in(io.BytesIO(head + content))


@pytest.mark.parametrize(
    "alt",
    [
        *("IMG_2034.jpg", "dsc0001", "DSC_0001", "photo.png", "image (3)", "image", "IMG-20240102-WA0001", "P1010001"),
        *("PXL_20240101_123456789.jpg", "20240101_123456", "Screenshot 2026-01-02 at 10.11.12", "untitled", "scan 12"),
        *("_MG_1234 copy", "550e8400-e29b-41d4-a716-446655440000", "the harbour final v2.JPEG", " unnamed (1) "),
    ],
)
def test_an_alt_text_that_is_a_file_name_is_noticed(alt: str) -> None:
    assert alt_is_a_file_name(alt)


@pytest.mark.parametrize(
    "alt",
    [
        *("", "Two women repair a net in the harbour of Gdynia.", "1984", "Apollo 11 lifts off", "Image of grief"),
        *(
            "A photo from 2019 shows the bridge",
            "Scan of a ration card",
            "P. G. Wodehouse in 1930",
            "工場の煙突",
            "Café",
        ),
        "The JPEG committee meets",
    ],
)
def test_an_alt_text_that_describes_is_left_alone(alt: str) -> None:
    assert not alt_is_a_file_name(alt)
