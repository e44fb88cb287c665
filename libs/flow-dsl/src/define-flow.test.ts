import { flowId } from '@basalt/ir';
import { defineFlow, isFlow, t } from './index.js';

const Order = t.Named('Order', t.Object({ id: t.String(), total: t.Number() }));
const Priced = t.Object({ id: t.String(), total: t.Number(), tax: t.Number() });

function checkout() {
  return defineFlow('checkout', { version: '1.0.0', profile: 'web' }, (f) => {
    const request = f.trigger('request', {
      output: Order,
      http: { method: 'POST', route: '/checkout' },
      deadlineMs: 2000,
    });
    const price = f.inline('price', {
      input: Order,
      output: Priced,
      run: (order) => ({ ...order, tax: order.total * 0.2 }),
    });
    const respond = f.inline('respond', { input: Priced, output: Priced, run: (priced) => priced });
    f.connect(request, price);
    f.connect(price, respond, { maxItems: 4 });
    return f.capture(request, respond);
  });
}

describe('defineFlow', () => {
  it('writes the whole document of a small flow', () => {
    const { ir, handlers } = checkout();
    const spans = ir.nodes.map(({ source, code_hash }) => [source?.file, typeof code_hash]);
    const file = 'src/define-flow.test.ts';
    expect(spans).toEqual([
      [file, 'undefined'],
      [file, 'string'],
      [file, 'string'],
    ]);
    expect(ir.edges).toEqual([
      { from: 'request', to: 'price', delivery: 'at_least_once', ordering: 'ordered', buffer: {} },
      {
        from: 'price',
        to: 'respond',
        delivery: 'at_least_once',
        ordering: 'ordered',
        buffer: { max_items: 4 },
      },
    ]);
    expect([...handlers.keys()]).toEqual([
      'checkout::request',
      'checkout::price',
      'checkout::respond',
    ]);
    expect(isFlow(checkout())).toBe(true);
    expect(ir.id).toBe(flowId('checkout', '1.0.0'));
  });
});
