// Listens to the PDM microphone of a Nano 33 BLE Sense and shows the words "yes" and "no": green and red on its LED, and a
// line over serial. In the emulator a recording takes the microphone's place.

#include <PDM.h>
#include <wake_word.h>

#ifdef LEDR  // the Nano's LED of three colours: on while low
static const int GREEN = LEDG, RED = LEDR, ON = LOW, OFF = HIGH;
#else
static const int GREEN = LED_BUILTIN, RED = LED_BUILTIN, ON = HIGH, OFF = LOW;
#endif

static Wake_Word model;
static int16_t heard[256];  // less than a hop: the model has room for that beside what waits

// Called for each buffer of the microphone, on boards by an interrupt, also while the model computes.
static void hear() {
  const int bytes = PDM.read(heard, sizeof heard);
  model.push(heard, (size_t)bytes / sizeof heard[0]);
}

static void stop(const char *why) {
  Serial.println(why);
  for (;;) {
    delay(1000);
  }
}

static void show(const wake_word_result_t &result) {
  digitalWrite(GREEN, OFF);
  digitalWrite(RED, OFF);
  if (result.is_new) {
    digitalWrite(strcmp(result.label, "yes") == 0 ? GREEN : RED, ON);
    Serial.print(result.time_ms);
    Serial.print(" ms: ");
    Serial.println(result.label);
  }
}

void setup() {
  Serial.begin(115200);
  pinMode(GREEN, OUTPUT);
  pinMode(RED, OUTPUT);
  while (!Serial && millis() < 5000) {
  }
  const int rc = model.begin();
  if (rc != WAKE_WORD_OK) {
    stop(wake_word_strerror(rc));
  }
  PDM.setBufferSize(sizeof heard);
  PDM.onReceive(hear);
  if (!PDM.begin(WAKE_WORD_CHANNELS, WAKE_WORD_SAMPLE_RATE)) {
    stop("the microphone does not start");
  }
}

void loop() {
  static uint32_t lost;
  if (model.run() > 0) {
    show(model.result());
  }
  if (model.lost() != lost) {
    lost = model.lost();
    Serial.print("samples lost: ");
    Serial.println(lost);
  }
}
