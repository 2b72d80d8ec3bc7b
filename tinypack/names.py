"""Package names, the C names made from them, and the names that would clash."""

from __future__ import annotations

import re
from dataclasses import dataclass

PATTERN = re.compile(r"[a-z][a-z0-9-]{1,31}")
FALLBACK = "model"

#: What a name must not be, by the reason that the user reads. `-` stands for `_`.
RESERVED: dict[str, frozenset[str]] = {
    "a keyword of C or C++": frozenset(
        "alignas alignof and and-eq asm auto bitand bitor bool break case catch char class compl concept const consteval"
        " constexpr constinit const-cast continue decltype default delete do double dynamic-cast else enum explicit"
        " export extern false final float for friend goto if import inline int long module mutable namespace new noexcept"
        " not not-eq nullptr operator or or-eq override private protected public register reinterpret-cast requires"
        " restrict return short signed sizeof static static-assert static-cast struct switch template this"
        " thread-local throw true try typedef typeid typename typeof union unsigned using virtual void volatile"
        " wchar-t while xor xor-eq".split()
    ),
    "a header of the C or C++ standard library": frozenset(
        "algorithm any array assert atomic barrier bit bitset charconv chrono codecvt compare complex condition-variable"
        " coroutine ctype deque errno exception execution fenv filesystem format forward-list fstream functional future"
        " initializer-list inttypes iomanip ios iosfwd iostream istream iterator latch limits list locale map math"
        " memory memory-resource mutex numbers numeric optional ostream queue random ranges ratio regex"
        " scoped-allocator semaphore set setjmp shared-mutex signal source-location span spanstream sstream stack"
        " stdalign stdarg stdatomic stdbool stddef stdexcept stdint stdio stdlib stdnoreturn stop-token streambuf"
        " string string-view strings strstream syncstream system-error tgmath thread threads time tuple type-traits"
        " typeindex typeinfo uchar unistd unordered-map unordered-set utility valarray variant vector version wchar"
        " wctype".split()
    ),
    "a type of the C library with `_t` at its end": frozenset(
        "blkcnt blksize char16 char32 char8 clock clockid dev div double fenv fexcept float fpos gid id imaxdiv ino int"
        " int-fast16 int-fast32 int-fast64 int-fast8 int-least16 int-least32 int-least64 int-least8 int16 int32 int64"
        " int8 intmax intptr key ldiv lldiv locale max-align mbstate mode nlink nullptr off pid ptrdiff sig-atomic size"
        " ssize suseconds time timer uid uint uint-fast16 uint-fast32 uint-fast64 uint-fast8 uint-least16"
        " uint-least32 uint-least64 uint-least8 uint16 uint32 uint64 uint8 uintmax uintptr useconds wchar wctrans"
        " wctype wint".split()
    ),
    "a header or object of an Arduino core": frozenset(
        "api binary ble client common eeprom ethernet hardwareserial hid interrupts ipaddress keyboard main mbed mouse"
        " pgmspace pins-arduino print printable rtos sd sdu serial server servo spi stream tone twi udp usb usbapi"
        " wcharacter wifi wire wiring wiring-private wmath wprogram wstring".split()
    ),
    "a driver of the chips' own SDKs": frozenset(
        "adc aes bus can clock clocks cmsis comp cortex crc cryp dac dcmi device dma dmamux dsi eth exti fdcan fifo"
        " flash gpio hal hash heap i2c i2s interp iwdg kernel lptim lpuart ltdc mpu multicore nrf nvic opamp pdm pio"
        " pico pll power psram pwm pwr qspi rcc rng rtc sai sdio sdmmc spi sync sys syscfg systick task tim timer"
        " twim uart usart watchdog wdt wwdg xip zephyr".split()
    ),
    "a folder that PlatformIO leaves out of a build": frozenset("example examples test tests".split()),
}


@dataclass(frozen=True)
class Names:
    """The C names of a package.

    Classes keep the `_` between words: `Kws_Ref` and `Kwsref` differ in more than case.
    """

    prefix: str  # kws_ref
    macro: str  # KWS_REF
    cls: str  # Kws_Ref


def c_names(name: str) -> Names:
    """Make the C names of a valid package name."""
    words = name.split("-")
    return Names("_".join(words), "_".join(words).upper(), "_".join(word.capitalize() for word in words))


def name_problem(name: str) -> tuple[str, str] | None:
    """Say which rule a package name breaks: (error code, rule), or None."""
    if not PATTERN.fullmatch(name):
        return "bad-manifest", "a name has 2 to 32 of a-z, 0-9 and -, and starts with a letter"
    if "--" in name or name.endswith("-"):
        return "bad-manifest", "a - must stand between two words: C++ reserves names with __"
    for word in ("arduino", "library"):
        if word in name:
            return "reserved-name", f'a name must not contain "{word}": the Arduino Library Manager refuses it'
    for reason, names in RESERVED.items():
        if name in names:
            return "reserved-name", f"a name must not be {reason}"
    return None


def name_from_file(stem: str) -> str:
    """Make a valid package name from a file's name: "KWS ref_model" gives "kws-ref-model"."""
    words = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    name = re.sub(r"^[0-9-]+", "", words)[:32].strip("-")
    if name_problem(name) is None:
        return name
    longer = f"{name}-{FALLBACK}".strip("-")
    return longer if name_problem(longer) is None else FALLBACK
