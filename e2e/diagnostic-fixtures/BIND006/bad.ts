import { generateLock } from '@basalt/capabilities';

export const act = () =>
  generateLock({
    flowId: 'read_profile',
    requiredHints: ['resource::kv::read'],
    binds: ['kv.read=memory', 'kv.write=disk:./data'],
  });
