// Where a Redis server is: what a binding says about it, and what of that may be shown.

/** The longest address that is read. */
const LONGEST_ADDRESS = 1000;

/** Why the text is no address of a Redis server; undefined when it is one. A password is refused: a
 * binding is kept in lock files and shown in messages. */
export function redisAddressProblem(text: string): string | undefined {
  const example = 'it needs an address, as in redis:redis://127.0.0.1:6379/0';
  if (text.length > LONGEST_ADDRESS || !URL.canParse(text)) return example;
  const { protocol, hostname, password, pathname, search, hash } = new URL(text);
  if ((protocol !== 'redis:' && protocol !== 'rediss:') || hostname === '') return example;
  if (password !== '') {
    return 'its address holds a password, which would be kept in lock files; name the variable that holds it instead, as in redis:redis://HOST:6379,password=REDIS_PASSWORD';
  }
  if (!/^(\/\d{0,5})?$/.test(pathname)) return 'after the host comes only the number of a database';
  if (search !== '' || hash !== '') return 'its address holds more than host, port and database';
  return undefined;
}

/** The server for messages: host, port and database. */
export function shownAddress(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname === '/' ? '' : pathname}`;
}
