// Calls of the log and of traces: both are lines on the console that programs can tell from their
// own.
#include "calls.h"
#include "errors.h"
#include "handles.h"
#include "kernel/log.h"
#include "span.h"
#include "user-memory.h"

/** Shows text of a program in quotes; what could break the line is shown as \xNN. */
static bs_status put_quoted(const struct task *task, vaddr text, uint64_t bytes) {
  size_t part;
  arch_console_write('"');
  for (uint64_t done = 0; done < bytes; done += part) {
    const uint8_t *at = user_part(task->process, text + done, bytes - done, ACCESS_READ, &part);
    if (at == NULL) return BS_INVALID;
    for (size_t i = 0; i < part; i++) {
      bool plain = at[i] >= ' ' && at[i] != 0x7f && at[i] != '"' && at[i] != '\\';
      if (plain)
        arch_console_write(at[i]);
      else
        log_text("\\x%02x", at[i]);
    }
  }
  arch_console_write('"');
  return BS_OK;
}

static void put_head(const struct task *task, const char *what) {
  log_text("%s time=%llu task=%u caps=0x%x", what, (unsigned long long)arch_clock(), task->number,
           task->capabilities);
}

bs_status call_log_write(struct task *task, const uint64_t *arguments) {
  static const char *const levels[] = {"debug", "info", "warn", "error"};
  put_head(task, "log");
  log_text(" level=%s message=", levels[arguments[0]]);
  bs_status status = put_quoted(task, arguments[1], arguments[2]);
  log_text("\n");
  return status;
}

bs_status call_trace_span_begin(struct task *task, const uint64_t *arguments) {
  static uint64_t last_number;
  struct span *span = object_take();
  if (span == NULL) return task_fails(task, BS_NOMEM, BS_DETAIL_MEMORY, 0, 0);
  span->number = ++last_number;
  span->start = arch_clock();
  bs_handle handle;
  bs_status status = handle_open(task, BS_HANDLE_SPAN, span, &handle);
  if (status != BS_OK) {
    span_release(span);
    return status;
  }
  put_head(task, "trace");
  log_text(" span=%llu begin=", (unsigned long long)span->number);
  status = put_quoted(task, arguments[0], arguments[1]);
  log_text("\n");
  return status == BS_OK ? user_write(task->process, arguments[2], &handle, sizeof(handle))
                         : status;
}

static struct span *named_span(const struct task *task, bs_handle handle) {
  bool stale;
  return handle_object(task->process, handle, 1u << BS_HANDLE_SPAN, &stale);
}

bs_status call_trace_span_end(struct task *task, const uint64_t *arguments) {
  const struct span *span = named_span(task, arguments[0]);
  put_head(task, "trace");
  log_text(" span=%llu end duration=%llu\n", (unsigned long long)span->number,
           (unsigned long long)(arch_clock() - span->start));
  handle_close(task->process, arguments[0]);
  return BS_OK;
}

bs_status call_trace_event(struct task *task, const uint64_t *arguments) {
  put_head(task, "trace");
  log_text(" span=%llu event=", (unsigned long long)named_span(task, arguments[0])->number);
  bs_status status = put_quoted(task, arguments[1], arguments[2]);
  if (status == BS_OK) {
    log_text(" detail=");
    status = put_quoted(task, arguments[3], arguments[4]);
  }
  log_text("\n");
  return status;
}
