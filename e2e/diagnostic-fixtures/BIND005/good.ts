import { parseBind } from '@basalt/capabilities';

export const act = () => parseBind('kv=disk:./data');
