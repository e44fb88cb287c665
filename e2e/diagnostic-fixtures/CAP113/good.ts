import { secretStore } from '@basalt/capabilities';

const values = { pay_key: 'k1', mail_key: 'k2' };

export const act = () => secretStore({ allow: ['pay_key'], values }).get('pay_key');
