import { Registry } from 'prom-client';
import { prometheusName, PrometheusSink } from './prometheus-sink.js';

function made() {
  const registry = new Registry();
  return { registry, sink: new PrometheusSink(registry, { 'basalt.x.a_total': 'What a counts' }) };
}

describe('PrometheusSink', () => {
  it('adds up counts and keeps levels, by their labels', async () => {
    const { registry, sink } = made();
    sink.counter('basalt.x.a_total', { kind: 'one' }).add(1);
    sink.counter('basalt.x.a_total', { kind: 'one' }).add(2);
    sink.counter('basalt.x.a_total', { kind: 'two "quoted"\n' }).add(1);
    sink.gauge('basalt.x.level', {}).set(5);
    sink.gauge('basalt.x.level', {}).set(-1);
    const expected = [
      '# HELP basalt_x_a_total What a counts',
      '# TYPE basalt_x_a_total counter',
      'basalt_x_a_total{kind="one"} 3',
      'basalt_x_a_total{kind="two \\"quoted\\"\\n"} 1',
      '',
      '# HELP basalt_x_level basalt.x.level',
      '# TYPE basalt_x_level gauge',
      'basalt_x_level -1',
      '',
    ];
    expect(await registry.metrics()).toBe(expected.join('\n'));
    // Reading it once more counts nothing twice.
    expect(await registry.metrics()).toBe(expected.join('\n'));
  });

  it('sorts times into buckets', async () => {
    const { registry, sink } = made();
    for (const ms of [0.1, 3, 3, 40_000]) sink.histogram('basalt.x.ms', { node: 'a' }).observe(ms);
    const text = await registry.metrics();
    expect(text).toContain('basalt_x_ms_bucket{le="0.25",node="a"} 1\n');
    expect(text).toContain('basalt_x_ms_bucket{le="5",node="a"} 3\n');
    expect(text).toContain('basalt_x_ms_bucket{le="30000",node="a"} 3\n');
    expect(text).toContain('basalt_x_ms_bucket{le="+Inf",node="a"} 4\n');
    expect(text).toContain('basalt_x_ms_sum{node="a"} 40006.1\n');
  });

  it('writes names as Prometheus does', () => {
    expect(prometheusName('basalt.host.sse_clients')).toBe('basalt_host_sse_clients');
  });
});
