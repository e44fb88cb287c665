// Nx executor `boot`: starts the images of an architecture in QEMU, case by case as its kernel.json lists
// them. A case passes when the guest powered off with code 0, said so, and all of its TAP results are
// good. For one that fails it shows the end of the serial line with the addresses named, and the
// registers of a guest that hangs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { imageFiles } from './images.mjs';
import { readKernelProjects } from './kernel-project.mjs';
import { MACHINES } from './machines.mjs';
import { runGuest } from './qemu.mjs';
import { symbolizer, withNames } from './symbols.mjs';
import { readTap } from './tap.mjs';
import { mapAtOnce } from './toolchain.mjs';

const TAIL_LINES = 60;

/** Makes sure that QEMU is there; false after it was said which Debian packages it takes. */
function ensureQemu(root) {
  const script = join(root, 'tools/setup/ensure-qemu.sh');
  return spawnSync('sh', [script], { stdio: 'inherit' }).status === 0;
}

/** What is wrong with how a guest ended; undefined when all is right. `expects` lists texts that must
 * be in what it printed. */
export function guestFault({ status, output, hung }, code, expects = []) {
  if (hung) return 'hung';
  if (code === undefined) return `ended without a code of its own (status ${status})`;
  if (code !== 0) return `powered off with code ${code}`;
  if (!output.includes('stage off: code 0')) return 'ended without saying "stage off: code 0"';
  const text = output.replaceAll('\r', '');
  if (!/^(not )?ok\b/m.test(text)) return 'printed no test';
  const { failed } = readTap(text, 0);
  if (failed > 0) return `${failed} of its tests failed`;
  const missing = expects.find((each) => !text.includes(each));
  return missing === undefined ? undefined : `did not print "${missing}"`;
}

/** The tests that failed and the end of what a guest printed, with names for addresses; and where one that hangs was found. */
export function guestReport(machine, { output, hung, registers }, symbolizers) {
  const lines = output.replaceAll('\r', '').trimEnd().split('\n');
  // Failed tests may be far above the end.
  const failed = lines.slice(0, -TAIL_LINES).filter((line) => /^(not ok|# )/.test(line));
  const shown = [...failed, ...lines.slice(-TAIL_LINES)];
  const report = [withNames(shown.join('\n'), symbolizers)];
  if (hung) {
    const counter = machine.programCounter.exec(registers)?.[1];
    report.push(
      counter === undefined
        ? 'QEMU did not tell the registers'
        : withNames(`hung at 0x${counter.padStart(16, '0')}`, symbolizers),
    );
    report.push(registers.replaceAll('\r', '').trim());
  }
  return report.join('\n');
}

async function bootCase(root, projects, project, each) {
  const machine = MACHINES[each.machine];
  const files = imageFiles(project, machine.triple, each.image);
  const [folder, name] = each.workload?.split('/') ?? [];
  const workload =
    folder === undefined ? undefined : imageFiles(projects.get(folder), machine.triple, name);
  const guest = await runGuest(machine, {
    image: join(root, files[machine.file]),
    workload: workload && join(root, workload.elf),
    commandLine: each.commandLine,
    memory: each.memory,
    cpus: each.cpus,
    devices: each.devices,
    seconds: each.seconds,
  });
  const fault = guestFault(guest, machine.codeOf(guest.status), each.expects);
  const size = `${each.memory} MiB${each.cpus > 1 ? ` ${each.cpus} CPUs` : ''}`;
  const title = [each.machine, each.image, each.workload, each.commandLine, size]
    .filter((part) => part)
    .join(' ');
  const counts = readTap(guest.output.replaceAll('\r', ''), 0);
  if (fault === undefined) {
    console.log(`${title}: ${counts.passed} passed`);
    return { passed: counts.passed, failed: 0 };
  }
  const symbolizers = [files, workload]
    .filter((used) => used !== undefined)
    .map(({ symbols }) => symbolizer(readFileSync(join(root, symbols), 'utf8')));
  console.error(`${title}: ${fault}\n${guestReport(machine, guest, symbolizers)}\n`);
  return { passed: counts.passed, failed: Math.max(1, counts.failed) };
}

/** The executor. */
export default async function boot(_options, context) {
  if (!ensureQemu(context.root)) return { success: false };
  const projects = readKernelProjects(context.root);
  const { root: projectRoot } = context.projectsConfigurations.projects[context.projectName];
  const project = projects.get(basename(projectRoot));
  const results = await mapAtOnce(project.boots, (each) =>
    bootCase(context.root, projects, project, each),
  );
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const counts = { passed: sum('passed'), failed: sum('failed'), skipped: 0 };
  mkdirSync(join(context.root, 'dist/test-results'), { recursive: true });
  const file = join(context.root, 'dist/test-results', `${context.projectName}-boot.json`);
  writeFileSync(file, `${JSON.stringify(counts)}\n`);
  return { success: counts.failed === 0 && counts.passed > 0 };
}
