// Writes all that speaks of the ABI; --check compares.
import { formatted, writeOrCheck } from '@basalt/generate';
import { cHeader, cStubs } from './c-header.mjs';
import { cRules } from './c-rules.mjs';
import { cParameter, cWord } from './c-types.mjs';
import { readAbi } from './read-abi.mjs';
import { referencePage } from './reference-page.mjs';
import { tsConstants } from './ts-constants.mjs';

const abi = readAbi();
const pages = await formatted(
  new Map([
    ['docs/reference/kernel-abi.md', referencePage(abi)],
    ['tools/kernel-abi/src/generated/kernel-abi.ts', tsConstants(abi)],
  ]),
);
writeOrCheck(
  new Map([
    ...pages,
    ['kernels/include/basalt/kernel-abi.h', cHeader(abi)],
    ['kernels/user/include/basalt/system-calls.h', cStubs(abi, { cParameter, cWord })],
    ['kernels/core/src/generated/call-rules.c', cRules(abi)],
  ]),
);
