// Compares all findings of a flow, whole: a test that expects one finding also expects no other.
import type { FlowIR } from '@basalt/ir';
import { validateFlow } from '../validate-flow.js';
import type { ValidateOptions } from '../validate-options.js';

export interface ExpectedFinding {
  readonly code: string;
  readonly message: string;
  readonly pointer: string | undefined;
}

/** The flow has exactly these findings, in this order. */
export function expectFindings(
  flow: FlowIR,
  expected: readonly ExpectedFinding[],
  options: ValidateOptions = {},
): void {
  const found = validateFlow(flow, options).map(({ code, message, location }) => ({
    code,
    message,
    pointer: location?.pointer,
  }));
  expect(found).toEqual(expected);
}

/** The flow has exactly these findings of the given codes; other codes may occur. */
export function expectFindingsOf(
  codes: readonly string[],
  flow: FlowIR,
  expected: readonly ExpectedFinding[],
  options: ValidateOptions = {},
): void {
  const found = validateFlow(flow, { maxFindings: 10_000, ...options })
    .filter(({ code }) => codes.includes(code))
    .map(({ code, message, location }) => ({ code, message, pointer: location?.pointer }));
  expect(found).toEqual(expected);
}
