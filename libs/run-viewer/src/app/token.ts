// The bearer token of a host that asks for one. It is kept for this tab only.

const KEY = 'basalt-token';

export function currentToken(): string {
  return sessionStorage.getItem(KEY) ?? '';
}

export function rememberToken(token: string): void {
  if (token === '') sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}
