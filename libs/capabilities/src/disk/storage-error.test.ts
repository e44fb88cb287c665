import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { storageError } from './storage-error.js';

describe('storageError', () => {
  it.each([
    [Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }), 'CAP107'],
    [Object.assign(new Error('EDQUOT'), { code: 'EDQUOT' }), 'CAP107'],
    [new Error('MDB_MAP_FULL: Environment mapsize limit reached'), 'CAP107'],
    [Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }), 'CAP109'],
    ['a text', 'CAP109'],
  ])('%s is %s', (cause, code) => {
    const error = storageError('kv.put', 'data', cause);
    expect([error.diagnostic.code, error.cause]).toEqual([code, cause]);
  });

  it('passes a coded error through', () => {
    const coded = new DiagnosticError([diagnostic.CAP108({ call: 'kv.put' })]);
    expect(storageError('kv.put', 'data', coded)).toBe(coded);
  });
});
