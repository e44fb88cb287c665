// All tasks in io_poll wait in one queue and look again at their handles whenever one that can be
// waited for changed: there are few of them, and no event is lost.
#include "poll.h"

#include "channel.h"
#include "deadline.h"
#include "device.h"
#include "handles.h"
#include "socket.h"

/** The console raises no interrupt: while somebody waits for it, it is asked this often. */
#define CONSOLE_INTERVAL_NS UINT64_C(10000000)

static struct wait_queue waiting;

void poll_changed(void) {
  wake_all(&waiting);
}

bs_status poll_wait(uint64_t deadline) {
  return task_wait(&waiting, deadline);
}

static void lower(uint64_t *deadline, uint64_t to) {
  if (to < *deadline) *deadline = to;
}

static unsigned channel_events(const struct channel *channel) {
  return (channel->count > 0 ? BS_IO_READABLE : 0u) |
         (!channel->closed && channel->count < BS_MAX_IPC_MESSAGES ? BS_IO_WRITABLE : 0u) |
         (channel->closed ? BS_IO_HANGUP : 0u);
}

unsigned poll_events(const struct task *task, bs_handle handle, uint64_t *deadline) {
  bool stale;
  void *object = handle_object(task->process, handle, UINT64_MAX, &stale);
  if (object == NULL) return BS_IO_ERROR;
  switch (handle_tag(handle)) {
  case BS_HANDLE_IO: {
    unsigned events = device_events(object);
    const struct device *device = object;
    if (device->file == NULL && (device->flags & BS_IO_FOR_READ) != 0)
      lower(deadline, arch_clock() + CONSOLE_INTERVAL_NS);
    return events;
  }
  case BS_HANDLE_TIMER: {
    uint64_t time = ((struct deadline *)object)->time;
    if (time <= arch_clock()) return BS_IO_READABLE;
    lower(deadline, time);
    return 0;
  }
  case BS_HANDLE_IPC:
    return channel_events(object);
  case BS_HANDLE_NET:
    return socket_events(object);
  case BS_HANDLE_TASK:
    return ((struct task *)object)->state == TASK_ENDED ? BS_IO_READABLE : 0;
  default:
    return BS_IO_ERROR;
  }
}
