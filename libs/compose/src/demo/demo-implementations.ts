// Small components for examples and fixtures: echo, set, is_even, gt, fail, delay, cleanup.
import type { Component } from '../run/component.js';
import { ComposeError } from '../run/compose-error.js';
import { runShielded } from '../run/shielded-slot.js';
import { defineContract } from '../contracts/define-contract.js';

const set: Component = { id: 'lcod://impl/set@1', handler: (input) => input };

const echo = defineContract('lcod://impl/echo@1', (input) => ({
  val: input.value('value') ?? null,
}));

const isEven = defineContract('lcod://impl/is_even@1', (input) => {
  const value = input.value('value');
  if (typeof value === 'bigint') return { ok: value % 2n === 0n };
  return typeof value === 'number'
    ? { ok: value % 2 === 0 }
    : input.refuse('value', 'a number', value);
});

const greater = defineContract('lcod://impl/gt@1', (input) => {
  const [value, limit] = [input.value('value'), input.value('limit')];
  if (typeof value !== 'number') return input.refuse('value', 'a number', value);
  return typeof limit === 'number'
    ? { ok: value > limit }
    : input.refuse('limit', 'a number', limit);
});

const fail = defineContract('lcod://impl/fail@1', (input) => {
  const message = input.optionalText('message') ?? 'It failed, as it was told to.';
  throw new ComposeError(
    input.optionalText('code') ?? 'demo_failure',
    message,
    input.value('data'),
  );
});

/** Gives `value` back after `ms` milliseconds; a cancellation ends the wait. */
const delay = defineContract('lcod://impl/delay@1', (input, call) => {
  const ms = input.whole('ms', 0, 2 ** 31 - 1) ?? 0;
  const value = input.value('value') ?? null;
  const { signal } = call;
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve({ value });
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
});

/** Runs its slot `body`, and its slot `cleanup` when the step has ended, however it ended. */
const cleanup = defineContract('lcod://impl/cleanup@1', (_input, call) => {
  call.defer(() => runShielded(call, 'cleanup'));
  return call.hasSlot('body') ? call.runSlot('body') : {};
});

export const DEMO_IMPLEMENTATIONS: readonly Component[] = [
  set,
  echo,
  isEven,
  greater,
  fail,
  delay,
  cleanup,
];
