// The text of floats: named cases, and round trips against the C library of the host, which is
// exact.
#include <stdlib.h>

#include "../src/float-bits.h"
#include <basalt/float-text.h>
#include <test/tap.h>

static const struct {
  double number;
  const char *text;
} formatted[] = {
    {0.0, "0"},
    {-0.0, "-0"},
    {1, "1"},
    {-1.5, "-1.5"},
    {0.1, "0.1"},
    {0.1 + 0.2, "0.30000000000000004"},
    {100, "100"},
    {1e20, "100000000000000000000"},
    {1e21, "1e+21"},
    {123456789012345680000.0, "123456789012345680000"},
    {1e-6, "0.000001"},
    {1e-7, "1e-7"},
    {0.0000012345678901234567, "0.0000012345678901234567"},
    {1.5e300, "1.5e+300"},
    {5e-324, "5e-324"},
    {2.2250738585072014e-308, "2.2250738585072014e-308"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {9007199254740993.0, "9007199254740992"},
    {9.5, "9.5"},
    {2e-44, "2e-44"},
    {9.007199254740991e15, "9007199254740991"},
    {4.35, "4.35"},
    {1e23, "1e+23"},
    {9.5367431640625e-7, "9.5367431640625e-7"},
};

static bool formats_named(void) {
  for (size_t i = 0; i < sizeof formatted / sizeof formatted[0]; i++) {
    char text[BS_FLOAT_TEXT_BYTES + 1];
    text[bs_float_format(formatted[i].number, text)] = 0;
    if (strcmp(text, formatted[i].text) != 0) printf("# %s, not %s\n", text, formatted[i].text);
    tap_need(strcmp(text, formatted[i].text) == 0);
  }
  return true;
}

static bool formats_special(void) {
  char text[BS_FLOAT_TEXT_BYTES];
  tap_need(bs_float_format(bs_float_from_bits(BS_FLOAT_NAN), text) == 3 &&
           memcmp(text, "NaN", 3) == 0);
  tap_need(bs_float_format(bs_float_from_bits(BS_FLOAT_INFINITY), text) == 8 &&
           memcmp(text, "Infinity", 8) == 0);
  tap_need(bs_float_format(-bs_float_from_bits(BS_FLOAT_INFINITY), text) == 9 &&
           memcmp(text, "-Infinity", 9) == 0);
  return true;
}

// The fewest digits that read back, by trying; of these printf gives the nearest.
static void shortest_by_trial(double number, char out[40]) {
  for (int digits = 1; digits <= 17; digits++) {
    snprintf(out, 40, "%.*e", digits - 1, number);
    if (strtod(out, NULL) == number) return;
  }
}

static bool is_shortest(double number) {
  char expected[40];
  char actual[40];
  char text[BS_FLOAT_TEXT_BYTES + 1];
  shortest_by_trial(number, expected);
  size_t length = bs_float_format(number, text);
  double back;
  tap_need(bs_float_parse(text, length, &back));
  tap_need(bs_float_to_bits(back) == bs_float_to_bits(number));
  bs_decimal decimal = bs_float_shortest(number < 0 ? -number : number);
  snprintf(actual, sizeof actual, "%s%llue%d", number < 0 ? "-" : "",
           (unsigned long long)decimal.digits, decimal.exponent);
  tap_need(strtod(actual, NULL) == number);
  // Never longer than what trial found, which rounds to the nearest of its length: at a power of
  // two another decimal of that length may read back where the nearest does not.
  size_t count = 0;
  for (uint64_t rest = decimal.digits; rest > 0; rest /= 10)
    count++;
  uint64_t digits = 0;
  size_t tried = 0;
  for (const char *c = expected; *c != 'e'; c++) {
    if (*c < '0' || *c > '9') continue;
    digits = digits * 10 + (uint64_t)(*c - '0');
    tried++;
  }
  tap_need(count <= tried);
  // Where both have the same length they differ at most where two decimals are equally near.
  if (count == tried) tap_need(digits - decimal.digits + 1 <= 2);
  return true;
}

static bool all_shortest(void) {
  uint64_t seed = 1;
  for (int i = 0; i < 20000; i++) {
    double number = bs_float_from_bits(tap_random(&seed));
    if (number != number || number - number != 0) continue;
    tap_need(is_shortest(number));
    // Few significant bits: powers of two and their neighbours, where the gaps change.
    double sparse =
        bs_float_from_bits((tap_random(&seed) & BS_FLOAT_INFINITY) + (tap_random(&seed) % 5) - 2);
    if (sparse == sparse && sparse - sparse == 0 && sparse != 0) tap_need(is_shortest(sparse));
    tap_need(is_shortest((double)(tap_random(&seed) % 1000000 + 1) / 1000));
  }
  return true;
}

static const struct {
  const char *text;
  uint64_t bits;
} parsed[] = {
    {"0", 0},
    {"-0", 0x8000000000000000},
    {"-0.0e5", 0x8000000000000000},
    {"00012.50", 0x4029000000000000},
    {"1e400", 0x7ff0000000000000},
    {"-1e99999999999999999999999", 0xfff0000000000000},
    {"1e-99999999999999999999999", 0},
    {"2.4703282292062327e-324", 0},
    {"2.4703282292062328e-324", 1},
    {"2.4703282292062327208299e-324", 0},
    {"4.9E-324", 1},
    {"2.2250738585072011e-308", 0x000fffffffffffff},
    {"1.7976931348623158e308", 0x7fefffffffffffff},
    {"1.7976931348623159e308", 0x7ff0000000000000},
    {"9007199254740993", 0x4340000000000000},
    {"9007199254740993.00000000000000000000000000000000000000000000000001", 0x4340000000000001},
    {"9007199254740992.999999999999999999999999999999999999999999999999", 0x4340000000000000},
    {"NaN", 0x7ff8000000000000},
    {"Infinity", 0x7ff0000000000000},
    {"-Infinity", 0xfff0000000000000},
};

static bool parses_named(void) {
  for (size_t i = 0; i < sizeof parsed / sizeof parsed[0]; i++) {
    double number;
    tap_need(bs_float_parse(parsed[i].text, strlen(parsed[i].text), &number));
    if (bs_float_to_bits(number) != parsed[i].bits) printf("# %s\n", parsed[i].text);
    tap_need(bs_float_to_bits(number) == parsed[i].bits);
  }
  return true;
}

static bool refuses(void) {
  static const char *const malformed[] = {
      "",   "-",  "+1",   ".5",   "5.",       "1e",        "1e+",  "1.e5", "0x10", "1_0",
      " 1", "1 ", "1..2", "1e5.", "infinity", "Infinityx", "-NaN", "nan",  "--1",  "1e--1",
  };
  for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
    double number = 42;
    tap_need(!bs_float_parse(malformed[i], strlen(malformed[i]), &number));
    tap_need(number == 42);
  }
  return true;
}

// Texts near the middle between two floats, which the host reads exactly.
static bool parses_like_host(void) {
  uint64_t seed = 2;
  static char text[4000];
  for (int i = 0; i < 20000; i++) {
    double number = bs_float_from_bits(tap_random(&seed) & ~(1ull << 63));
    if (number != number || number - number != 0) continue;
    int digits = (int)(tap_random(&seed) % 40) + 1;
    snprintf(text, sizeof text, "%.*e", digits, number);
    double back;
    tap_need(bs_float_parse(text, strlen(text), &back));
    tap_need(bs_float_to_bits(back) == bs_float_to_bits(strtod(text, NULL)));
  }
  for (int i = 0; i < 2000; i++) {
    // long double holds the middle of two neighbours exactly; 770 digits print it without rounding.
    double low = bs_float_from_bits(tap_random(&seed) % BS_FLOAT_INFINITY);
    double high = bs_float_from_bits(bs_float_to_bits(low) + 1);
    if (high - high != 0) continue;
    int length = snprintf(text, sizeof text, "%.770Le", ((long double)low + (long double)high) / 2);
    char *mark = strchr(text, 'e');
    for (int last = 0; last < 3; last++) {
      // Exactly the middle, and a little more or less, far behind the digits that are kept.
      mark[-1] = (char)('0' + last);
      double back;
      tap_need(bs_float_parse(text, (size_t)length, &back));
      tap_need(bs_float_to_bits(back) == bs_float_to_bits(strtod(text, NULL)));
    }
  }
  return true;
}

// More digits than are kept: the first that is not zero comes after 2000 others.
static bool reads_far_digits(void) {
  static char text[4000];
  strcpy(text, "9007199254740993.");
  memset(text + 17, '0', 3000);
  double number;
  tap_need(bs_float_parse(text, 3017, &number) && number == 9007199254740992.0);
  text[3016] = '1';
  tap_need(bs_float_parse(text, 3017, &number) && number == 9007199254740994.0);
  memset(text, '0', sizeof text);
  text[0] = '1';
  memcpy(text + 3000, "e-3000", 6);
  tap_need(bs_float_parse(text, 3006, &number) && number == 0.1);
  return true;
}

int main(void) {
  tap_ok(formats_named(), "named numbers have their text");
  tap_ok(formats_special(), "NaN and the infinities have names");
  tap_ok(all_shortest(), "the text is the shortest that reads back");
  tap_ok(parses_named(), "named texts have their number");
  tap_ok(refuses(), "other text is refused and writes nothing");
  tap_ok(parses_like_host(), "reading rounds as the host does");
  tap_ok(reads_far_digits(), "digits far behind decide a tie");
  return tap_done();
}
