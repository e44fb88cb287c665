// Is loaded before a program (node --import) and makes its wall clock jump: the file beside it, `offset`,
// says by how many milliseconds it is off. Clocks that only go forward stay as they are.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('offset', import.meta.url));
const SystemDate = Date;

function now(): number {
  return SystemDate.now() + Number(readFileSync(file, 'utf8'));
}

globalThis.Date = new Proxy(SystemDate, {
  construct: (target, args: number[], self) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, self) as Date,
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});
