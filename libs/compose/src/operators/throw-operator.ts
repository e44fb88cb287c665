// lcod://flow/throw@1: fails with `message`, `code` and `data`.
import type { Component } from '../run/component.js';
import { ComposeError } from '../run/compose-error.js';
import { wrongInput } from './operator-input.js';

const ID = 'lcod://flow/throw@1';

export const throwOperator: Component = {
  id: ID,
  handler: (input) => {
    const { message = 'Flow throw', code = 'flow_throw', data } = input;
    if (typeof message !== 'string') throw wrongInput(ID, 'message', 'a text', message);
    if (typeof code !== 'string') throw wrongInput(ID, 'code', 'a text', code);
    throw new ComposeError(code, message, data ?? undefined);
  },
};
