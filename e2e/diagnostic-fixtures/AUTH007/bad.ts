import { defineFlow } from '@basalt/flow-dsl';

const billing = (name: string) =>
  defineFlow(name, { version: '1.0.0' }, (f) => {
    const request = f.trigger('request');
    const total = f.inline('total', { run: (amount: number) => amount * 1.2 });
    f.connect(request, total);
    return f.capture(request, total);
  });

export const act = () =>
  defineFlow('bill', { version: '1.0.0' }, (f) => {
    const request = f.trigger('request');
    const net = f.subflow('net', billing('billing'));
    const gross = f.subflow('gross', billing('billing'));
    f.connect(request, net);
    f.connect(net, gross);
  });
