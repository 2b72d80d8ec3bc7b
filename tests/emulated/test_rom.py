"""What replaces the ESP8266's ROM computes as this computer does: floats by IEEE 754, integers with all their bits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emulated.conftest import EMULATOR
from tests.support.machine import need
from tinypack.verify.tools import run

pytestmark = pytest.mark.tools

ROM = EMULATOR / "machine" / "xtensa" / "rom"

#: Compares every function, under the prefix `rom`, with the compiler's own operator, on chosen and random bits.
HARNESS = r"""
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint64_t state = 88172645463325252u;
static uint64_t next(void) { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state; }

static float f(uint32_t bits) { float x; memcpy(&x, &bits, 4); return x; }
static double d(uint64_t bits) { double x; memcpy(&x, &bits, 8); return x; }
static uint32_t fb(float x) { uint32_t bits; memcpy(&bits, &x, 4); return isnan(x) ? 0x7fc00000u : bits; }
static uint64_t db(double x) { uint64_t bits; memcpy(&bits, &x, 8); return isnan(x) ? 0x7ff8000000000000u : bits; }

#define SAME(found, expected, x, y) if ((found) != (expected)) { wrong++; \
  printf("line %d: %llx %llx\n", __LINE__, (unsigned long long)(x), (unsigned long long)(y)); }

#define FLOATS(l, T, v, b) \
  T rom__add##l##f3(T, T), rom__sub##l##f3(T, T), rom__mul##l##f3(T, T), rom__div##l##f3(T, T); \
  T rom__floatsi##l##f(int32_t), rom__floatunsi##l##f(uint32_t); \
  int32_t rom__fix##l##fsi(T); uint32_t rom__fixuns##l##fsi(T); \
  static int check_##l(T x, T y) { int wrong = 0; \
    SAME(rom__add##l##f3(x, y), b(v(x) + v(y)), x, y) SAME(rom__sub##l##f3(x, y), b(v(x) - v(y)), x, y) \
    SAME(rom__mul##l##f3(x, y), b(v(x) * v(y)), x, y) SAME(rom__div##l##f3(x, y), b(v(x) / v(y)), x, y) \
    SAME(rom__floatsi##l##f((int32_t)x), b((int32_t)x), x, 0) \
    SAME(rom__floatunsi##l##f((uint32_t)x), b((uint32_t)x), x, 0) \
    if (v(x) > -2147483649.0 && v(x) < 2147483648.0) SAME(rom__fix##l##fsi(x), (int32_t)v(x), x, 0) \
    if (v(x) > -1.0 && v(x) < 4294967296.0) SAME(rom__fixuns##l##fsi(x), (uint32_t)v(x), x, 0) \
    return wrong; }
FLOATS(s, uint32_t, f, fb)
FLOATS(d, uint64_t, d, db)
uint64_t rom__extendsfdf2(uint32_t); uint32_t rom__truncdfsf2(uint64_t);
uint64_t rom__udivdi3(uint64_t, uint64_t), rom__umoddi3(uint64_t, uint64_t), rom__muldi3(uint64_t, uint64_t);
uint64_t rom__umulsidi3(uint32_t, uint32_t);
int64_t rom__divdi3(int64_t, int64_t);
uint32_t rom__udivsi3(uint32_t, uint32_t), rom__umodsi3(uint32_t, uint32_t);
int32_t rom__divsi3(int32_t, int32_t);

static int check_integers(uint64_t x, uint64_t y) {
  int wrong = 0;
  SAME(rom__muldi3(x, y), x * y, x, y)
  if (y != 0) { SAME(rom__udivdi3(x, y), x / y, x, y) SAME(rom__umoddi3(x, y), x % y, x, y) }
  if (y != 0 && !(x == (uint64_t)1 << 63 && y == (uint64_t)-1))
    SAME(rom__divdi3((int64_t)x, (int64_t)y), (int64_t)x / (int64_t)y, x, y)
  const uint32_t a = (uint32_t)x, b = (uint32_t)y;
  SAME(rom__umulsidi3(a, b), (uint64_t)a * b, a, b)
  if (b != 0) { SAME(rom__udivsi3(a, b), a / b, a, b) SAME(rom__umodsi3(a, b), a % b, a, b) }
  if (b != 0 && !(a == 0x80000000u && b == 0xffffffffu))
    SAME(rom__divsi3((int32_t)a, (int32_t)b), (int32_t)a / (int32_t)b, a, b)
  return wrong;
}

static const uint64_t edges[] = {
  0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 0x3f800000, 0x00800000, 0x007fffff, 0x7f7fffff, 0x7f800000, 0xff800000,
  0x7fc00000, 0x4f000000, 0xcf000000, 0x4f7fffff, 0x3ff0000000000000, 0x0010000000000000, 0x000fffffffffffff,
  0x7fefffffffffffff, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0x8000000000000000,
  0x36a0000000000000, 0x3690000000000001, 0x380fffffffffffff, 0x47efffffe0000000, 0x47effffff0000000,
  0x41dfffffffc00000, 0xc1e0000000000000, 0x41efffffffe00000, 0xffffffffffffffff };
enum { EDGES = sizeof edges / sizeof edges[0] };

int main(void) {
  int wrong = 0;
  for (int i = 0; i < 400000 && wrong < 10; i++) {
    uint64_t x = i < EDGES * EDGES ? edges[i / EDGES] : next(), y = i < EDGES * EDGES ? edges[i % EDGES] : next();
    if (i >= EDGES * EDGES && i % 2 != 0) { /* numbers of like size: cancellation, ties, long quotients */
      y = x ^ (next() & 0x801fffffffffffffu); x ^= (x & 0x7f0000007f000000u); x >>= next() % 40; }
    wrong += check_integers(x, y) + check_s((uint32_t)x, (uint32_t)y) + check_d(x, y);
    SAME(rom__extendsfdf2((uint32_t)x), db(f((uint32_t)x)), x, 0)
    SAME(rom__truncdfsf2(x), fb((float)d(x)), x, 0)
  }
  return wrong != 0;
}
"""


def test_functions_agree_with_this_computer(tmp_path: Path) -> None:
    need("gcc", "objcopy")
    (tmp_path / "harness.c").write_text(HARNESS)
    objects = []
    for source in ("floats", "integers"):
        objects.append(tmp_path / f"{source}.o")
        strict = ["-O1", "-Wall", "-Wextra", "-Werror", "-fsanitize=undefined", "-fno-sanitize-recover"]
        done = run(["gcc", *strict, "-c", ROM / f"{source}.c", "-o", objects[-1]], time_limit=60)
        assert done.ok, done.error_text
        keep = [f"--redefine-sym=rom{name}={name}" for name in undefined(objects[-1])]
        assert run(["objcopy", "--prefix-symbols=rom", objects[-1]], time_limit=60).ok
        assert run(["objcopy", *keep, objects[-1]], time_limit=60).ok
    program = tmp_path / "harness"
    flags = ["-O1", "-fno-builtin", "-fsanitize=undefined", "-fno-sanitize=float-divide-by-zero,float-cast-overflow"]
    linked = run(["gcc", *flags, tmp_path / "harness.c", *objects, "-o", program, "-lm"], time_limit=60)
    assert linked.ok, linked.error_text
    done = run([program], time_limit=60)
    assert done.ok, done.text + done.error_text


def undefined(path: Path) -> list[str]:
    return run(["nm", "-u", "-j", path], time_limit=60).text.split()
