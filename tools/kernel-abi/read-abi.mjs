// Reads the ABI and refuses what its schema, or what it says itself elsewhere, contradicts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import { workspaceRoot } from '@basalt/generate';

const readJson = (path) => JSON.parse(readFileSync(join(workspaceRoot, path), 'utf8'));

/** Bytes of the types that arguments and fields have. */
export const TYPE_BYTES = {
  u8: 1,
  u32: 4,
  u64: 8,
  i32: 4,
  i64: 8,
  size: 8,
  time: 8,
  handle: 8,
  address: 8,
};

/** Bytes of a structure; its fields need no padding, or this throws. */
export function structBytes({ name, fields }) {
  let bytes = 0;
  for (const { name: field, type, count = 1 } of fields) {
    if (bytes % TYPE_BYTES[type] !== 0) throw new Error(`${name}.${field} would need padding`);
    bytes += TYPE_BYTES[type] * count;
  }
  const alignment = Math.max(...fields.map(({ type }) => TYPE_BYTES[type]));
  if (bytes % alignment !== 0) throw new Error(`${name} would end with padding`);
  return bytes;
}

function repeated(list) {
  return list.find((item, at) => list.indexOf(item) !== at);
}

function argumentFault(abi, call, argument) {
  const named = (list, name) => list.some((each) => each.name === name);
  const { name, kind, type, of, length, count } = argument;
  const place = `${call.name}: argument ${name}`;
  const partner = length ?? count;
  if (partner !== undefined) {
    const other = call.arguments.find((each) => each.name === partner);
    if (other === undefined) return `${place} names ${partner}, which is no argument`;
    if (other.kind !== 'value') return `${place} names ${partner}, which is no number`;
  }
  if (kind === 'value' && of !== undefined && !named(abi.groups, of))
    return `${place} is of ${of}, which is no group`;
  if (kind === 'handle') {
    const kinds = abi.groups.find((group) => group.name === 'handle')?.values ?? [];
    const unknown = of.find((each) => !named(kinds, each));
    if (unknown !== undefined) return `${place} is a handle of ${unknown}, which is no kind`;
  }
  if (['in', 'out', 'out-list'].includes(kind)) {
    if (!Object.hasOwn(TYPE_BYTES, type) && !named(abi.structs, type))
      return `${place} has the type ${type}, which is none`;
  }
  return undefined;
}

function callFaults(abi, call, at) {
  const faults = [];
  if (call.number !== at)
    faults.push(`${call.name} has number ${call.number} in place ${at}: numbers never change`);
  const capabilities = abi.groups.find(({ name }) => name === 'capability')?.values ?? [];
  if (call.capability !== null && !capabilities.some(({ name }) => name === call.capability))
    faults.push(`${call.name} needs the capability ${call.capability}, which is none`);
  const twice = repeated(call.arguments.map(({ name }) => name));
  if (twice !== undefined) faults.push(`${call.name} has two arguments ${twice}`);
  for (const argument of call.arguments) {
    const fault = argumentFault(abi, call, argument);
    if (fault !== undefined) faults.push(fault);
  }
  for (const { status } of call.errors)
    if (!abi.statuses.some(({ name }) => name === status))
      faults.push(`${call.name} answers ${status}, which is no status`);
  return faults;
}

/** What is wrong with an ABI, one line each; none when all is right. */
export function abiFaults(abi) {
  const validate = new Ajv({ allErrors: true }).compile(readJson('schemas/kernel-abi.schema.json'));
  if (!validate(abi))
    return validate.errors.map(({ instancePath, message }) => `${instancePath}: ${message}`);
  const faults = [];
  for (const key of ['statuses', 'groups', 'structs', 'limits', 'calls']) {
    const twice = repeated(abi[key].map(({ name }) => name));
    if (twice !== undefined) faults.push(`${key} has ${twice} twice`);
  }
  for (const { name, flags, values } of abi.groups) {
    const twice = repeated(values.map(({ value }) => value));
    if (twice !== undefined) faults.push(`the group ${name} has the value ${twice} twice`);
    const odd = flags ? values.find(({ value }) => (value & (value - 1)) !== 0) : undefined;
    if (odd !== undefined) faults.push(`${odd.name} of the group ${name} is not one bit`);
  }
  for (const struct of abi.structs) {
    try {
      structBytes(struct);
    } catch (error) {
      faults.push(error.message);
    }
  }
  return [...faults, ...abi.calls.flatMap((call, at) => callFaults(abi, call, at))];
}

/** The ABI; throws an Error that lists all faults. */
export function readAbi() {
  const abi = readJson('schemas/kernel-abi.json');
  const faults = abiFaults(abi);
  if (faults.length > 0) throw new Error(`schemas/kernel-abi.json:\n  ${faults.join('\n  ')}`);
  return abi;
}
