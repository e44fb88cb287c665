// What validation costs, from a hundred to a hundred thousand nodes.
import type { FlowIR } from '@basalt/ir';
import { validateFlow } from '@basalt/validator';
import type { ReportCase } from '../bench-case.js';
import { chainFlow } from '../chain-flow.js';

const SIZES = [100, 1_000, 10_000, 100_000];
const ROUNDS = 15;

export const validateFlows: ReportCase = {
  name: 'validate',
  about: 'validateFlow on a chain of n nodes: median and spread, and the cost a node',
  async report() {
    for (let i = 0; i < 20; i += 1) validateFlow(chainFlow(1_000));
    return SIZES.map((size) => line(size, chainFlow(size)));
  },
};

function line(size: number, flow: FlowIR): string {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    const findings = validateFlow(flow);
    samples.push(performance.now() - start);
    if (findings.length > 0) throw new Error(`unexpected ${findings[0]!.code}`);
  }
  samples.sort((a, b) => a - b);
  const at = (q: number) => samples[Math.round((ROUNDS - 1) * q)]!;
  const each = ((at(0.5) / size) * 1e3).toFixed(2);
  return `${size} nodes: n ${ROUNDS}, median ${at(0.5).toFixed(2)} ms (${at(0.1).toFixed(2)} - ${at(0.9).toFixed(2)}), ${each} us a node`;
}
