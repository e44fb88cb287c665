// The kernel's table of checks: for each call its capability and what each argument must be.
import { cFileStart } from './c-types.mjs';
import { structBytes, TYPE_BYTES } from './read-abi.mjs';

const bytesOf = ({ structs }, type) =>
  TYPE_BYTES[type] ?? structBytes(structs.find(({ name }) => name === type));

function alignmentOf({ structs }, type) {
  if (Object.hasOwn(TYPE_BYTES, type)) return TYPE_BYTES[type];
  const { fields } = structs.find(({ name }) => name === type);
  return Math.max(...fields.map((field) => TYPE_BYTES[field.type]));
}

function valueRule({ groups }, { type, of, min, max }) {
  const rule = { kind: type[0] === 'i' ? 'SIGNED' : 'NUMBER' };
  if (type === 'i64') rule.kind = 'ANY';
  if (type === 'i32') return rule;
  if (of !== undefined) {
    const group = groups.find(({ name }) => name === of);
    const bits = group.values.reduce(
      (all, { value }) => all | (group.flags ? BigInt(value) : 1n << BigInt(value)),
      0n,
    );
    return { kind: group.flags ? 'FLAGS' : 'CHOICE', max: `UINT64_C(${bits})` };
  }
  const widest = type === 'u32' ? 'UINT32_MAX' : 'UINT64_MAX';
  return { ...rule, min: min ?? 0, max: max === undefined ? widest : `${max}` };
}

const RULES = {
  value: valueRule,
  handle({ groups }, { of, optional }) {
    const kinds = groups.find(({ name }) => name === 'handle').values;
    const bits = of.map((each) => 1 << kinds.find(({ name }) => name === each).value);
    return { kind: 'HANDLE', optional, max: `${bits.reduce((all, bit) => all | bit, 0)}` };
  },
  handles: (_abi, { max }) => ({ kind: 'READ', bytes: 8, alignment: 8, max: `${max}` }),
  address: () => ({ kind: 'ANY' }),
  path: (_abi, { max }) => ({ kind: 'PATH', max: `${max}` }),
  input: (_abi, { max, text }) => ({
    kind: text === true ? 'TEXT' : 'READ',
    bytes: 1,
    alignment: 1,
    max: `${max}`,
  }),
  output: (_abi, { max }) => ({ kind: 'WRITE', bytes: 1, alignment: 1, max: `${max}` }),
  in: (abi, { type }) => ({
    kind: 'READ',
    bytes: bytesOf(abi, type),
    alignment: alignmentOf(abi, type),
    max: '1',
  }),
  out: (abi, { type, optional }) => ({
    kind: 'WRITE',
    bytes: bytesOf(abi, type),
    alignment: alignmentOf(abi, type),
    optional,
    max: '1',
  }),
  'out-list': (abi, { type }) => ({
    kind: 'WRITE',
    bytes: bytesOf(abi, type),
    alignment: alignmentOf(abi, type),
    max: 'UINT32_MAX',
  }),
};

function ruleText(abi, call, argument) {
  const { kind, ...rule } = RULES[argument.kind](abi, argument);
  const partner = argument.length ?? argument.count;
  const fields = { ...rule };
  if (partner !== undefined)
    fields.partner = call.arguments.findIndex(({ name }) => name === partner) + 1;
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== 0);
  return `{${[`.kind = RULE_${kind}`, ...given.map(([key, value]) => `.${key} = ${value}`)].join(', ')}}`;
}

/** The text of kernels/core/src/generated/call-rules.c. */
export function cRules(abi) {
  const kinds = abi.groups.find(({ name }) => name === 'capability').values;
  const entries = abi.calls.map((call) => {
    const rules = call.arguments.map((argument) => `      ${ruleText(abi, call, argument)},\n`);
    const capability = kinds.find(({ name }) => name === call.capability)?.value ?? 0;
    const checked =
      rules.length > 0 ? `, .count = ${rules.length}, .arguments = {\n${rules.join('')}  }` : '';
    return (
      `  [BS_CALL_${call.name.toUpperCase()}] = ` +
      `{.name = "${call.name}", .capability = ${capability}${checked}},\n`
    );
  });
  return [
    cFileStart('What each call takes, for the checks before it runs.'),
    '#include "../call-rules.h"\n',
    `const struct call_rule call_rules[BS_CALL_COUNT] = {\n${entries.join('')}};\n`,
  ].join('\n');
}
