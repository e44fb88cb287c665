import { RecordTable } from './record-table.js';

describe('RecordTable', () => {
  it.each([0, 1, 3, 12, 13, 500])('finds each of %d records, in their order', (count) => {
    const table = new RecordTable<{ readonly name: string }>(({ name }) => name);
    const records = Array.from({ length: count }, (_, i) => ({ name: `n${i}` }));
    for (const record of records) table.add(record);
    expect(table.size).toBe(count);
    expect(table.values()).toEqual(records);
    for (const record of records) expect(table.get(record.name)).toBe(record);
    expect(table.get('other')).toBeUndefined();
    expect(table.get('__proto__')).toBeUndefined();
  });
});
