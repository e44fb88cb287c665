import { contentHash, generateLock, verifyLock } from '@basalt/capabilities';

const { lock } = generateLock({
  flowId: 'read_profile',
  requiredHints: ['resource::kv::read'],
  binds: ['kv=memory'],
});
const changed = {
  ...lock,
  instances: { kv_memory: { ...lock.instances['kv_memory']!, isolation: [] } },
};
const text = JSON.stringify({ ...changed, content_hash: contentHash(changed) });

export const act = () => verifyLock(text);
