/* Standard output by USART1 of an STM32L4, as a real board has it. Source: ST, RM0351, chapters 6 and 40 */
#include "bare/bare.h"
#include "machine.h"

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define RCC_APB2ENR REGISTER(0x40021060u)
#define USART1_CR1 REGISTER(0x40013800u)
#define USART1_BRR REGISTER(0x4001380Cu)
#define USART1_ISR REGISTER(0x4001381Cu)
#define USART1_TDR REGISTER(0x40013828u)

void machine_open_console(void) {
  enum { USART1_CLOCK = 1u << 14, ENABLE = 1u << 0, TRANSMIT = 1u << 3, AFTER_RESET_HZ = 4000000, BAUD = 115200 };
  RCC_APB2ENR |= USART1_CLOCK;
  USART1_BRR = AFTER_RESET_HZ / BAUD;
  USART1_CR1 = ENABLE | TRANSMIT;
}

void machine_write(const void *data, size_t n) {
  enum { EMPTY = 1u << 7 };
  for (const unsigned char *p = (const unsigned char *)data; n > 0; n--) {
    while ((USART1_ISR & EMPTY) == 0) {
    }
    USART1_TDR = *p++;
  }
}
