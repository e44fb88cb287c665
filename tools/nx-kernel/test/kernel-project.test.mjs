// Descriptions of kernel projects: what is wrong with one is said with its file.
import { readKernelProject, readKernelProjects, withUsed } from '../kernel-project.mjs';
import { makeFolder, removeFolders } from './workspace.mjs';

afterAll(removeFolders);

const read = (text) => readKernelProject(makeFolder({ 'kernels/a/kernel.json': text }), 'a');

test('a description is read', () => {
  expect(read('{"name": "a", "layer": "core", "uses": ["b"], "machines": ["wasm32"]}')).toEqual({
    folder: 'a',
    root: 'kernels/a',
    name: 'a',
    layer: 'core',
    uses: ['b'],
    machines: ['wasm32'],
    link: undefined,
    boots: [],
  });
});

const LINK = { script: 'a.ld', images: { k: [] } };
const arch = (link, boots) => JSON.stringify({ name: 'a', layer: 'arch', link, boots });

test.each([
  ['{"name": "a", "layer": "core", "use": []}', /^kernels\/a\/kernel.json: "use" is unknown/],
  ['{"layer": "core"}', /"name" must be the name/],
  ['{"name": "a", "layer": "toString"}', /"layer" must be one of include, base/],
  ['{"name": "a", "layer": "core", "uses": "b"}', /"uses" must list folders/],
  ['{"name": "a", "layer": "core", "machines": [1]}', /"machines" must list target triples/],
  [arch({}), /"link.script" must be a linker script/],
  [arch({ script: 'a.ld', images: {} }), /"link.images" must give each image the list/],
  [arch({ script: 'a.ld', images: { k: 'b' } }), /"link.images" must give each image the list/],
  [arch({ script: 'a.ld', images: { k: [] }, flat: 1 }), /"link.flat" must be true or false/],
  [arch({ scripts: 'a.ld' }), /"link" has "scripts"; known are script, images, flat/],
  [arch(LINK, [{ machine: 'pc', image: 'k' }]), /"boots" 0 must name a machine: microvm, q35/],
  [arch(LINK, [{ machine: 'q35', image: 'j' }]), /"boots" 0 must name an image of "link.images"/],
  [arch(undefined, [{ machine: 'q35', image: 'k' }]), /"boots" 0 must name an image/],
  [
    arch(LINK, [{ machine: 'q35', image: 'k', workload: 'w' }]),
    /"boots" 0 must name its workload as FOLDER\/IMAGE/,
  ],
  [arch(LINK, [{ machine: 'q35', image: 'k', memory: 0.5 }]), /"boots" 0: "memory" must be MiB/],
  [
    arch(LINK, [{ machine: 'q35', image: 'k', expects: 1 }]),
    /"boots" 0: "expects" must list texts/,
  ],
  [arch(LINK, [{ machine: 'q35', image: 'k', cpus: 9 }]), /"boots" 0: "cpus" must be 1 to 8/],
  [
    arch(LINK, [{ machine: 'q35', image: 'k', devices: ['disk'] }]),
    /"boots" 0: "devices" must list some of entropy, block, files, console, network/,
  ],
  [arch(LINK, [{ machine: 'q35', image: 'k', disk: 2 }]), /"boots" 0 has "disk"; known are/],
  ['{"name": ', /^kernels\/a\/kernel.json: /],
])('%s is refused', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('images and boots are read, with their defaults', () => {
  const { link, boots } = read(arch(LINK, [{ machine: 'q35', image: 'k', workload: 'w/w' }]));
  expect(link).toEqual({ ...LINK, flat: false });
  expect(boots).toEqual([
    {
      ...{ machine: 'q35', image: 'k', workload: 'w/w', commandLine: '' },
      ...{ memory: 64, cpus: 1, devices: [], expects: [], seconds: 180 },
    },
  ]);
});

test('a project that is used must be there', () => {
  const root = makeFolder({
    'kernels/a/kernel.json': '{"name": "a", "layer": "core", "uses": ["b"]}',
  });
  expect(() => withUsed(readKernelProjects(root), 'a')).toThrow(
    'kernels/b is used but has no kernel.json',
  );
});
