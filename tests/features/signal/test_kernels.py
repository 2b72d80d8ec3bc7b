"""Each stage in C against NumPy, over what the chain of an audio front end never gives it as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.features.harness import Case, assert_same, block_case
from tests.kernels.targets import Target
from tests.support.sounds import frames, synthetic
from tinypack.features.signal.auto_scale import SignalFftAutoScale
from tinypack.features.signal.clip import SignalClip
from tinypack.features.signal.design import gains, hann
from tinypack.features.signal.energy import SignalEnergy
from tinypack.features.signal.filter_bank import SignalFilterBank, Slope
from tinypack.features.signal.log import SignalLog
from tinypack.features.signal.pcan import SignalPcan
from tinypack.features.signal.rescale import SignalRescale
from tinypack.features.signal.rfft import SignalRfft
from tinypack.features.signal.spectral_subtraction import SignalSpectralSubtraction, Smoothing
from tinypack.features.signal.square_root import SignalFilterBankSquareRoot, rounded_root
from tinypack.features.signal.window import SignalWindow
from tinypack.ops.protocol import Table

RNG = np.random.default_rng(4)
SOUND = np.concatenate([frames(sound, 480, 3000) for sound in synthetic().values()])
POWERS = 2 ** np.arange(32, dtype=np.int64)
#: Unsigned 32-bit numbers of every length, and about the powers of 2.
NUMBERS = np.concatenate((RNG.integers(0, 2**32, 512) >> np.arange(512) % 32, POWERS, POWERS - 1)).reshape(-1, 16)
SQUARES = RNG.integers(0, 2**31, 256) >> np.arange(256) % 31
ROOTED = np.concatenate((SQUARES**2, SQUARES**2 + SQUARES, SQUARES**2 + SQUARES + 1, (SQUARES + 1) ** 2 - 1))
LONG = np.concatenate((ROOTED, [2**32 - 1, 2**32, 2**62 - 1, 2**32 - 65536])).reshape(-1, 4).astype(np.uint64)


def cases() -> Iterator[Case]:
    yield block_case("window", SignalWindow(hann(480), 12), SOUND)
    yield block_case("window that saturates", SignalWindow((32767, -32768) * 240, 3), SOUND)
    yield block_case("auto scale", SignalFftAutoScale(480), SOUND)
    for length in (16, 32, 64, 128, 256, 512, 1024):
        at = RNG.integers(0, 480, (3, length))
        full = np.where(RNG.integers(0, 2, (20, length)), 32767, -32768)
        given = np.concatenate((*(SOUND[:, row] for row in at), full))
        yield block_case(f"rfft {length}", SignalRfft(length, length), given)
        yield block_case(
            f"rfft {length} of fewer", SignalRfft(length * 2 // 3 + 1, length), given[:, : length * 2 // 3 + 1]
        )
    spectrum = np.concatenate((np.full((1, 34), -32768), RNG.integers(-32768, 32768, (9, 34))))
    yield block_case("energy", SignalEnergy(17, 3, 15), spectrum)
    yield block_case("energy of all", SignalEnergy(17, 0, 17), spectrum)
    slopes = (Slope(3, (1, 2), (3, 4)), Slope(0, (), ()), Slope(5, (32767,) * 11, (32767,) * 11), Slope(2, (0,), (9,)))
    yield block_case("filter bank", SignalFilterBank(16, slopes), NUMBERS)
    bits = np.arange(len(LONG))[:, np.newaxis] % 16
    yield block_case("square root", SignalFilterBankSquareRoot(4), LONG, bits)
    for name, clamp in (("noise reduction", False), ("noise reduction that clamps", True)):
        subtraction = SignalSpectralSubtraction(16, Smoothing(409, 15975), Smoothing(983, 15401), 819, 14, 10, clamp)
        yield block_case(name, subtraction, NUMBERS)
    wild = tuple(RNG.integers(-32768, 32768, 125).tolist())
    for name, table in (("gain", gains(0.95, 80.0, 21, 7)), ("gain of a wild table", wild)):
        yield block_case(name, SignalPcan(16, table, 6), NUMBERS, RNG.permuted(NUMBERS))
    for scale, correction in ((64, 3), (2047, 0), (1, 6)):
        yield block_case(f"log {scale}", SignalLog(16, scale, correction), NUMBERS)
    yield block_case("clip", SignalClip(16), NUMBERS)
    logs = np.arange(-32768, 32768).reshape(-1, 16)
    yield block_case("rescale", SignalRescale(16, 256, 333, 666, -128, -128, 127), logs)
    yield block_case("rescale down", SignalRescale(16, -7, -3, 1000, 5, -100, 90), logs)


def test_kernels(tmp_path: Path, target: Target) -> None:
    assert_same(list(cases()), tmp_path, target)


@pytest.mark.parametrize("length", [16, 32, 256, 512, 4096])
def test_transform_is_near_the_real_one(length: int) -> None:
    x = RNG.integers(-30000, 30000, (1, 4, length))
    (got,) = SignalRfft(length, length).apply((x,), ())
    pairs = got.reshape(4, -1, 2).astype(np.float64)
    assert np.abs(pairs[..., 0] + 1j * pairs[..., 1] - np.fft.rfft(x[0]) / length).max() < 8


def test_padding_is_zeros() -> None:
    x = RNG.integers(-30000, 30000, (1, 1, 64))
    x[..., 41:] = 0
    (whole,), (short,) = (SignalRfft(n, 64).apply((x[..., :n],), ()) for n in (64, 41))
    assert (whole == short).all()


def test_roots() -> None:
    # Independent of floats: the root r of x has r(r - 1) < x <= r(r + 1).
    for x, root in zip(ROOTED.tolist(), rounded_root(ROOTED.astype(np.uint64)).tolist(), strict=True):
        assert root * (root - 1) < x <= root * (root + 1) or (x < 2**32 and root == 65535) or x == root == 0


def test_root_of_16_bits_stays_there() -> None:
    assert rounded_root(np.array([2**32 - 1, 2**32], np.uint64)).tolist() == [65535, 65536]


def test_log_is_near_the_real_one() -> None:
    x = NUMBERS[NUMBERS > 1].reshape(1, 1, -1)
    (got,) = SignalLog(x.shape[2], 1024, 0).apply((x,), ())
    assert np.abs(got - 1024 * np.log(x)).max() < 2.6  # the original hardly interpolates


def test_negated_lowest_sample_begins_the_maximum_anew() -> None:
    def bits(*samples: int) -> int:
        _, found = SignalFftAutoScale(len(samples)).apply((np.array(samples).reshape(1, 1, -1),), ())
        return int(found[0, 0, 0])

    assert [bits(100, 3), bits(-32768, 3), bits(100, -32768, -5, -3, 3), bits(9, -32768, -5, -4)] == [8, 13, 13, 0]


def test_tables_are_within_their_types() -> None:
    for case in cases():
        for _, value in case.chain.steps[0].block.params():
            if isinstance(value, Table):
                limits = np.iinfo(value.ctype.removesuffix("_t"))
                assert limits.min <= value.values.min() and value.values.max() <= limits.max
