/* From the core's reset to main() and from there to the end. */
#include <stdlib.h>
#include <string.h>

#include "bare/bare.h"
#include "machine.h"

extern char machine_data_start[], machine_data_end[], machine_data_load[], machine_bss_start[], machine_bss_end[];

extern int main(int argc, char **argv);
extern void __libc_init_array(void);

void *__dso_handle;

void _init(void) {
}

void _fini(void) {
}

void machine_run(void) {
  memcpy(machine_data_start, machine_data_load, (size_t)(machine_data_end - machine_data_start));
  memset(machine_bss_start, 0, (size_t)(machine_bss_end - machine_bss_start));
  machine_protect();
  machine_start();
  __libc_init_array();
  exit(main(0, NULL));
}
