// Names and types of the ABI as C writes them.

/** What opens each generated C file; `why` is its first comment. */
export function cFileStart(why) {
  return `// Generated from schemas/kernel-abi.json by tools/kernel-abi; edit that.\n// ${why}\n// clang-format off\n`;
}

const C_TYPES = {
  u8: 'uint8_t',
  u32: 'uint32_t',
  u64: 'uint64_t',
  i32: 'int32_t',
  i64: 'int64_t',
  size: 'uint64_t',
  time: 'uint64_t',
  handle: 'bs_handle',
  address: 'uint64_t',
};

/** The C type of a type or a structure. */
export const cType = (type) => C_TYPES[type] ?? `struct bs_${type}`;

/** The C name of a constant. */
export const cConstant = (name) => `BS_${name.toUpperCase()}`;

const PARAMETERS = {
  value: ({ type, name }) => `${cType(type)} ${name}`,
  handle: ({ name }) => `bs_handle ${name}`,
  handles: ({ name }) => `const bs_handle *${name}`,
  address: ({ name }) => `uint64_t ${name}`,
  path: ({ name }) => `const char *${name}`,
  input: ({ name }) => `const void *${name}`,
  output: ({ name }) => `void *${name}`,
  in: ({ type, name }) => `const ${cType(type)} *${name}`,
  out: ({ type, name }) => `${cType(type)} *${name}`,
  'out-list': ({ type, name }) => `${cType(type)} *${name}`,
};

/** The parameter that an argument is for a C program. */
export const cParameter = (argument) => PARAMETERS[argument.kind](argument);

/** The argument as the 64-bit word that the call passes. */
export function cWord({ kind, name, type }) {
  if (kind === 'value') return type[0] === 'i' ? `(uint64_t)(int64_t)${name}` : name;
  if (kind === 'handle' || kind === 'address') return name;
  return `(uint64_t)(uintptr_t)${name}`;
}
