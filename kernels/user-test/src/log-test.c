// The log and traces.
#include "check.h"
#include "subjects.h"

static void test_log_lines(void) {
  test_begin("log_write: levels, escapes, lengths, text that is none");
  check_status(bs_log_write(BS_LOG_DEBUG, "plain", 5), BS_OK);
  check_status(bs_log_write(BS_LOG_ERROR, "\nok 99 - not a test \"\\\x7f", 24), BS_OK);
  check_status(bs_log_write(BS_LOG_INFO, NULL, 0), BS_OK);
  check_status(bs_log_write(BS_LOG_ERROR + 1, "x", 1), BS_INVALID);
  check_status(bs_log_write(BS_LOG_INFO, "\xc0\x80", 2), BS_INVALID);
  check_detail(BS_DETAIL_TEXT, 1);
  check_status(bs_log_write(BS_LOG_INFO, "\xed\xa0\x80", 3), BS_INVALID);
  check_status(bs_log_write(BS_LOG_INFO, "\xf0\x9f\x98", 3), BS_INVALID);
  check_status(bs_log_write(BS_LOG_INFO, "\xf0\x9f\x98\x80", 4), BS_OK);
  check_status(bs_log_write(BS_LOG_INFO, "x", 1025), BS_INVALID);
  check_detail(BS_DETAIL_LENGTH, 1);
  check_status(bs_log_write(BS_LOG_INFO, (void *)0x100000, 4), BS_INVALID);
  check_detail(BS_DETAIL_ADDRESS, 1);
}

static void test_spans(void) {
  test_begin("trace_span_begin, trace_event, trace_span_end: a span's life, a full table");
  bs_handle span = 0, many[BS_MAX_SPAN_HANDLES], more = 0;
  check_status(bs_trace_span_begin("step", 4, &span), BS_OK);
  check_status(bs_trace_event(span, "seen", 4, "a=1", 3), BS_OK);
  check_status(bs_trace_event(span, "seen", 4, NULL, 0), BS_OK);
  check_status(bs_trace_event(span, "seen", 4, NULL, 1), BS_INVALID);
  check_status(bs_trace_event(span, "seen", 65, "a", 1), BS_INVALID);
  check_status(bs_trace_span_end(span), BS_OK);
  check_status(bs_trace_span_end(span), BS_NOENT);
  check_status(bs_trace_event(span, "late", 4, NULL, 0), BS_NOENT);
  check_status(bs_trace_span_begin("\xff", 1, &span), BS_INVALID);
  for (unsigned i = 0; i < BS_MAX_SPAN_HANDLES; i++)
    check_status(bs_trace_span_begin("", 0, &many[i]), BS_OK);
  check_status(bs_trace_span_begin("", 0, &more), BS_NOMEM);
  for (unsigned i = 0; i < BS_MAX_SPAN_HANDLES; i++)
    check_status(bs_trace_span_end(many[i]), BS_OK);
}

void test_log(void) {
  test_log_lines();
  test_spans();
}
