// The C header of the ABI, for the kernel and for programs: constants, structures, numbers of calls.
import { cConstant, cFileStart, cType } from './c-types.mjs';
import { structBytes } from './read-abi.mjs';

function groupText({ summary, prefix = '', values }) {
  const lines = values.map(
    ({ name, value, summary: what }) =>
      `  /** ${what} */\n  ${cConstant(prefix + name)} = ${value},`,
  );
  return `/** ${summary} */\nenum {\n${lines.join('\n')}\n};`;
}

function structText(struct) {
  const fields = struct.fields.map(
    ({ name, type, count }) =>
      `  ${cType(type)} ${name}${count === undefined ? '' : `[${count}]`};`,
  );
  return (
    `/** ${struct.summary} */\nstruct bs_${struct.name} {\n${fields.join('\n')}\n};\n` +
    `_Static_assert(sizeof(struct bs_${struct.name}) == ${structBytes(struct)}, "no padding");`
  );
}

/** The text of kernels/include/basalt/kernel-abi.h. */
export function cHeader({ version, statuses, groups, structs, limits, calls }) {
  const { major, minor, patch } = version;
  return [
    cFileStart('Constants, structures and call numbers of the kernel, for both of its sides.'),
    '#pragma once\n\n#include "basalt/status.h"\n\n#include <stdint.h>\n',
    '/** Names an object of the kernel for the process that holds it. */\ntypedef uint64_t bs_handle;\n',
    `/** The version that this header is of. */\nenum { BS_ABI_MAJOR = ${major}, BS_ABI_MINOR = ${minor}, BS_ABI_PATCH = ${patch} };\n`,
    `${statuses
      .map(
        ({ name, value }) =>
          `_Static_assert(${cConstant(name)} == ${value}, "status.h and the ABI agree");`,
      )
      .join('\n')}\n`,
    ...groups.map((group) => `${groupText(group)}\n`),
    ...structs.map((struct) => `${structText(struct)}\n`),
    `/** Limits. */\nenum {\n${limits
      .map(
        ({ name, value, summary }) =>
          `  /** ${summary} */\n  ${cConstant(`max_${name}`)} = ${value},`,
      )
      .join('\n')}\n};\n`,
    `/** Numbers of the calls. */\nenum {\n${calls
      .map(({ name, number }) => `  ${cConstant(`call_${name}`)} = ${number},`)
      .join('\n')}\n  BS_CALL_COUNT = ${calls.length},\n};\n`,
  ].join('\n');
}

/** The text of kernels/user/include/basalt/system-calls.h: a function for each call. */
export function cStubs({ calls }, { cParameter, cWord }) {
  const stubs = calls.map((call) => {
    const parameters = call.arguments.map(cParameter).join(', ') || 'void';
    const words = call.arguments.map(cWord);
    while (words.length < 6) words.push('0');
    return (
      `/** ${call.summary} */\nstatic inline bs_status bs_${call.name}(${parameters}) {\n` +
      `  return (bs_status)bs_system_call(BS_CALL_${call.name.toUpperCase()}, ${words.join(', ')});\n}\n`
    );
  });
  return [
    cFileStart('The calls of the kernel as functions of C, for programs.'),
    '#pragma once\n\n#include "basalt/kernel-abi.h"\n',
    '/** Enters the kernel: the call of this number, with its arguments. */\n' +
      'uint64_t bs_system_call(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);\n',
    ...stubs,
  ].join('\n');
}
