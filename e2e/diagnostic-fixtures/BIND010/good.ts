import { generateLock, verifyLock } from '@basalt/capabilities';

const { text } = generateLock({ flowId: 'greet', requiredHints: [], binds: [] });

export const act = () => verifyLock(text);
