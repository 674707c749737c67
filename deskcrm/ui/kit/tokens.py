"""Design tokens: the colours, spacing, radii and type sizes everything is painted with."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """How the program is coloured."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Density(StrEnum):
    """How much air there is between things."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class Tone(StrEnum):
    """What a colour says; always used beside a word or an icon."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    OK = "ok"
    WARNING = "warning"
    DANGER = "danger"
    INFO = "info"
    VIP = "vip"


@dataclass(frozen=True, slots=True)
class Colors:
    """One colour theme: every value is #RRGGBB."""

    bg: str  # the window and the rail
    surface: str  # lists, records, fields
    raised: str  # menus, toasts, palette
    sunken: str  # wells: code, quoted text, chips without a tone
    hover: str
    pressed: str
    selected: str
    border: str  # hairlines between panes; decoration only
    outline: str  # the edge of a field or a button: 3:1
    disabled: str  # an icon that does nothing now
    thumb: str  # what a scroll bar is pulled by
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    ok: str
    ok_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    on_danger: str
    info: str
    info_soft: str
    vip: str
    vip_soft: str
    shadow: str
    avatars: tuple[tuple[str, str], ...]  # (background, letters)

    def tone(self, tone: Tone) -> tuple[str, str]:
        """The (text, soft background) pair of a tone."""
        pairs = {
            Tone.NEUTRAL: (self.muted, self.sunken),
            Tone.ACCENT: (self.accent, self.accent_soft),
            Tone.OK: (self.ok, self.ok_soft),
            Tone.WARNING: (self.warning, self.warning_soft),
            Tone.DANGER: (self.danger, self.danger_soft),
            Tone.INFO: (self.info, self.info_soft),
            Tone.VIP: (self.vip, self.vip_soft),
        }
        return pairs[tone]


LIGHT = Colors(
    bg="#F6F6F8",
    surface="#FFFFFF",
    raised="#FFFFFF",
    sunken="#EFEFF2",
    hover="#F3F3F6",
    pressed="#E6E7EC",
    selected="#E8EBFA",
    border="#E4E5EA",
    outline="#8A8F9B",
    disabled="#8A8F9B",
    thumb="#C3C7D1",
    text="#1A1C21",
    muted="#565C67",
    faint="#626873",
    accent="#4350C4",
    accent_hover="#3843AB",
    accent_soft="#E8EBFA",
    on_accent="#FFFFFF",
    ok="#17693A",
    ok_soft="#E3F3E9",
    warning="#845200",
    warning_soft="#FBF0D9",
    danger="#AE241C",
    danger_soft="#FBE8E6",
    on_danger="#FFFFFF",
    info="#1B5AA6",
    info_soft="#E4EEFA",
    vip="#7338A8",
    vip_soft="#F1E8FA",
    shadow="#1A1C21",
    avatars=(
        ("#DDE3FB", "#2F3AA0"),
        ("#D6EEE0", "#13572F"),
        ("#FAE7C8", "#6E4400"),
        ("#FADFDC", "#8E1D16"),
        ("#D9E9FA", "#164A88"),
        ("#EBDDF7", "#5D2C89"),
        ("#D3EDED", "#0F5252"),
        ("#F6DDEA", "#852058"),
    ),
)

DARK = Colors(
    bg="#121317",
    surface="#191A1F",
    raised="#22242A",
    sunken="#2D3039",
    hover="#20222A",
    pressed="#2B2E37",
    selected="#272C4A",
    border="#2A2C34",
    outline="#737985",
    disabled="#737985",
    thumb="#454955",
    text="#ECEDF1",
    muted="#AEB3BE",
    faint="#9BA1AD",
    accent="#98A3FF",
    accent_hover="#B0B8FF",
    accent_soft="#272C4A",
    on_accent="#11132B",
    ok="#6CCB90",
    ok_soft="#17301F",
    warning="#E8B45A",
    warning_soft="#33270F",
    danger="#FF948A",
    danger_soft="#3D1D1B",
    on_danger="#2B0906",
    info="#7FB7F5",
    info_soft="#15293F",
    vip="#CBA2F0",
    vip_soft="#2F2140",
    shadow="#000000",
    avatars=(
        ("#2B3160", "#C3CAFF"),
        ("#1B3C29", "#9ADDB3"),
        ("#43330F", "#F0CB87"),
        ("#4C2321", "#FFB9B2"),
        ("#1B3552", "#A8D0FA"),
        ("#3B2951", "#DDBFF7"),
        ("#173D3D", "#94DADA"),
        ("#4A2238", "#F7B6D7"),
    ),
)

CONTRAST = Colors(
    bg="#000000",
    surface="#000000",
    raised="#000000",
    sunken="#1A1A1A",
    hover="#262626",
    pressed="#333333",
    selected="#0B3A75",
    border="#8C8C8C",
    outline="#FFFFFF",
    disabled="#8C8C8C",
    thumb="#FFFFFF",
    text="#FFFFFF",
    muted="#E8E8E8",
    faint="#DADADA",
    accent="#FFD60A",
    accent_hover="#FFE45C",
    accent_soft="#332B00",
    on_accent="#000000",
    ok="#5CFF9D",
    ok_soft="#00260F",
    warning="#FFC14D",
    warning_soft="#2E1F00",
    danger="#FFA099",
    danger_soft="#330A07",
    on_danger="#000000",
    info="#8CCBFF",
    info_soft="#001F38",
    vip="#E3BFFF",
    vip_soft="#26083D",
    shadow="#000000",
    avatars=(
        ("#1C2366", "#FFFFFF"),
        ("#003D1B", "#FFFFFF"),
        ("#4A3300", "#FFFFFF"),
        ("#5C1510", "#FFFFFF"),
        ("#003566", "#FFFFFF"),
        ("#3F1763", "#FFFFFF"),
        ("#004040", "#FFFFFF"),
        ("#570D38", "#FFFFFF"),
    ),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths in logical pixels."""

    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741 - reads as a T-shirt size
    xl: int = 24
    xxl: int = 32
    radius: int = 6
    radius_large: int = 10
    control: int = 32  # height of a button or a field
    row: int = 52  # a list row with two lines
    row_single: int = 40  # a list row with one line
    icon: int = 16
    avatar: int = 28
    small: int = 12  # font sizes from here
    base: int = 13
    title: int = 16
    display: int = 22


COMFORTABLE = Sizes()
COMPACT = Sizes(
    s=6,
    m=8,
    l=12,
    xl=16,
    xxl=24,
    control=26,
    row=42,
    row_single=28,
    avatar=22,
    title=15,
    display=19,
)
