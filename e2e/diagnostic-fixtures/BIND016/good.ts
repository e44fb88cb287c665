import { contentHash, generateLock, verifyLock } from '@basalt/capabilities';

const { lock } = generateLock({
  flowId: 'read_profile',
  requiredHints: ['resource::kv::read'],
  binds: ['kv=memory'],
});
const changed = {
  ...lock,
  flows: { read_profile: { use: { 'resource::kv::read': 'kv_memory' } } },
};
const text = JSON.stringify({ ...changed, content_hash: contentHash(changed) });

export const act = () => verifyLock(text);
