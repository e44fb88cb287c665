// lcod://flow/if@1: slot `then` where `cond` holds, else slot `else`, which may be absent. The result is the
// state of the slot that ran.
import type { Component } from '../run/component.js';
import { isTruthy } from './operator-input.js';

export const ifOperator: Component = {
  id: 'lcod://flow/if@1',
  handler: (input, call) => {
    if (isTruthy(input['cond'])) return call.runSlot('then');
    return call.hasSlot('else') ? call.runSlot('else') : {};
  },
};
