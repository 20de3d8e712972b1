"""The house inks: every picture is mixed from these few, which is what makes them one set."""

Colour = tuple[int, int, int]

NIGHT: Colour = (13, 24, 46)
INK: Colour = (25, 42, 73)
PLUM: Colour = (90, 42, 78)
RUST: Colour = (196, 74, 42)
OCHRE: Colour = (229, 165, 58)
SAND: Colour = (236, 208, 160)
BONE: Colour = (244, 235, 217)
ROSE: Colour = (232, 164, 148)
MOSS: Colour = (106, 125, 62)
TEAL: Colour = (32, 122, 126)
MIST: Colour = (170, 208, 200)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Tint one ink with another, so that extra tones stay within the house range."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue
