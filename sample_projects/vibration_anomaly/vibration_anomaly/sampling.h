// Calls a function at a rate: begin_sampling(rate, take) starts it, and loop() calls keep_sampling() each time round.
//
// A window must have no gaps, so a timer takes the samples, also while loop() computes; its period is a whole number of
// microseconds. On boards that are not listed here keep_sampling() does it, and what falls into a computation is
// missed.

#ifndef SAMPLING_H
#define SAMPLING_H

#if defined(TINYPACK_EMULATOR)

#include <tinypack_emulator.h>

static void begin_sampling(float rate, void (*take)()) {
  tinypack_every((uint32_t)(rate * 1000 + 0.5f), take);
}

static uint32_t keep_sampling() {
  return 0;
}

#elif defined(ARDUINO_ARCH_MBED)

#include <chrono>
#include <mbed.h>

// analogRead() locks a mutex, which an interrupt must not: the timer wakes a thread.
static rtos::Thread sampler(osPriorityRealtime);
static mbed::Ticker ticker;
static void (*take_sample)();

static void sample_when_told() {
  for (;;) {
    rtos::ThisThread::flags_wait_any(1);
    take_sample();
  }
}

static void tell_sampler() {
  sampler.flags_set(1);
}

static void begin_sampling(float rate, void (*take)()) {
  take_sample = take;
  sampler.start(sample_when_told);
  ticker.attach(tell_sampler, std::chrono::microseconds((uint32_t)(1000000 / rate + 0.5f)));
}

static uint32_t keep_sampling() {
  return 0;
}

#elif defined(ARDUINO_ARCH_STM32)

#include <HardwareTimer.h>

#ifdef TIM7 // a basic one, which drives no pin
static HardwareTimer timer(TIM7);
#else
static HardwareTimer timer(TIM3);
#endif

static void begin_sampling(float rate, void (*take)()) {
  timer.setOverflow((uint32_t)(1000000 / rate + 0.5f), MICROSEC_FORMAT);
  timer.attachInterrupt(take);
  timer.resume();
}

static uint32_t keep_sampling() {
  return 0;
}

#elif defined(ARDUINO_ARCH_ESP32)

#include <esp_timer.h>

static void (*take_sample)();

static void on_timer(void *) {
  take_sample();
}

static void begin_sampling(float rate, void (*take)()) {
  take_sample = take;
  esp_timer_create_args_t settings = {};
  settings.callback = on_timer;
  settings.name = "sampling";
  esp_timer_handle_t timer;
  ESP_ERROR_CHECK(esp_timer_create(&settings, &timer));
  ESP_ERROR_CHECK(esp_timer_start_periodic(timer, (uint32_t)(1000000 / rate + 0.5f)));
}

static uint32_t keep_sampling() {
  return 0;
}

#else

static void (*take_sample)();
static uint32_t period, next;

static void begin_sampling(float rate, void (*take)()) {
  take_sample = take;
  period = (uint32_t)(1000000 / rate + 0.5f);
  next = micros();
}

// Returns how many samples were missed since the start.
static uint32_t keep_sampling() {
  static uint32_t missed;
  const uint32_t now = micros();
  if ((int32_t)(now - next) >= 0) {
    const uint32_t late = (now - next) / period;
    missed += late;
    next += (late + 1) * period;
    take_sample();
  }
  return missed;
}

#endif

#endif
