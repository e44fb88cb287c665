// The ABI as constants of TypeScript.

const objectText = (values) =>
  `{ ${values.map(({ name, value }) => `${name}: ${value}`).join(', ')} } as const`;

const constantName = (name) => name.toUpperCase();

/** The text of tools/kernel-abi/src/generated/kernel-abi.ts. */
export function tsConstants({ version, statuses, groups, limits, calls }) {
  const { major, minor, patch } = version;
  return [
    '// Generated from schemas/kernel-abi.json by tools/kernel-abi; edit that.',
    `/** The version of the ABI. */\nexport const ABI_VERSION = { major: ${major}, minor: ${minor}, patch: ${patch} } as const;`,
    `/** What calls answer. */\nexport const STATUS = ${objectText(statuses)};`,
    ...groups.map(
      ({ name, summary, values }) =>
        `/** ${summary} */\nexport const ${constantName(name)} = ${objectText(values)};`,
    ),
    `/** Limits of a process. */\nexport const LIMITS = ${objectText(limits)};`,
    `/** Numbers of the calls. */\nexport const CALLS = ${objectText(
      calls.map(({ name, number }) => ({ name, value: number })),
    )};`,
  ].join('\n\n');
}
