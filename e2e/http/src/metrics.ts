// What a host says of itself at /metrics.
import type { Served } from './served-process.js';

/** Sum of all series of a metric whose labels hold `labels`; 0 where there is none. */
export async function metric({ url }: Served, name: string, labels = ''): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  let sum = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${name}{`) && !line.startsWith(`${name} `)) continue;
    const at = line.lastIndexOf(' ');
    if (line.slice(name.length, at).includes(labels)) sum += Number(line.slice(at + 1));
  }
  return sum;
}

/** Asks again and again until it is so. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
