"""What the cores of real boards declare of their timers, for sketches that sample by one."""

from __future__ import annotations

MBED = """
enum osPriority_t { osPriorityRealtime };
namespace rtos {
struct Thread { explicit Thread(osPriority_t); int start(void (*)()); uint32_t flags_set(uint32_t); };
namespace ThisThread { uint32_t flags_wait_any(uint32_t, bool clear = true); }
}
namespace mbed { struct Ticker { void attach(void (*)(), std::chrono::microseconds); }; }
"""
STM32 = """
enum TimerFormat_t { TICK_FORMAT, MICROSEC_FORMAT, HERTZ_FORMAT };
typedef struct TIM_TypeDef TIM_TypeDef;
extern TIM_TypeDef a_timer;
#define TIM7 (&a_timer)
struct HardwareTimer { explicit HardwareTimer(TIM_TypeDef *);
  void setOverflow(uint32_t, TimerFormat_t); void attachInterrupt(void (*)()); void resume(); };
"""
ESP32 = """
typedef int esp_err_t; typedef struct esp_timer *esp_timer_handle_t;
struct esp_timer_create_args_t { void (*callback)(void *); void *arg; int dispatch_method; const char *name;
  bool skip_unhandled_events; };
esp_err_t esp_timer_create(const esp_timer_create_args_t *, esp_timer_handle_t *);
esp_err_t esp_timer_start_periodic(esp_timer_handle_t, uint64_t);
#define ESP_ERROR_CHECK(x) (void)(x)
"""
#: core -> what it defines, the header, and its text
TIMERS = {
    "Mbed": ("ARDUINO_ARCH_MBED", "mbed.h", MBED),
    "STM32": ("ARDUINO_ARCH_STM32", "HardwareTimer.h", STM32),
    "STM32 without a basic timer": ("ARDUINO_ARCH_STM32", "HardwareTimer.h", STM32.replace("TIM7", "TIM3")),
    "ESP32": ("ARDUINO_ARCH_ESP32", "esp_timer.h", ESP32),
    "AVR": ("ARDUINO_ARCH_AVR", "none.h", ""),
}
