// lcod://flow/foreach@1: slot `body` for each item of `list` (a list; a text gives its characters), or for
// each chunk of `stream`, with $slot.item and $slot.index. Every iteration starts from the state before the
// loop. Without items, slot `else` with index -1. The result is `results`: what collectPath finds in each
// iteration, or the items.
import type { Value } from '@basalt/ir';
import type { Component } from '../run/component.js';
import { isPending } from '../run/maybe-promise.js';
import { Pace } from '../run/pace.js';
import type { State } from '../run/state.js';
import type { Call } from '../run/call.js';
import { LoopResults } from './loop-results.js';
import { wrongInput } from './operator-input.js';

const ID = 'lcod://flow/foreach@1';

export const foreachOperator: Component = {
  id: ID,
  handler: (input, call) => overList(itemsOf(input), call),
};

function itemsOf(input: State): readonly Value[] {
  const list = input['list'] ?? [];
  if (Array.isArray(list)) return list as readonly Value[];
  if (typeof list === 'string') return [...list];
  throw wrongInput(ID, 'list', 'a list', list);
}

function overList(items: readonly Value[], call: Call): State | Promise<State> {
  const loop = new LoopResults(call);
  if (items.length === 0) return otherwise(call, loop);
  const pace = new Pace();
  for (let i = 0; i < items.length; i += 1) {
    const ended = loop.iterate('body', items[i]!, i);
    if (isPending(ended) || (!ended && pace.isDue())) {
      return overRest(items, i + 1, ended, call, loop, pace);
    }
    if (ended) break;
  }
  return { results: loop.results };
}

async function overRest(
  items: readonly Value[],
  from: number,
  pending: Promise<boolean> | boolean,
  call: Call,
  loop: LoopResults,
  pace: Pace,
): Promise<State> {
  if (await pending) return { results: loop.results };
  for (let i = from; i < items.length; i += 1) {
    if (pace.isDue()) await pace.turn();
    call.ensureNotCancelled();
    const ended = loop.iterate('body', items[i]!, i);
    if (isPending(ended) ? await ended : ended) break;
  }
  return { results: loop.results };
}

function otherwise(call: Call, loop: LoopResults): State | Promise<State> {
  if (!call.hasSlot('else')) return { results: [] };
  const done = () => ({ results: loop.results });
  const ended = loop.iterate('else', null, -1);
  return isPending(ended) ? ended.then(done) : done();
}
