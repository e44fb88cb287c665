// The include checker bites: each way to reach where one must not is planted once.
import { includeFaults } from '../include-faults.mjs';
import { includesOf } from '../includes.mjs';
import { makeFolder, removeFolders } from './workspace.mjs';

afterAll(removeFolders);

const kernel = (layer, uses = []) => JSON.stringify({ name: `kernel-${layer}`, layer, uses });

const PLAIN = {
  'kernels/include/kernel.json': kernel('include'),
  'kernels/include/basalt/status.h': '#pragma once\n#include <stdint.h>\n',
  'kernels/runtime/kernel.json': kernel('runtime', ['include']),
  'kernels/runtime/include/basalt/heap.h': '#pragma once\n#include "basalt/status.h"\n',
  'kernels/runtime/src/inside.h': '#pragma once\n',
  'kernels/runtime/src/heap.c': '#include "basalt/heap.h"\n#include "inside.h"\n',
  'kernels/runtime/test/heap.test.c': '#include "../src/inside.h"\n#include <stdio.h>\n',
  'kernels/core/kernel.json': kernel('core', ['runtime', 'include']),
  'kernels/core/include/core/task.h': '#pragma once\n#include "basalt/heap.h"\n',
  'kernels/x86_64/kernel.json': kernel('arch', ['core']),
  'kernels/x86_64/src/boot.S': '#include "core/task.h"\n',
};

const faults = (folder, changes) => includeFaults(makeFolder({ ...PLAIN, ...changes }), folder);

test('includes downward are right', () => {
  for (const folder of ['include', 'runtime', 'core', 'x86_64'])
    expect([folder, faults(folder, {})]).toEqual([folder, []]);
});

test('an include upward is a fault', () => {
  expect(faults('runtime', { 'kernels/runtime/src/heap.c': '\n#include "core/task.h"\n' })).toEqual(
    [
      'kernels/runtime/src/heap.c:2: "core/task.h" is of kernels/core, which ' +
        'kernels/runtime/kernel.json does not use',
    ],
  );
  const beside = '#include "../../x86_64/src/boot.S"\n';
  expect(faults('core', { 'kernels/core/src/task.c': beside })).toEqual([
    'kernels/core/src/task.c:1: "../../x86_64/src/boot.S" is of kernels/x86_64, which ' +
      'kernels/core/kernel.json does not use',
  ]);
});

test('so is a description that claims it', () => {
  const claims = { 'kernels/include/kernel.json': kernel('include', ['core']) };
  const claimed = ['core', 'runtime'].map(
    (layer) =>
      `kernels/include/kernel.json: a project of layer include must not stand on kernels/${layer}, ` +
      `which is of layer ${layer}`,
  );
  expect(faults('include', claims)).toEqual(claimed);
});

test('so is a header that is not public, not there, or not freestanding', () => {
  const source = [
    '#include "../../runtime/src/inside.h"',
    '/* #include "comment.h"',
    '*/ #include "nowhere.h"',
    '#  include <stdlib.h>',
    '#include <stddef.h>',
    '#include "../../../package.json"',
  ].join('\n');
  expect(faults('core', { 'kernels/core/src/task.c': source, 'package.json': '{}' })).toEqual([
    'kernels/core/src/task.c:1: "../../runtime/src/inside.h" is inside of kernels/runtime; only its ' +
      'include folder is open',
    'kernels/core/src/task.c:3: "nowhere.h" is nowhere in kernels',
    'kernels/core/src/task.c:4: <stdlib.h> is no header of freestanding C11; only tests may use it',
    'kernels/core/src/task.c:6: "../../../package.json" is outside of the kernel projects',
  ]);
});

test('what tests share is open to tests alone', () => {
  const shared = { 'kernels/include/test/tap.h': '#pragma once\n#include <stdio.h>\n' };
  const include = '#include <test/tap.h>\n';
  expect(faults('include', shared)).toEqual([]);
  expect(faults('runtime', { ...shared, 'kernels/runtime/test/heap.test.c': include })).toEqual([]);
  expect(faults('runtime', { ...shared, 'kernels/runtime/src/heap.c': include })).toEqual([
    'kernels/runtime/src/heap.c:1: "test/tap.h" is for tests; only tests may use it',
  ]);
});

test('includes are read with their lines', () => {
  expect(includesOf('// #include "a.h"\n\t#include "b/c.h" // d\n#include <e.h>\nint f;')).toEqual([
    { path: 'b/c.h', system: false, line: 2 },
    { path: 'e.h', system: true, line: 3 },
  ]);
});
