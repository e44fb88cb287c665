import { generateLock } from '@basalt/capabilities';

export const act = () =>
  generateLock({
    flowId: 'read_profile',
    requiredHints: ['resource::kv::read'],
    binds: ['kv=memory'],
  });
