/* The part of the Arduino API that needs no hardware, so that a sketch compiles here as on a board.
 *
 * Pins are inert: what is written to them is lost, digitalRead() gives LOW and analogRead() 0, unless a recording is
 * replayed: then pin A0, or 0, gives its first channel, and so on.
 * There are no interrupts: a sensor's callback comes when the sketch looks at the clock, waits, or ends loop().
 * In QEMU time goes by instructions, so it is the same in every run; it stands still while Serial waits for the host.
 */
#ifndef Arduino_h
#define Arduino_h

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "avr/pgmspace.h"

typedef bool boolean;
typedef uint8_t byte;
typedef uint16_t word;
typedef uint8_t pin_size_t;

#define HIGH 1
#define LOW 0
#define INPUT 0
#define OUTPUT 1
#define INPUT_PULLUP 2
#define INPUT_PULLDOWN 3
#define LED_BUILTIN 13
enum { A0 = 14, A1, A2, A3, A4, A5, A6, A7 };

#define PI 3.1415926535897932384626433832795
#define HALF_PI 1.5707963267948966192313216916398
#define TWO_PI 6.283185307179586476925286766559
#define DEG_TO_RAD 0.017453292519943295769236907684886
#define RAD_TO_DEG 57.295779513082320876798154814105

#define constrain(x, low, high) ((x) < (low) ? (low) : ((x) > (high) ? (high) : (x)))
#define radians(deg) ((deg)*DEG_TO_RAD)
#define degrees(rad) ((rad)*RAD_TO_DEG)
#define sq(x) ((x) * (x))

#define bit(b) (1UL << (b))
#define bitRead(value, b) (((value) >> (b)) & 1)
#define bitSet(value, b) ((value) |= (1UL << (b)))
#define bitClear(value, b) ((value) &= ~(1UL << (b)))
#define bitToggle(value, b) ((value) ^= (1UL << (b)))
#define bitWrite(value, b, on) ((on) ? bitSet(value, b) : bitClear(value, b))
#define lowByte(w) ((uint8_t)((w)&0xff))
#define highByte(w) ((uint8_t)((w) >> 8))

#ifdef __cplusplus
extern "C" {
#endif

/* The sketch. */
void setup(void);
void loop(void);

unsigned long millis(void);
unsigned long micros(void);
void delay(unsigned long ms);
void delayMicroseconds(unsigned int us);
void yield(void);

/* Hold back the callbacks of sensors, or let them come. */
void noInterrupts(void);
void interrupts(void);

void pinMode(pin_size_t pin, int mode);
void digitalWrite(pin_size_t pin, int level);
int digitalRead(pin_size_t pin);
int analogRead(pin_size_t pin);
void analogWrite(pin_size_t pin, int value);

/* Write a number right-aligned in `width` characters (left-aligned if negative); `out` must hold them. */
char *dtostrf(double value, signed char width, unsigned char digits, char *out);

#ifdef __cplusplus
}

template <class A, class B>
constexpr auto min(const A &a, const B &b) -> decltype(true ? A() : B()) {
  return b < a ? b : a;
}

template <class A, class B>
constexpr auto max(const A &a, const B &b) -> decltype(true ? A() : B()) {
  return a < b ? b : a;
}

/* Besides stdlib's abs(int). */
template <class T>
constexpr T abs(T x) {
  return x < 0 ? -x : x;
}

long map(long x, long from_low, long from_high, long to_low, long to_high);

/* The same numbers in every run, from the same seed. */
long random(long end);
long random(long begin, long end);
void randomSeed(unsigned long seed);

constexpr uint16_t makeWord(uint8_t high, uint8_t low) {
  return (uint16_t)(high << 8 | low);
}

inline bool isAlpha(int c) { return isalpha(c) != 0; }
inline bool isAlphaNumeric(int c) { return isalnum(c) != 0; }
inline bool isAscii(int c) { return (c & ~0x7f) == 0; }
inline bool isControl(int c) { return iscntrl(c) != 0; }
inline bool isDigit(int c) { return isdigit(c) != 0; }
inline bool isGraph(int c) { return isgraph(c) != 0; }
inline bool isHexadecimalDigit(int c) { return isxdigit(c) != 0; }
inline bool isLowerCase(int c) { return islower(c) != 0; }
inline bool isPrintable(int c) { return isprint(c) != 0; }
inline bool isPunct(int c) { return ispunct(c) != 0; }
inline bool isSpace(int c) { return isspace(c) != 0; }
inline bool isUpperCase(int c) { return isupper(c) != 0; }
inline bool isWhitespace(int c) { return c == ' ' || c == '\t'; }

#include "HardwareSerial.h"
#include "Print.h"
#include "Stream.h"
#include "WString.h"
#else
#ifndef min
#define min(a, b) ((a) < (b) ? (a) : (b))
#endif
#ifndef max
#define max(a, b) ((a) > (b) ? (a) : (b))
#endif
#endif

#endif
