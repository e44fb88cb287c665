import { newRunId } from './run-ids.js';

test('ids are version 4 UUIDs, and none comes twice', () => {
  const ids = Array.from({ length: 10_000 }, () => newRunId());
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(ids.filter((id) => !form.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every digit takes every value that it may', () => {
  const seen = Array.from({ length: 36 }, () => new Set<string>());
  for (let i = 0; i < 2_000; i += 1) {
    const id = newRunId();
    for (let at = 0; at < id.length; at += 1) seen[at]!.add(id[at]!);
  }
  const counts = seen.map(({ size }) => size);
  const [eight, four, twelve] = [8, 4, 12].map((length) => Array<number>(length).fill(16));
  const third = [1, 16, 16, 16];
  const fourth = [4, 16, 16, 16];
  expect(counts).toEqual([...eight!, 1, ...four!, 1, ...third, 1, ...fourth, 1, ...twelve!]);
});
