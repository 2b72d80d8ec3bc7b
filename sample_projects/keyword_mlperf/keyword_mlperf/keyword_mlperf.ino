// Listens to the PDM microphone of a Nano 33 BLE Sense, prints what it hears, and lights the LED while that is one of ten
// words. In the emulator a recording takes the microphone's place.

#include <PDM.h>
#include <keyword_mlperf.h>

enum { WORDS = 10 };  // labels before "silence" and "unknown"

static Keyword_Mlperf model;
static int16_t heard[256];  // less than a hop: the model has room for that beside what waits

// Called for each buffer of the microphone, on boards by an interrupt, also while the model computes.
static void hear() {
  const int bytes = PDM.read(heard, sizeof heard);
  model.push(heard, (size_t)bytes / sizeof heard[0]);
}

static void stop(const char *why) {
  Serial.println(why);
  for (;;) {
    digitalWrite(LED_BUILTIN, HIGH);
    delay(100);
    digitalWrite(LED_BUILTIN, LOW);
    delay(100);
  }
}

static void show(const keyword_mlperf_result_t &result) {
  digitalWrite(LED_BUILTIN, result.is_accepted && result.index < WORDS ? HIGH : LOW);
  Serial.print(result.time_ms);
  Serial.print(" ms: ");
  Serial.print(result.label);
  Serial.print(" ");
  Serial.print((double)result.score / KEYWORD_MLPERF_SCORE_ONE, 4);
  Serial.println(result.is_new ? ", heard" : "");
}

void setup() {
  Serial.begin(115200);
  pinMode(LED_BUILTIN, OUTPUT);
  while (!Serial && millis() < 5000) {
  }
  const int rc = model.begin();
  if (rc != KEYWORD_MLPERF_OK) {
    stop(keyword_mlperf_strerror(rc));
  }
  PDM.setBufferSize(sizeof heard);
  PDM.onReceive(hear);
  if (!PDM.begin(KEYWORD_MLPERF_CHANNELS, KEYWORD_MLPERF_SAMPLE_RATE)) {
    stop("the microphone does not start");
  }
}

void loop() {
  static uint32_t lost;
  if (model.run() > 0) {
    show(model.result());
  }
  if (model.lost() != lost) {  // the loop is too slow: the model sees a gap
    lost = model.lost();
    Serial.print(lost);
    Serial.println(" samples lost");
  }
}
