// Joins the interface to its device: frames go from the one to the other, and who waits is woken.
#include "interface.h"

#include "kernel/devices.h"
#include "kernel/frames.h"
#include "kernel/log.h"
#include "poll.h"

static struct network_stack *stack;
static struct wait_queue waiting;

static bs_status send_frame(void *context, const uint8_t *frame, size_t bytes) {
  return network_send(context, frame, bytes);
}

static void take_frames(void) {
  uint8_t frame[NETWORK_FRAME_BYTES];
  size_t bytes;
  unsigned count = 0;
  while (network_receive(device_network(), frame, &bytes) == BS_OK) {
    network_input(stack, frame, bytes, arch_clock());
    count++;
  }
  if (count == 0) return;
  wake_all(&waiting);
  poll_changed();
}

/** What follows a word of the command line, or NULL. */
static const char *find_word(const char *line, const char *word) {
  for (const char *at = line; *at != 0; at++) {
    if (at != line && at[-1] != ' ') continue;
    size_t length = 0;
    while (word[length] != 0 && at[length] == word[length])
      length++;
    if (word[length] == 0) return at + length;
  }
  return NULL;
}

static bs_status open_interface(const struct network_settings *settings) {
  paddr frames;
  size_t pages = (sizeof(struct network_stack) + PAGE_BYTES - 1) / PAGE_BYTES;
  if (!frames_take_run(pages, &frames)) return BS_NOMEM;
  struct network_stack *opened = arch_direct(frames);
  bs_status status = network_open(opened, settings);
  if (status != BS_OK) {
    frames_give_run(frames, pages);
    return status;
  }
  stack = opened;
  devices_on_frames(take_frames);
  // Frames may have come before anybody was there to take them.
  take_frames();
  return BS_OK;
}

void interface_start(const struct boot_info *boot) {
  struct network_device *device = device_network();
  const char *text = find_word(boot->command_line, "net=");
  if (device == NULL || text == NULL) return;
  struct network_settings settings = {.send = send_frame, .context = device};
  for (unsigned i = 0; i < ETHERNET_ADDRESS_BYTES; i++)
    settings.hardware[i] = device->address[i];
  bs_status status = network_read_settings(text, &settings);
  if (status == BS_OK) status = open_interface(&settings);
  log_stage("network", "%s",
            status == BS_OK        ? "ready"
            : status == BS_INVALID ? "net= is no ADDRESS/BITS,GATEWAY of a host"
                                   : "no memory");
}

struct network_stack *interface_stack(void) {
  return stack;
}

bs_status interface_wait(uint64_t deadline) {
  return task_wait(&waiting, deadline);
}
