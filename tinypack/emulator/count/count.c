/* A QEMU plug-in that counts the instructions executed between two functions of the guest, exactly.
 *
 * Every instruction adds one to a counter, in generated code; only the markers call back. To add a block's length at its
 * beginning would be hardly faster, and wrong under -icount, which leaves blocks in the middle to reach a device.
 * The body of the first marker counts as nothing; an instruction that a condition skips counts as one.
 * Arguments: begin=ADDRESS, size=BYTES of the first marker, end=ADDRESS, out=FILE (one number a line).
 * With profile=FILE it also writes how often each instruction was executed. within=ADDRESS and within_size=BYTES name
 * a function whose instructions are told apart there: each is the site of itself and of all that follows until the
 * function's next one, so that a call has its own counts. Before the function's first instruction the site is 0.
 * With flash=ADDRESS, flash_bytes, line_bytes, data_lines and code_lines the profile also says what was read of flash.
 */
#include <stdio.h>
#include <string.h>

#include "counter.h"
#include "executions.h"
#include "flash.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = INTERFACE;

static uint64_t begin, size, end, within, within_size;
static uint64_t start, site;
static counter_t executed;
static unsigned int part;
static int running;
static FILE *out, *profile;

static void at_begin(unsigned int cpu, void *data) {
  (void)cpu;
  (void)data;
  start = counted(executed);
  running = 1;
  site = 0;
  executions_skip();
}

static void at_site(unsigned int cpu, void *data) {
  (void)cpu;
  if (running) {
    executions_write(profile, part, site);
    site = (uint64_t)(uintptr_t)data;
  }
}

static void at_end(unsigned int cpu, void *data) {
  (void)cpu;
  (void)data;
  if (running) {
    fprintf(out, "%llu\n", (unsigned long long)(counted(executed) - start));
    fflush(out); /* QEMU may be killed later */
  }
  if (running && profile != NULL) {
    executions_write(profile, part, site);
    fflush(profile);
  }
  part += running != 0;
  running = 0;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
  const size_t n = qemu_plugin_tb_n_insns(block);
  (void)id;
  for (size_t i = 0; i < n; i++) {
    struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
    const uint64_t address = qemu_plugin_insn_vaddr(instruction);
    if (address == begin) {
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, at_begin, QEMU_PLUGIN_CB_NO_REGS, NULL);
    } else if (address == end) {
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, at_end, QEMU_PLUGIN_CB_NO_REGS, NULL);
    } else if (address - begin >= size) {
      /* The call comes first: an instruction belongs to its own site. */
      if (profile != NULL && address - within < within_size) {
        qemu_plugin_register_vcpu_insn_exec_cb(
            instruction, at_site, QEMU_PLUGIN_CB_NO_REGS, (void *)(uintptr_t)address);
      }
      count(instruction, executed);
      if (profile != NULL) {
        executions_count(instruction, address);
      }
    }
  }
}

static const char *argument(const char *name, int argc, char **argv) {
  const size_t n = strlen(name);
  for (int i = 0; i < argc; i++) {
    if (strncmp(argv[i], name, n) == 0 && argv[i][n] == '=') {
      return argv[i] + n + 1;
    }
  }
  return "";
}

static uint64_t number(const char *name, int argc, char **argv) {
  return strtoull(argument(name, argc, argv), NULL, 0);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
  const char *wanted = argument("profile", argc, argv);
  (void)info;
  begin = number("begin", argc, argv);
  size = number("size", argc, argv);
  end = number("end", argc, argv);
  within = number("within", argc, argv);
  within_size = number("within_size", argc, argv);
  out = fopen(argument("out", argc, argv), "w");
  profile = *wanted != '\0' ? fopen(wanted, "w") : NULL;
  if (out == NULL || (*wanted != '\0' && profile == NULL)) {
    perror("the file of counts");
    return 1;
  }
  const flash_t flash = {
      number("flash", argc, argv), number("flash_bytes", argc, argv), number("line_bytes", argc, argv),
      number("data_lines", argc, argv), number("code_lines", argc, argv)};
  flash_is(flash);
  executed = make_counter();
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  return 0;
}
