// lcod://flow/break@1 and continue@1 leave slots up to the loop around them; check_abort@1 fails where the
// execution was cancelled.
import type { Component } from '../run/component.js';
import { LoopSignal } from '../run/compose-error.js';

export const breakOperator: Component = {
  id: 'lcod://flow/break@1',
  handler: () => {
    throw LoopSignal.BREAK;
  },
};

export const continueOperator: Component = {
  id: 'lcod://flow/continue@1',
  handler: () => {
    throw LoopSignal.CONTINUE;
  },
};

export const checkAbortOperator: Component = {
  id: 'lcod://flow/check_abort@1',
  handler: (_input, call) => {
    call.ensureNotCancelled();
    return {};
  },
};
