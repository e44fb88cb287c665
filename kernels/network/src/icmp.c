// Answers echo requests (RFC 792).
#include "wire.h"

enum { ECHO_HEADER = 8, ECHO_ANSWER = 0, ECHO_REQUEST = 8 };

void icmp_input(struct network_stack *stack, ipv4 from, const uint8_t *message, size_t bytes,
                uint64_t now) {
  uint8_t frame[ETHERNET_FRAME_BYTES];
  uint8_t *answer = frame + ETHERNET_HEADER + IPV4_HEADER;
  bool fits = bytes >= ECHO_HEADER && bytes <= sizeof frame - ETHERNET_HEADER - IPV4_HEADER;
  if (!fits || message[0] != ECHO_REQUEST || message[1] != 0 ||
      fold(add_words(0, message, bytes)) != 0) {
    drop(stack);
    return;
  }
  copy_bytes(answer, message, bytes);
  answer[0] = ECHO_ANSWER;
  store16(answer + 2, 0);
  store16(answer + 2, fold(add_words(0, answer, bytes)));
  // An answer that cannot go out now is lost, as any packet may be.
  ipv4_send(stack, frame, from, IPV4_ICMP, bytes, now);
}
