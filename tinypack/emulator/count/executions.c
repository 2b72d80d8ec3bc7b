/* A counter for each address. An instruction that is translated anew, as part of another block, keeps its counter. */
#include "executions.h"

#include "flash.h"

#define BUCKETS 4096u

typedef struct entry {
  uint64_t address;
  counter_t counter;
  uint64_t seen;
  flash_use_t flash, flash_seen;
  struct entry *older;       /* in the order of translation */
  struct entry *same_bucket;
} entry_t;

static entry_t *buckets[BUCKETS];
static entry_t *newest;

static entry_t *entry_of(uint64_t address) {
  entry_t **bucket = &buckets[(address >> 1) % BUCKETS];
  for (entry_t *entry = *bucket; entry != NULL; entry = entry->same_bucket) {
    if (entry->address == address) {
      return entry;
    }
  }
  entry_t *entry = calloc(1, sizeof *entry);
  if (entry == NULL) {
    abort();
  }
  entry->address = address;
  entry->counter = make_counter();
  entry->older = newest;
  entry->same_bucket = *bucket;
  newest = *bucket = entry;
  return entry;
}

void executions_count(struct qemu_plugin_insn *instruction, uint64_t address) {
  entry_t *entry = entry_of(address);
  count(instruction, entry->counter);
  if (flash_watched()) {
    flash_watch(instruction, &entry->flash);
  }
}

void executions_skip(void) {
  for (entry_t *entry = newest; entry != NULL; entry = entry->older) {
    entry->seen = counted(entry->counter);
    entry->flash_seen = entry->flash;
  }
}

void executions_write(FILE *out, unsigned int part, uint64_t site) {
  for (entry_t *entry = newest; entry != NULL; entry = entry->older) {
    const uint64_t now = counted(entry->counter);
    if (now != entry->seen) {
      fprintf(out, "%u %llx %llx %llu", part, (unsigned long long)site, (unsigned long long)entry->address,
              (unsigned long long)(now - entry->seen));
      if (flash_watched()) {
        fprintf(out, " %llu %llu %llu", (unsigned long long)(entry->flash.reads - entry->flash_seen.reads),
                (unsigned long long)(entry->flash.data_lines - entry->flash_seen.data_lines),
                (unsigned long long)(entry->flash.code_lines - entry->flash_seen.code_lines));
      }
      fputc('\n', out);
    }
    entry->seen = now;
    entry->flash_seen = entry->flash;
  }
}
