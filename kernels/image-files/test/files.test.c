// Images of files: what is found in one, and each rule of the format broken once.
#include "image-edit.h"
#include <test/tap.h>

static struct image_files files;

static bool open_vector(void) {
  return image_open(image_of_files, EDIT_BYTES, EDIT_BYTES, &files) == BS_OK;
}

static bool finds(void) {
  static const struct {
    const char *path;
    uint8_t kind, executable;
    const char *contents;
  } expected[] = {
      {"empty", IMAGE_FILE, 0, ""},
      {"lib", IMAGE_FOLDER, 0, NULL},
      {"lib.txt", IMAGE_FILE, 0, "not in lib"},
      {"lib/a.txt", IMAGE_FILE, 0, NULL},
      {"lib/deep", IMAGE_FOLDER, 0, NULL},
      {"lib/deep/b.txt", IMAGE_FILE, 0, NULL},
      {"main.py", IMAGE_FILE, 1, "print(\"hello\")\n"},
      {"\xc3\xbcml\xc3\xa4ut", IMAGE_FOLDER, 0, NULL},
      {"\xc3\xbcml\xc3\xa4ut/\xe6\xb0\xb4", IMAGE_FILE, 0, "water"},
  };
  tap_need(open_vector() && files.count == sizeof expected / sizeof expected[0]);
  for (uint32_t i = 0; i < files.count; i++) {
    uint32_t at;
    size_t bytes;
    const char *path = expected[i].path;
    tap_need(image_find(&files, path, strlen(path), &at) == BS_OK && at == i);
    tap_need(memcmp(image_path(&files, at, &bytes), path, strlen(path)) == 0);
    tap_need(bytes == strlen(path));
    const struct image_entry *entry = &files.entries[at];
    tap_need(entry->kind == expected[i].kind && entry->executable == expected[i].executable);
    const void *contents = image_of_files + entry->offset;
    tap_need(image_has_contents(entry, contents, entry->bytes) == (entry->kind == IMAGE_FILE));
    if (expected[i].contents == NULL) continue;
    tap_need(entry->bytes == strlen(expected[i].contents));
    tap_need(memcmp(contents, expected[i].contents, entry->bytes) == 0);
  }
  return true;
}

static bool finds_nothing(void) {
  static const char *const absent[] = {"lib/", "lib/a",     "lib/a.txtx", "a",
                                       "z",    "//main.py", "lib//a.txt", "lib/../main.py"};
  uint32_t at;
  tap_need(open_vector());
  for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
    tap_need(image_find(&files, absent[i], strlen(absent[i]), &at) == BS_NOENT);
  }
  tap_need(image_find(&files, "/lib/a.txt", 10, &at) == BS_OK && at == 3);
  tap_need(image_find(&files, "", 0, &at) == BS_OK && at == IMAGE_ROOT);
  return image_find(&files, "/", 1, &at) == BS_OK && at == IMAGE_ROOT;
}

/** Whether a folder has just these entries. */
static bool has_children(uint32_t folder, const uint32_t *children, size_t count) {
  uint32_t cursor = 0;
  for (size_t i = 0; i < count; i++) {
    if (!image_next(&files, folder, &cursor) || cursor - 1 != children[i]) return false;
  }
  return !image_next(&files, folder, &cursor);
}

static bool lists(void) {
  tap_need(open_vector());
  tap_need(has_children(IMAGE_ROOT, (const uint32_t[]){0, 1, 2, 6, 7}, 5));
  tap_need(has_children(1, (const uint32_t[]){3, 4}, 2));
  tap_need(has_children(4, (const uint32_t[]){5}, 1));
  tap_need(has_children(0, NULL, 0));
  tap_need(image_open(image_of_nothing, sizeof image_of_nothing, 512, &files) == BS_OK);
  return files.count == 0 && has_children(IMAGE_ROOT, NULL, 0);
}

static bool knows_contents(void) {
  uint32_t at;
  char text[] = "print(\"hello\")\n";
  tap_need(open_vector() && image_find(&files, "main.py", 7, &at) == BS_OK);
  tap_need(image_has_contents(&files.entries[at], text, 15));
  tap_need(!image_has_contents(&files.entries[at], text, 14));
  text[0] = 'P';
  return !image_has_contents(&files.entries[at], text, 15);
}

static bool refuses_cuts(void) {
  uint64_t index_bytes;
  tap_need(image_measure(image_of_files, EDIT_BYTES, &index_bytes) == BS_OK);
  for (size_t bytes = 0; bytes < index_bytes; bytes++) {
    uint8_t *cut = malloc(bytes + 1);
    memcpy(cut, image_of_files, bytes);
    tap_need(image_open(cut, bytes, EDIT_BYTES, &files) == BS_CORRUPT);
    free(cut);
  }
  tap_need(image_open(image_of_files, index_bytes, EDIT_BYTES - 1, &files) == BS_CORRUPT);
  tap_need(image_open(image_of_files + 4, index_bytes, EDIT_BYTES, &files) == BS_INVALID);
  return image_open(image_of_files, index_bytes, EDIT_BYTES, &files) == BS_OK;
}

static bool refuses_changes(void) {
  uint64_t index_bytes;
  tap_need(image_measure(image_of_files, EDIT_BYTES, &index_bytes) == BS_OK);
  for (size_t at = 0; at < index_bytes; at++) {
    uint8_t *changed = copy_image();
    changed[at] ^= 1;
    // The upper half of the count of entries.
    bs_status expected = at == 10 || at == 11 ? BS_RANGE : BS_CORRUPT;
    tap_need(image_open(changed, EDIT_BYTES, EDIT_BYTES, &files) == expected);
    free(changed);
  }
  return true;
}

/** Bytes of the image: of the header, of a field of an entry, of the names. */
enum {
  OF_ENTRY = IMAGE_HEADER_BYTES,
  OF_NAMES = IMAGE_HEADER_BYTES + 9 * IMAGE_ENTRY_BYTES,
};

static bool refuses_rules(void) {
  static const struct {
    const char *rule;
    size_t at;
    uint8_t byte;
  } broken[] = {
      {"reserved bytes of the header", 24, 1},
      {"a shorter image", 17, 0x0a},
      {"a longer image", 17, 0x12},
      {"an unknown kind", OF_ENTRY + 22, 3},
      {"a folder that is executable", OF_ENTRY + 64 + 23, 1},
      {"a folder with contents", OF_ENTRY + 64 + 8, 1},
      {"a folder with a hash", OF_ENTRY + 64 + 32, 1},
      {"an unknown flag", OF_ENTRY + 23, 2},
      {"an empty file at a place", OF_ENTRY + 1, 2},
      {"reserved bytes of an entry", OF_ENTRY + 28, 1},
      {"a path elsewhere", OF_ENTRY + 64 + 16, 6},
      {"a path that is too long", OF_ENTRY + 8 * 64 + 21, 1},
      {"an empty path", OF_ENTRY + 20, 0},
      {"contents elsewhere", OF_ENTRY + 2 * 64 + 1, 0},
      {"contents without end", OF_ENTRY + 8 * 64 + 15, 0xff},
      {"a parent that is a file", OF_ENTRY + 3 * 64 + 24, 0},
      {"a parent that is behind", OF_ENTRY + 3 * 64 + 24, 7},
      {"a parent that is another folder", OF_ENTRY + 5 * 64 + 24, 1},
      {"a parent of nothing", OF_ENTRY + 3 * 64 + 27, 0x7f},
      {"the root as a parent", OF_ENTRY + 24, 0},
      {"a control character", OF_NAMES, 0x1f},
      {"bytes that are no UTF-8", OF_NAMES, 0xff},
      {"paths out of order", OF_NAMES, 'z'},
      {"a slash at the start", OF_NAMES, '/'},
  };
  for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
    uint8_t *changed = copy_image();
    tap_need(changed[broken[i].at] != broken[i].byte);
    changed[broken[i].at] = broken[i].byte;
    bool refused = hash_again(changed, EDIT_BYTES) &&
                   image_open(changed, EDIT_BYTES, EDIT_BYTES, &files) == BS_CORRUPT;
    if (!refused) printf("# %s is taken\n", broken[i].rule);
    tap_need(refused);
    free(changed);
  }
  return true;
}

/** An image that claims a sector more than its contents fill. */
static bool refuses_slack(void) {
  uint8_t *changed = copy_image();
  changed[17] += 2;
  bool refused = hash_again(changed, EDIT_BYTES) &&
                 image_open(changed, EDIT_BYTES, 2 * EDIT_BYTES, &files) == BS_CORRUPT;
  free(changed);
  return refused;
}

/** An image with one file, written by hand. */
static bs_status open_path(const char *path) {
  static struct {
    uint8_t header[IMAGE_HEADER_BYTES];
    struct image_entry entry;
    char names[384];
  } image;
  size_t bytes = strlen(path);
  memset(&image, 0, sizeof image);
  memcpy(image.header, "BSIMAGE1\1", 9);
  image.header[12] = (uint8_t)bytes;
  image.header[13] = (uint8_t)(bytes >> 8);
  image.header[17] = 2;
  image.entry = (struct image_entry){.kind = IMAGE_FILE, .parent = IMAGE_ROOT};
  image.entry.path_bytes = (uint16_t)bytes;
  memcpy(image.names, path, bytes);
  hash_again((uint8_t *)&image, sizeof image);
  return image_open(&image, sizeof image, sizeof image, &files);
}

static bool refuses_paths(void) {
  static const char *const wrong[] = {"", ".", "..", "/", "a/", "/a", "a/b", "./a", "\x7f", "\xc3"};
  static const char *const right[] = {"a", "...", ".a", "..a", "a.", " ", "\xf0\x9f\xa6\x80"};
  char path[258];
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    tap_need(open_path(wrong[i]) == BS_CORRUPT);
  }
  for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
    tap_need(open_path(right[i]) == BS_OK);
  }
  memset(path, 'x', sizeof path);
  path[255] = 0;
  tap_need(open_path(path) == BS_OK);
  path[255] = 'x';
  path[256] = 0;
  return open_path(path) == BS_CORRUPT;
}

static bool limits_entries(void) {
  uint8_t header[IMAGE_HEADER_BYTES] = "BSIMAGE1";
  uint64_t index_bytes;
  tap_need(image_measure(header, sizeof header, &index_bytes) == BS_OK && index_bytes == 64);
  header[9] = IMAGE_ENTRIES_MAX >> 8;
  tap_need(image_measure(header, sizeof header, &index_bytes) == BS_OK);
  header[8] = 1;
  tap_need(image_measure(header, sizeof header, &index_bytes) == BS_RANGE);
  header[7] = '2';
  return image_measure(header, sizeof header, &index_bytes) == BS_CORRUPT;
}

int main(void) {
  tap_ok(finds(), "every path of an image is found, with its contents");
  tap_ok(finds_nothing(), "what is no path of the image is not found");
  tap_ok(lists(), "folders list what is in them");
  tap_ok(knows_contents(), "other contents are told from those of a file");
  tap_ok(refuses_cuts(), "an image that is cut off is refused");
  tap_ok(refuses_changes(), "a changed byte of the index is found");
  tap_ok(refuses_rules(), "each rule of the format is kept, also under a right hash");
  tap_ok(refuses_slack(), "an image is as long as its contents");
  tap_ok(refuses_paths(), "a path has parts, and none that leads elsewhere");
  tap_ok(limits_entries(), "an image says how long its index is, within limits");
  return tap_done();
}
