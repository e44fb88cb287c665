import { defineFlow } from '@basalt/flow-dsl';

const dedupe = {
  putIfAbsent: () => Promise.reject(new Error('the store is locked')),
  forget: () => Promise.resolve(),
};

const flow = defineFlow('transfer_money', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const transfer = f.activity('transfer', {
    summary: 'Books one transfer; a repeat of its id changes nothing.',
    uses: ['resource::dedupe::write'],
    idempotency: { key: '/id', ttlMs: 600_000 },
    run: (order) => order.id,
  });
  f.connect(request, transfer, { delivery: 'exactly_once' });
});

export const run = { flow, payload: { id: 7 }, host: { capabilities: { dedupe } } };
