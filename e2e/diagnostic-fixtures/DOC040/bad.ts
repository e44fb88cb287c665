import { valueFromJson } from '@basalt/ir';

export const act = () => valueFromJson({ photo: { $bytes: 'not base64!' } });
