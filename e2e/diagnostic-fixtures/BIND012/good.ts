import { contentHash, generateLock, verifyLock } from '@basalt/capabilities';

const { lock } = generateLock({
  flowId: 'read_profile',
  requiredHints: ['resource::kv::read'],
  binds: ['kv=memory'],
});
const changed = { ...lock, generated_at: '2024-06-01T00:00:00Z' };
const text = JSON.stringify({ ...changed, content_hash: contentHash(changed) });

export const act = () => verifyLock(text);
