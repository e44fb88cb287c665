// Writes test/image-vectors.h: images as write-image.mjs makes them, of files that the tests name too.
import { writeFileSync } from 'node:fs';
import { writeImage } from '../../../tools/nx-kernel/write-image.mjs';

const text = (value) => Buffer.from(value, 'utf8');

const FILES = {
  'main.py': text('print("hello")\n'),
  'lib/a.txt': text('a'.repeat(512)),
  'lib/deep/b.txt': text('b'.repeat(513)),
  'lib.txt': text('not in lib'),
  empty: text(''),
  '\u00fcml\u00e4ut/\u6c34': text('water'),
};

function asArray(name, bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16)
    lines.push(`    ${[...bytes.subarray(at, at + 16)].join(', ')},`);
  return `static const uint8_t ${name}[] __attribute__((aligned(8))) = {\n${lines.join('\n')}\n};\n`;
}

const target = new URL('../test/image-vectors.h', import.meta.url);
writeFileSync(
  target,
  `// Made by tools/image-vectors.mjs; do not edit.
#pragma once

#include <stdint.h>

// clang-format off
${asArray('image_of_files', writeImage(FILES, { executable: new Set(['main.py']) }))}
${asArray('image_of_nothing', writeImage({}))}// clang-format on
`,
);
