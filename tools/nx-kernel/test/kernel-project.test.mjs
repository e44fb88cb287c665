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
  });
});

test.each([
  ['{"name": "a", "layer": "core", "use": []}', /^kernels\/a\/kernel.json: "use" is unknown/],
  ['{"layer": "core"}', /"name" must be the name/],
  ['{"name": "a", "layer": "toString"}', /"layer" must be one of include, runtime/],
  ['{"name": "a", "layer": "core", "uses": "b"}', /"uses" must list folders/],
  ['{"name": "a", "layer": "core", "machines": [1]}', /"machines" must list target triples/],
  ['{"name": ', /^kernels\/a\/kernel.json: /],
])('%s is refused', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('a project that is used must be there', () => {
  const root = makeFolder({
    'kernels/a/kernel.json': '{"name": "a", "layer": "core", "uses": ["b"]}',
  });
  expect(() => withUsed(readKernelProjects(root), 'a')).toThrow(
    'kernels/b is used but has no kernel.json',
  );
});
