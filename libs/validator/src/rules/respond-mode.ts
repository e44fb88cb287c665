// DAG102: a host can answer in the way that a trigger asks for.
import { diagnostic } from '@basalt/diagnostics';
import { RESPOND_MODES, type Profile } from '@basalt/ir';
import type { Rule } from '../rule.js';

type RespondMode = (typeof RESPOND_MODES)[number];

/** What each profile can do. Only a server has a caller on the line that can read a stream; a queue
 * worker has no caller at all. */
const MODES: Readonly<Record<Profile, readonly RespondMode[]>> = {
  web: RESPOND_MODES,
  dev: RESPOND_MODES,
  queue: ['accepted'],
  temporal: ['value', 'accepted'],
  wasm: ['value', 'accepted'],
  metal: ['value', 'accepted'],
};

/** The 0.1 contract, section 2: DAG102. An HTTP trigger that names no mode answers with a value. */
export const respondMode: Rule = {
  name: 'respond-mode',
  codes: ['DAG102'],
  check({ index, profile, atNode, report }) {
    for (const trigger of index.triggers) {
      const spec = trigger.node.trigger;
      const respond = spec?.respond ?? (spec?.kind === 'http' ? 'value' : undefined);
      if (respond === undefined || MODES[profile].includes(respond)) continue;
      const params = { node: trigger.node.alias, respond, profile };
      report(diagnostic.DAG102(params, atNode(trigger, 'trigger', 'respond')));
    }
  },
};
