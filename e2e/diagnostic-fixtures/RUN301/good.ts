import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('count_clicks', { version: '1.0.0' }, (f) => {
  const click = f.trigger('click');
  const count = f.inline('count', { run: (closed) => closed.items.length });
  f.window(click, count, '/at' as never, { sizeMs: 60_000, allowedLatenessMs: 0 });
});

export const run = { flow, payload: { at: 1000 } };
