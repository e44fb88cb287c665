import { memoryKv } from '@basalt/capabilities';

export const act = () => memoryKv({ maxValueBytes: 16 }).put('page', new Uint8Array(17));
