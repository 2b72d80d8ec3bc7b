// One line for each thing of the Arduino API that sketches use; test_api.py says what each must print.
#include <avr/pgmspace.h>

const char stored[] PROGMEM = "stored";
const uint16_t table[] PROGMEM = {1000, 2000};

struct Point : Printable {
  int x, y;
  Point(int x, int y) : x(x), y(y) {}
  size_t printTo(Print &p) const override { return p.print(x) + p.print(',') + p.print(y); }
};

static Point global(1, 2);  // a constructor that runs before setup()

// On one line: PlatformIO's conversion of sketches knows no others.
template <class T> static void say(const char *name, const T &value) {
  Serial.print(name);
  Serial.print('=');
  Serial.println(value);
}

void setup() {
  Serial.begin(115200);
  while (!Serial) {
  }
  numbers();
  strings();
  functions();
  input();
  exit(0);
}

void loop() {}

// Below setup(): the build must declare these itself, as Arduino does.
void numbers() {
  say("int", -42);
  say("long", 2147483647L);
  say("byte", (byte)200);
  say("char", 'c');
  say("bool", true);
  say("float", 3.14159f);
  say("negative", -0.005);
  say("nan", NAN);
  say("inf", INFINITY);
  say("ovf", 5e9);
  say("printable", global);
  say("flash", F("flash"));
  Serial.println(255, HEX);
  Serial.println(-1, HEX);
  Serial.println(5, BIN);
  Serial.println(64, OCT);
  Serial.println(2.71828, 4);
  Serial.println(2.5, 0);
  Serial.println(9.999, 2);
  Serial.println(18446744073709551615ULL);
  Serial.println();
  Serial.write("raw\n");
  const uint8_t bytes[] = {'a', 'b', '\n'};
  Serial.write(bytes, sizeof bytes);
  Serial.flush();
}

void strings() {
  String s = "Hello";
  s += ", ";
  s += String("world");
  s += '!';
  s += 42;
  say("s", s);
  say("sum", String("a") + 1 + 'b' + 2.5 + F("c") + "d" + 7UL);
  say("length", s.length());
  say("sub", s.substring(7, 12));
  say("tail", s.substring(12));
  say("index", s.indexOf('o'));
  say("index2", s.indexOf("wor"));
  say("last", s.lastIndexOf('o'));
  say("none", s.indexOf("xyz"));
  s.replace("world", "Arduino");
  say("replaced", s);
  s.toUpperCase();
  say("upper", s);
  s.remove(5, 2);
  say("removed", s);
  String t = "  trim me\r\n";
  t.trim();
  say("trimmed", t);
  say("int", String("123abc").toInt());
  say("float", String("2.75").toFloat());
  say("hex", String(255, HEX));
  say("decimals", String(3.14159, 3));
  say("equal", String("a") == "a");
  say("less", String("a") < String("b"));
  say("ends", s.endsWith("42"));
  t = t + t;
  t += t;
  say("self", t);
  char buffer[8];
  s.toCharArray(buffer, sizeof buffer);
  say("chars", buffer);
  say("past", (int)s[99]);
  for (int i = 0; i < 100000; i++) {  // a leak would exhaust the board's heap
    String big(i);
    big.reserve(200);
    big = big + "x";
    t = big;
  }
  say("kept", t);
}

void functions() {
  say("map", map(5, 0, 10, 0, 100));
  say("constrain", constrain(15, 0, 10));
  say("min", min(3, 2L));
  say("max", max(3, 2.5));
  say("abs", abs(-7) + (int)abs(-2.5));
  say("sq", sq(5));
  say("bits", bitRead(5, 2) + bit(4) + lowByte(0x1234) + highByte(0x1234));
  say("word", makeWord(1, 2));
  say("digit", isDigit('7') && !isDigit('x') && isAlpha('x') && isSpace(' '));
  say("pgm", pgm_read_word(&table[1]));
  say("progmem", (const __FlashStringHelper *)stored);
  char text[16];
  dtostrf(-1.5, 8, 2, text);
  say("dtostrf", text);
  randomSeed(7);
  const long a = random(1000), b = random(10, 20);
  randomSeed(7);
  say("random", a == random(1000) && b >= 10 && b < 20);
  pinMode(LED_BUILTIN, OUTPUT);
  digitalWrite(LED_BUILTIN, HIGH);
  say("pins", digitalRead(LED_BUILTIN) + analogRead(A0));
  const unsigned long before = millis();
  delay(20);
  const unsigned long passed = millis() - before;
  say("delay", passed >= 20 && passed < 40);
  const unsigned long start = micros();
  delayMicroseconds(300);
  say("delayMicroseconds", micros() - start >= 300);
  int *many = new int[3];
  many[2] = 9;
  say("new", many[2]);
  delete[] many;
}

void input() {
  say("available", Serial.available() > 0);
  say("peek", (char)Serial.peek());
  say("parseInt", Serial.parseInt());
  say("parseFloat", Serial.parseFloat());
  Serial.read();
  say("line", Serial.readStringUntil('\n'));
  say("find", Serial.find("aab"));
  char bytes[4] = "";
  say("readBytes", Serial.readBytes(bytes, 3));
  say("bytes", bytes);
  Serial.setTimeout(5);
  say("rest", Serial.readString());
  say("end", Serial.read());
}
