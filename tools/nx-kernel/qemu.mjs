// Runs one guest in QEMU to its end: what it printed on the serial line, the exit status, and where a
// guest that hangs was found.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachDevices } from './devices.mjs';

/** A guest that prints more than this is taken for one that never ends. */
const OUTPUT_MAX = 4 * 2 ** 20;

/** Asks QEMU's monitor for the registers; '' where it does not answer. */
function registersOf(socketPath) {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(socketPath);
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      // What comes before is the monitor's echo.
      resolve(text.slice(Math.max(0, text.indexOf('CPU#0'))).replace(/\(qemu\) $/, ''));
    };
    const timer = setTimeout(end, 10_000);
    socket.once('error', end);
    socket.on('data', (chunk) => {
      text += chunk;
      // The prompt comes once at the start and once behind the answer.
      if (text.split('(qemu) ').length > 2) end();
    });
    socket.write('info registers\n');
  });
}

/** Runs QEMU. `hung` is set, with registers, where the guest was ended after `seconds`. */
export async function runGuest(machine, guest) {
  const { image, workload, commandLine, memory, cpus, devices, seconds } = guest;
  const folder = mkdtempSync(join(tmpdir(), 'basalt-boot-'));
  const monitor = join(folder, 'monitor');
  const attached = await attachDevices(devices, folder);
  const args = [
    ...machine.args,
    ...['-m', `${memory}M`, '-smp', `${cpus}`],
    ...['-serial', 'stdio', '-kernel', image, '-append', commandLine],
    ...['-chardev', `socket,id=monitor,path=${monitor},server=on,wait=off`],
    ...['-mon', 'chardev=monitor'],
    ...attached.args,
    ...(workload === undefined ? [] : ['-initrd', workload]),
  ];
  const child = spawn(machine.program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let hung = false;
  let registers = '';
  const stop = async () => {
    if (hung) return;
    hung = true;
    registers = await registersOf(monitor);
    child.kill('SIGKILL');
  };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk.toString('latin1');
      if (output.length > OUTPUT_MAX) void stop();
    });
  const timer = setTimeout(stop, seconds * 1000);
  const status = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += `${error.message}\n`;
      resolve(null);
    });
    child.once('close', resolve);
  });
  clearTimeout(timer);
  attached.close();
  rmSync(folder, { recursive: true, force: true });
  return { status, output, hung, registers };
}
