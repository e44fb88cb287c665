import { compilePlan } from '@basalt/executor';
import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('teleport', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const store = f.inline('store', { run: (page) => page });
  f.connect(request, store);
});

// A document of a later version, which the loader of this one would refuse, handed over unchecked.
const surface = { id: 'teleport:0', kind: 'teleport', targets: ['store'] };
const later = { ...flow.ir, control_surfaces: [surface] } as unknown as typeof flow.ir;

export const act = () => void compilePlan({ ir: later, handlers: flow.handlers });
